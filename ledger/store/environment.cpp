// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/environment.h"

#include <lmdb.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "ledger/store/environment_error.h"
#include "ledger/store/meta_pages.h"
#include "ledger/store/shared_by_directory.h"

namespace holdfast::store {
namespace {

constexpr unsigned kReadersMax = 1024;
constexpr std::uint64_t kMapBytesMin = 1024 * 1024;
// Snapshots may move between threads; pages are read at random, so reading ahead buys nothing.
constexpr unsigned kFlags = MDB_NOTLS;

std::atomic<void (*)()> end_on_damage{nullptr};

void end_after_assertion(MDB_env* env, const char* assertion) {
  const char* directory = "";
  mdb_env_get_path(env, &directory);
  std::fprintf(stderr, "%s: a damaged file: %s\n", directory, assertion);
  if (void (*const end)() = end_on_damage) end();
  std::abort();
}

// As much of `wanted` as this process has addresses for. Found out before LMDB is asked: where it
// fails for want of them it has made the table of readers anew and lets go of it unfinished, and
// whoever opens beside us then sees an older state, or none.
std::uint64_t room_for(std::uint64_t wanted) {
  for (std::uint64_t bytes = wanted; bytes / 2 >= kMapBytesMin; bytes /= 2) {
    void* const room =
        mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED) continue;
    munmap(room, bytes);
    return bytes;
  }
  return wanted;
}

}  // namespace

void set_end_on_damage(void (*end)()) { end_on_damage = end; }

Environment::Environment(std::string directory, std::span<const TableSpec> tables, Use use)
    : directory_(std::move(directory)), specs_(tables.begin(), tables.end()), use_(use) {}

Environment::~Environment() {
  if (env_ != nullptr) mdb_env_close(env_);
}

Result<std::shared_ptr<Environment>> Environment::open(const std::string& directory,
                                                       std::span<const TableSpec> tables,
                                                       std::uint64_t map_bytes, bool create) {
  return open_for(create ? Use::kCreate : Use::kPresent, directory, tables, map_bytes);
}

Result<std::shared_ptr<Environment>> Environment::open_still(const std::string& directory,
                                                             std::span<const TableSpec> tables) {
  return open_for(Use::kStill, directory, tables, kMapBytesDefault);
}

Result<std::shared_ptr<Environment>> Environment::open_for(Use use, const std::string& directory,
                                                           std::span<const TableSpec> tables,
                                                           std::uint64_t map_bytes) {
  return shared_by_directory<Environment>(directory, [&]() -> Result<std::unique_ptr<Environment>> {
    std::unique_ptr<Environment> environment(new Environment(directory, tables, use));
    TRY(environment->open_map(map_bytes));
    TRY(environment->open_tables(use == Use::kCreate));
    return environment;
  });
}

Result<void> Environment::open_map(std::uint64_t map_bytes) {
  // LMDB makes the file if it is missing; a reader of nothing must not.
  if (use_ != Use::kCreate) TRY(require_file(data_path()));
  // Anyone may have made it.
  if (use_ == Use::kStill) TRY(check_meta_pages(data_path()));
  const unsigned flags = kFlags | (use_ == Use::kStill ? MDB_RDONLY | MDB_NOLOCK : 0u);
  for (std::uint64_t bytes = room_for(map_bytes);; bytes /= 2) {
    if (const int code = mdb_env_create(&env_); code != 0)
      return environment_error(directory_, "preparing", code);
    mdb_env_set_maxdbs(env_, static_cast<MDB_dbi>(specs_.size()));
    mdb_env_set_maxreaders(env_, kReadersMax);
    mdb_env_set_mapsize(env_, bytes);
    mdb_env_set_assert(env_, end_after_assertion);
    const int code = mdb_env_open(env_, directory_.c_str(), flags, 0600);
    if (code == 0) break;
    mdb_env_close(env_);  // the manual asks for it, failed or not
    env_ = nullptr;
    if (code != ENOMEM || bytes / 2 < kMapBytesMin)
      return environment_error(directory_, "opening", code);
  }
  if (use_ == Use::kStill) return {};
  int dead = 0;
  mdb_reader_check(env_, &dead);  // slots of processes that were killed
  return note_files();
}

// LMDB tells of its data file which one it has open. The lock file must not be opened a second
// time, for closing that would drop LMDB's locks; so it is the one that the path names now.
Result<void> Environment::note_files() {
  mdb_filehandle_t file{};
  if (const int code = mdb_env_get_fd(env_, &file); code != 0)
    return environment_error(directory_, "opening", code);
  TRY_ASSIGN(data_file_, identity_of(file, data_path()));
  TRY_ASSIGN(lock_file_, identity_of(lock_path()));
  return {};
}

