// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <vector>

#include "ledger/core/bytes.h"
#include "ledger/core/result.h"
#include "ledger/store/file_identity.h"

struct MDB_env;
struct MDB_txn;
struct MDB_val;

// LMDB, and nothing of what is kept in it. Source: the LMDB 0.9 manual.
namespace holdfast::store {

inline constexpr std::uint64_t kMapBytesDefault = std::uint64_t{1} << 40;
// LMDB takes the system's pages; room is reckoned with the usual ones.
inline constexpr std::uint64_t kPageBytes = 4096;
// Kept free of ordinary writes, so that consent can be withdrawn on a full disk.
inline constexpr std::uint64_t kReserveBytes = 8 * 1024 * 1024;

// A table of an environment. Integer keys are 64 bits in the machine's own byte order.
struct TableSpec {
  const char* name;
  bool integer_keys;
};
// A table's place in the list that its environment was opened with.
using Table = std::size_t;

// Called with bytes that were copied since the last call.
using CopyProgress = std::function<void(std::uint64_t bytes)>;

class ReadTransaction;
class WriteTransaction;
class TableCopier;

// Where LMDB finds in the midst of its work that its file is damaged it cannot go back, so the
// program must end: by `end`, which does not return, or by abort() where it is null. One for the
// whole program, set before anything is opened. (What a damaged file says is not checked before it
// is followed, so that most of what is wrong with one shows as SIGBUS instead.)
void set_end_on_damage(void (*end)());

// A table's handle where the environment does not have the table.
inline constexpr unsigned kNoTable = ~0u;

// One LMDB environment. LMDB forbids opening one twice in a process, so those who open the same
// directory share it. Threads: any.
class Environment : public std::enable_shared_from_this<Environment> {
 public:
  // `create` makes what is missing. The map is halved from `map_bytes` until the system has room.
  // Errors: kNotFound (no environment there, `create` not set); kUnavailable; kInvalid (damaged).
  static Result<std::shared_ptr<Environment>> open(const std::string& directory,
                                                   std::span<const TableSpec> tables,
                                                   std::uint64_t map_bytes, bool create);
  // One that nobody writes to, such as a copy that was put away: without locks, so that nothing is
  // written beside it, and the medium may be read-only. A table that it lacks has no rows.
  static Result<std::shared_ptr<Environment>> open_still(const std::string& directory,
                                                         std::span<const TableSpec> tables);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  Result<ReadTransaction> read();
  // Waits for the one writer of all processes.
  Result<WriteTransaction> write();

  // Lets readers see a commit whose writer was killed before it had told them: read transactions
  // begin at the transaction number in the lock file, which a writer sets only after the commit is
  // on the disk. Taking the lock of a dead writer sets it right, and a write transaction takes it.
  // Whoever removes what lies beyond a snapshot calls this before taking it.
  Result<void> recover();

  // Whether the directory still has the files that are open, and the data file all that it had.
  // LMDB goes on in them all the same, and where the file was cut short, looking at it ends the
  // program. Cost: two stats. Errors: kConflict; kInvalid (cut short: look at nothing);
  // kUnavailable.
  Result<void> check_in_place() const;

  // While something is made that nobody looks at before it is whole, commits need not each wait for
  // the disk. Everything is durable once sync() returns.
  Result<void> put_off_syncs();
  Result<void> sync();

  // How far the file reaches, which is what a map limit is about: it never shrinks.
  std::uint64_t used_bytes() const;
  const std::string& directory() const { return directory_; }

 private:
  friend class ReadTransaction;
  friend class WriteTransaction;
  friend class TableCopier;
  enum class Use { kPresent, kCreate, kStill };
  static Result<std::shared_ptr<Environment>> open_for(Use use, const std::string& directory,
                                                       std::span<const TableSpec> tables,
                                                       std::uint64_t map_bytes);
  Environment(std::string directory, std::span<const TableSpec> tables, Use use);
  Result<void> open_map(std::uint64_t map_bytes);
  Result<void> open_tables(bool create);
  Result<void> note_files();
  std::string data_path() const { return directory_ + "/data.mdb"; }
  std::string lock_path() const { return directory_ + "/lock.mdb"; }
  Result<MDB_txn*> begin(unsigned flags);
  int follow_resized_map();

