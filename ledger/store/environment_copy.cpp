// SPDX-License-Identifier: AGPL-3.0-or-later
#include <lmdb.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "ledger/store/environment.h"
#include "ledger/store/environment_error.h"

namespace holdfast::store {
namespace {

// What one commit of the copy takes: far fewer pages than LMDB keeps in memory before it spills.
constexpr std::uint64_t kCopiedBytesPerCommit = std::uint64_t{32} << 20;

}  // namespace

// Row by row in the order of keys, so that each page is filled whole and written once.
class TableCopier {
 public:
  TableCopier(const ReadTransaction& from, Environment& to, const ReadTransaction::RowFilter& keeps,
              const CopyProgress& progress)
      : from_(from), source_(*from.environment_), to_(to), keeps_(keeps), progress_(progress) {}

  Result<void> run() {
    TRY(check_tables());
    for (Table table = 0; table < source_.specs_.size(); ++table)
      if (source_.handles_[table] != kNoTable) TRY(copy(table));
    TRY(commit());
    return to_.sync();
  }

 private:
  // The tables' names are the keys of the table without a name.
  Result<void> check_tables() const {
    MDB_dbi unnamed = 0;
    MDB_cursor* cursor = nullptr;
    int code = mdb_dbi_open(from_.txn_, nullptr, 0, &unnamed);
    if (code == 0) code = mdb_cursor_open(from_.txn_, unnamed, &cursor);
    if (code != 0) return failed("reading", code);
    std::string unknown;
    MDB_val key{};
    while ((code = mdb_cursor_get(cursor, &key, nullptr, MDB_NEXT)) == 0 && unknown.empty()) {
      const std::string_view name(static_cast<const char*>(key.mv_data), key.mv_size);
      const bool is_known =
          std::any_of(source_.specs_.begin(), source_.specs_.end(),
                      [name](const TableSpec& spec) { return name == spec.name; });
      if (!is_known) unknown = name;
    }
    mdb_cursor_close(cursor);
    if (!unknown.empty())
      return Error{Code::kUnknownVersion, "", "tables of " + source_.directory(), unknown,
                   "those that this program knows: a newer one has made it, and can copy it"};
    if (code != 0 && code != MDB_NOTFOUND) return failed("reading", code);
    return {};
  }

  Result<void> copy(Table table) {
    MDB_cursor* cursor = nullptr;
    if (const int code = mdb_cursor_open(from_.txn_, source_.handles_[table], &cursor); code != 0)
      return failed("reading", code);
    auto done = copy_rows(table, cursor);
    mdb_cursor_close(cursor);
    return done;
  }

  Result<void> copy_rows(Table table, MDB_cursor* cursor) {
    MDB_val key{};
    MDB_val value{};
    int code = 0;
    last_number_.reset();
    while ((code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
      TRY_ASSIGN(const bool kept, is_kept(table, key));
      if (!kept) continue;
      if (!write_) {
        TRY_ASSIGN(auto write, to_.write());
        write_.emplace(std::move(write));
      }
      const ByteView bytes(static_cast<const std::byte*>(value.mv_data), value.mv_size);
      TRY(write_->put_row(table, key, bytes, MDB_APPEND));
      waiting_ += key.mv_size + value.mv_size;
      if (waiting_ >= kCopiedBytesPerCommit) TRY(commit());
    }
    if (code != MDB_NOTFOUND) return failed("reading", code);
    return {};
  }

  // Whoever made the file may have put anything in place of a number, or the same page into many
  // places: then its rows do not rise.
  Result<bool> is_kept(Table table, const MDB_val& key) {
    if (!source_.specs_[table].integer_keys) return true;
    std::uint64_t number = 0;
    if (key.mv_size != sizeof number)
      return damaged("a key of " + std::to_string(key.mv_size) + " bytes", "8 bytes");
    std::memcpy(&number, key.mv_data, sizeof number);
    if (last_number_ && number <= *last_number_)
      return damaged("key " + std::to_string(number) + " after " + std::to_string(*last_number_),
                     "keys that rise");
    last_number_ = number;
    return !keeps_ || keeps_(table, number);
  }

  Result<void> commit() {
    if (!write_) return {};
    const auto done = write_->commit();
    write_.reset();
    if (progress_) progress_(waiting_);
    waiting_ = 0;
    return done;
  }

  Error damaged(const std::string& found, const std::string& want) const {
    return {Code::kInvalid, "", "reading " + source_.directory(), "a damaged file: " + found,
            want + ": put a backup in its place"};
  }
  Error failed(const char* doing, int code) const {
    return environment_error(source_.directory(), doing, code);
  }

  const ReadTransaction& from_;
  const Environment& source_;
  Environment& to_;
  const ReadTransaction::RowFilter& keeps_;
  const CopyProgress& progress_;
  std::optional<WriteTransaction> write_;
  std::uint64_t waiting_ = 0;
  std::optional<std::uint64_t> last_number_;  // of the table that is being copied
};

Result<std::uint64_t> ReadTransaction::table_bytes() const {
  constexpr std::uint64_t kOwnPages = 4;  // two of meta data, the list of tables, a spare one
  std::uint64_t bytes = kOwnPages * kPageBytes;
  for (const unsigned handle : environment_->handles_) {
    if (handle == kNoTable) continue;
    MDB_stat stat{};
    if (const int code = mdb_stat(txn_, handle, &stat); code != 0)
      return environment_error(environment_->directory(), "reading", code);
    bytes += (stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages) * stat.ms_psize;
  }
  return bytes;
}

Result<void> ReadTransaction::copy_to(const std::string& directory, const RowFilter& keeps,
                                      const CopyProgress& progress) const {
  {
    TRY_ASSIGN(const auto to,
               Environment::open(directory, environment_->specs_, kMapBytesDefault, true));
    TRY(to->put_off_syncs());
    TRY(TableCopier(*this, *to, keeps, progress).run());
  }
  const std::string lock = directory + "/lock.mdb";
  if (unlink(lock.c_str()) == 0) return {};
  return Error{Code::kUnavailable, "", "removing " + lock, std::strerror(errno), ""};
}

}  // namespace holdfast::store