Result<void> Environment::check_in_place() const {
  if (use_ == Use::kStill) return {};
  const std::uint64_t before = data_bytes_;  // first, for others may see it grow meanwhile
  TRY_ASSIGN(const std::uint64_t bytes, store::check_in_place(data_path(), data_file_));
  for (auto most = before; bytes > most && !data_bytes_.compare_exchange_weak(most, bytes);) {
  }
  if (bytes < before)
    return Error{Code::kInvalid, "", data_path(),
                 std::to_string(bytes) + " bytes, cut short while it was open",
                 "the " + std::to_string(before) + " bytes that it had: put a backup in its place"};
  TRY(store::check_in_place(lock_path(), lock_file_));
  return {};
}

Result<void> Environment::open_tables(bool create) {
  TRY_ASSIGN(MDB_txn * txn, begin(create ? 0 : MDB_RDONLY));
  for (const TableSpec& spec : specs_) {
    MDB_dbi handle = 0;
    const unsigned flags = (create ? MDB_CREATE : 0u) | (spec.integer_keys ? MDB_INTEGERKEY : 0u);
    const int code = mdb_dbi_open(txn, spec.name, flags, &handle);
    const bool is_first = &spec == &specs_.front();
    if (code == MDB_NOTFOUND && use_ == Use::kStill && !is_first) {
      handles_.push_back(kNoTable);
      continue;
    }
    if (code != 0) {
      mdb_txn_abort(txn);
      --transactions_;
      handles_.clear();
      // A table that the program which made it did not know yet.
      if (code == MDB_NOTFOUND && !create && !is_first) return open_tables(true);
      if (code == MDB_NOTFOUND)
        return Error{Code::kNotFound, "", directory_, std::string("no table ") + spec.name,
                     "a ledger whose making was finished"};
      return environment_error(directory_, "opening a table", code);
    }
    handles_.push_back(handle);
  }
  const int code = mdb_txn_commit(txn);
  --transactions_;
  if (code != 0) return environment_error(directory_, "opening tables", code);
  return {};
}

// Another process has written beyond our map. Ours may only grow while nobody looks into it.
int Environment::follow_resized_map() {
  const std::unique_lock lock(map_mutex_);
  if (transactions_ > 0) return MDB_MAP_RESIZED;
  return mdb_env_set_mapsize(env_, 0);
}

Result<MDB_txn*> Environment::begin(unsigned flags) {
  int code = 0;
  for (int attempt = 0; attempt < 3; ++attempt) {
    MDB_txn* txn = nullptr;
    {
      const std::shared_lock lock(map_mutex_);
      code = mdb_txn_begin(env_, nullptr, flags, &txn);
      if (code == 0) {
        ++transactions_;
        return txn;
      }
    }
    if (code == MDB_MAP_RESIZED) {
      code = follow_resized_map();
      if (code != 0) break;
    } else if (code == MDB_READERS_FULL) {
      int dead = 0;
      mdb_reader_check(env_, &dead);
    } else {
      break;
    }
  }
  return environment_error(directory_, "starting a transaction", code);
}

Result<ReadTransaction> Environment::read() {
  TRY_ASSIGN(MDB_txn * txn, begin(MDB_RDONLY));
  return ReadTransaction(shared_from_this(), txn);
}

Result<WriteTransaction> Environment::write() {
  TRY_ASSIGN(MDB_txn * txn, begin(0));
  return WriteTransaction(shared_from_this(), txn);
}

Result<void> Environment::recover() {
  TRY(write());  // ends at once, without a commit
  return {};
}

Result<void> Environment::put_off_syncs() {
  const int code = mdb_env_set_flags(env_, MDB_NOSYNC, 1);
  if (code != 0) return environment_error(directory_, "putting off syncs", code);
  return {};
}

Result<void> Environment::sync() {
  int code = mdb_env_sync(env_, 1);
  if (code == 0) code = mdb_env_set_flags(env_, MDB_NOSYNC, 0);
  if (code != 0) return environment_error(directory_, "syncing", code);
  return {};
}

std::uint64_t Environment::used_bytes() const {
  MDB_envinfo info{};
  MDB_stat stat{};
  mdb_env_info(env_, &info);
  mdb_env_stat(env_, &stat);
  return (info.me_last_pgno + 1) * stat.ms_psize;
}

}  // namespace holdfast::store