  std::string directory_;
  std::vector<TableSpec> specs_;
  std::vector<unsigned> handles_;  // kNoTable: it is not there
  Use use_;
  MDB_env* env_ = nullptr;
  FileIdentity data_file_;
  FileIdentity lock_file_;
  mutable std::atomic<std::uint64_t> data_bytes_{0};  // the most that was seen: it never shrinks
  std::shared_mutex map_mutex_;
  std::atomic<int> transactions_{0};
};

// One snapshot. What it hands out points into the map and lives as long as the transaction.
// Threads: one at a time.
class ReadTransaction {
 public:
  ReadTransaction(ReadTransaction&& other) noexcept;
  ReadTransaction& operator=(ReadTransaction&&) = delete;
  ~ReadTransaction();

  Result<std::optional<ByteView>> get(Table table, std::uint64_t key) const;
  Result<std::optional<ByteView>> get(Table table, ByteView key) const;
  // Rows with keys from `from` on, in order, until `visit` answers false.
  Result<void> each(Table table, std::uint64_t from,
                    const std::function<bool(std::uint64_t, ByteView)>& visit) const;
  Result<std::optional<std::uint64_t>> last_key(Table table) const;

  // How many bytes of the file its rows take now: a copy of them takes no more.
  Result<std::uint64_t> table_bytes() const;
  // Whether a row of a table with integer keys is to be in a copy.
  using RowFilter = std::function<bool(Table, std::uint64_t key)>;
  // Makes an environment in `directory` that has its rows and nothing else: no page that was freed,
  // in which what was removed lingers, and no lock file. Its bytes are on disk when this returns.
  // As long as it takes, what this snapshot sees takes room in the database. Errors: kUnavailable,
  // kInvalid; kUnknownVersion where the environment has tables that this program does not know and
  // would leave behind.
  Result<void> copy_to(const std::string& directory, const RowFilter& keeps,
                       const CopyProgress& progress) const;

 protected:
  friend class Environment;
  friend class TableCopier;
  ReadTransaction(std::shared_ptr<Environment> environment, MDB_txn* txn)
      : environment_(std::move(environment)), txn_(txn) {}
  Result<std::optional<ByteView>> get_row(Table table, MDB_val key) const;
  void end();

  std::shared_ptr<Environment> environment_;
  MDB_txn* txn_;
};

// Why a write did not happen, as far as the writer must know.
enum class Failure {
  kNone,
  kFull,     // no room on the disk or in the map; nothing has changed
  kUnknown,  // it may or may not be durable: only opening again can tell
  kOther,    // nothing has changed
};

// All or nothing. Dropped without commit() it changes nothing.
class WriteTransaction : public ReadTransaction {
 public:
  WriteTransaction(WriteTransaction&&) noexcept = default;

  Result<void> put(Table table, std::uint64_t key, ByteView value);
  Result<void> put(Table table, ByteView key, ByteView value);
  // For a key beyond the last: no search, and pages are filled whole.
  Result<void> append(Table table, std::uint64_t key, ByteView value);
  // Removing what is not there is no error.
  Result<void> remove(Table table, std::uint64_t key);
  // Removes every row with a key from `from` on; says how many.
  Result<std::uint64_t> remove_from(Table table, std::uint64_t from);

  // Durable when it returns. Errors: see failure().
  Result<void> commit();
  // Of the first call that failed.
  Failure failure() const { return failure_; }

 private:
  friend class Environment;
  friend class TableCopier;
  using ReadTransaction::ReadTransaction;
  Result<void> put_row(Table table, MDB_val key, ByteView value, unsigned flags);
  Error failed(const char* doing, int code, Failure otherwise);
  Failure failure_ = Failure::kNone;
};

}  // namespace holdfast::store
