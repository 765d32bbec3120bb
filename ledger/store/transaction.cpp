// SPDX-License-Identifier: AGPL-3.0-or-later
#include <lmdb.h>

#include <cstring>

#include "ledger/store/environment.h"
#include "ledger/store/environment_error.h"

namespace holdfast::store {
namespace {

// LMDB does not write through what it is given; its interface only does not say so.
MDB_val as_value(ByteView bytes) {
  return {bytes.size(), const_cast<std::byte*>(bytes.data())};  // NOLINT(*-const-cast)
}
MDB_val as_value(const std::uint64_t& key) {
  return {sizeof key, const_cast<std::uint64_t*>(&key)};  // NOLINT(*-const-cast)
}
ByteView as_view(const MDB_val& value) {
  return {static_cast<const std::byte*>(value.mv_data), value.mv_size};
}
// LMDB does not look at the size of a key that it has stored, and the file may be damaged.
Result<std::uint64_t> as_key(const std::string& directory, const MDB_val& value) {
  if (value.mv_size != sizeof(std::uint64_t))
    return Error{Code::kInvalid, "", "reading " + directory,
                 "a damaged file: a key of " + std::to_string(value.mv_size) + " bytes",
                 "8 bytes: put a backup in its place"};
  std::uint64_t key = 0;
  std::memcpy(&key, value.mv_data, sizeof key);
  return key;
}

class Cursor {
 public:
  ~Cursor() {
    if (cursor_ != nullptr) mdb_cursor_close(cursor_);
  }
  Cursor() = default;
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  int open(MDB_txn* txn, MDB_dbi table) { return mdb_cursor_open(txn, table, &cursor_); }
  MDB_cursor* get() { return cursor_; }

 private:
  MDB_cursor* cursor_ = nullptr;
};

}  // namespace

ReadTransaction::ReadTransaction(ReadTransaction&& other) noexcept
    : environment_(std::move(other.environment_)), txn_(std::exchange(other.txn_, nullptr)) {}

ReadTransaction::~ReadTransaction() {
  if (txn_ == nullptr) return;
  mdb_txn_abort(txn_);
  end();
}

void ReadTransaction::end() {
  txn_ = nullptr;
  --environment_->transactions_;
}

Result<std::optional<ByteView>> ReadTransaction::get_row(Table table, MDB_val key) const {
  if (environment_->handles_[table] == kNoTable) return std::optional<ByteView>();
  MDB_val value{};
  const int code = mdb_get(txn_, environment_->handles_[table], &key, &value);
  if (code == MDB_NOTFOUND) return std::optional<ByteView>();
  if (code != 0) return environment_error(environment_->directory(), "reading", code);
  return std::optional(as_view(value));
}

Result<std::optional<ByteView>> ReadTransaction::get(Table table, std::uint64_t key) const {
  return get_row(table, as_value(key));
}
Result<std::optional<ByteView>> ReadTransaction::get(Table table, ByteView key) const {
  return get_row(table, as_value(key));
}

Result<void> ReadTransaction::each(
    Table table, std::uint64_t from,
    const std::function<bool(std::uint64_t, ByteView)>& visit) const {
  if (environment_->handles_[table] == kNoTable) return {};
  Cursor cursor;
  int code = cursor.open(txn_, environment_->handles_[table]);
  MDB_val key = as_value(from);
  MDB_val value{};
  if (code == 0) code = mdb_cursor_get(cursor.get(), &key, &value, MDB_SET_RANGE);
  while (code == 0) {
    TRY_ASSIGN(const std::uint64_t number, as_key(environment_->directory(), key));
    if (!visit(number, as_view(value))) return {};
    code = mdb_cursor_get(cursor.get(), &key, &value, MDB_NEXT);
  }
  if (code == MDB_NOTFOUND) return {};
  return environment_error(environment_->directory(), "reading", code);
}

Result<std::optional<std::uint64_t>> ReadTransaction::last_key(Table table) const {
  if (environment_->handles_[table] == kNoTable) return std::optional<std::uint64_t>();
  Cursor cursor;
  MDB_val key{};
  MDB_val value{};
  int code = cursor.open(txn_, environment_->handles_[table]);
  if (code == 0) code = mdb_cursor_get(cursor.get(), &key, &value, MDB_LAST);
  if (code == MDB_NOTFOUND) return std::optional<std::uint64_t>();
  if (code != 0) return environment_error(environment_->directory(), "reading", code);
  TRY_ASSIGN(const std::uint64_t number, as_key(environment_->directory(), key));
  return std::optional(number);
}

Error WriteTransaction::failed(const char* doing, int code, Failure otherwise) {
  if (failure_ == Failure::kNone) failure_ = means_full(code) ? Failure::kFull : otherwise;
  return environment_error(environment_->directory(), doing, code);
}

Result<void> WriteTransaction::put_row(Table table, MDB_val key, ByteView value, unsigned flags) {
  MDB_val row = as_value(value);
  const int code = mdb_put(txn_, environment_->handles_[table], &key, &row, flags);
  if (code != 0) return failed("writing", code, Failure::kOther);
  return {};
}

Result<void> WriteTransaction::put(Table table, std::uint64_t key, ByteView value) {
  return put_row(table, as_value(key), value, 0);
}
Result<void> WriteTransaction::put(Table table, ByteView key, ByteView value) {
  return put_row(table, as_value(key), value, 0);
}
Result<void> WriteTransaction::append(Table table, std::uint64_t key, ByteView value) {
  return put_row(table, as_value(key), value, MDB_APPEND);
}

Result<void> WriteTransaction::remove(Table table, std::uint64_t key) {
  MDB_val row = as_value(key);
  const int code = mdb_del(txn_, environment_->handles_[table], &row, nullptr);
  if (code != 0 && code != MDB_NOTFOUND) return failed("removing", code, Failure::kOther);
  return {};
}

Result<std::uint64_t> WriteTransaction::remove_from(Table table, std::uint64_t from) {
  Cursor cursor;
  std::uint64_t removed = 0;
  MDB_val key = as_value(from);
  MDB_val value{};
  int code = cursor.open(txn_, environment_->handles_[table]);
  if (code == 0) code = mdb_cursor_get(cursor.get(), &key, &value, MDB_SET_RANGE);
  while (code == 0) {
    code = mdb_cursor_del(cursor.get(), 0);
    if (code != 0) break;
    ++removed;
    // After a deletion the cursor stands on the row that came next, and NEXT stays there.
    code = mdb_cursor_get(cursor.get(), &key, &value, MDB_NEXT);
  }
  if (code != MDB_NOTFOUND) return failed("removing", code, Failure::kOther);
  return removed;
}

Result<void> WriteTransaction::commit() {
  const int code = mdb_txn_commit(txn_);  // frees it, whatever it answers
  end();
  // Full is found out while data pages are written, before anything refers to them; what else goes
  // wrong may have happened after.
  if (code != 0) return failed("committing to", code, Failure::kUnknown);
  return {};
}

}  // namespace holdfast::store
