// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/corpus/database.h"

#include "ledger/core/check.h"

namespace holdfast::federation {

Result<Database> open_in_memory() {
  sqlite3* opened = nullptr;
  const int code =
      sqlite3_open_v2(":memory:", &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(opened);
  if (code != SQLITE_OK)
    return Error{Code::kUnavailable, "", "text index", sqlite3_errstr(code), "memory for one"};
  return database;
}

Sql::Sql(sqlite3* database, const char* text) {
  sqlite3_stmt* query = nullptr;
  const int code =
      sqlite3_prepare_v3(database, text, -1, SQLITE_PREPARE_PERSISTENT, &query, nullptr);
  query_.reset(query);
  if (code != SQLITE_OK) check_failed(text, 0, sqlite3_errmsg(database));
}

Sql& Sql::bind(int parameter, std::string_view text) {
  CHECK(sqlite3_bind_text64(query_.get(), parameter, text.data(), text.size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8) == SQLITE_OK);
  return *this;
}

Sql& Sql::bind(int parameter, ByteView bytes) {
  CHECK(sqlite3_bind_blob64(query_.get(), parameter, bytes.data(), bytes.size(),
                            SQLITE_TRANSIENT) == SQLITE_OK);
  return *this;
}

Sql& Sql::bind(int parameter, std::int64_t number) {
  CHECK(sqlite3_bind_int64(query_.get(), parameter, number) == SQLITE_OK);
  return *this;
}

Result<bool> Sql::step() {
  const int code = sqlite3_step(query_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  Error error{Code::kUnavailable, "", "text index", sqlite3_errmsg(sqlite3_db_handle(query_.get())),
              "what was asked of it"};
  reset();
  return error;
}

void Sql::reset() {
  sqlite3_reset(query_.get());
  sqlite3_clear_bindings(query_.get());
}

std::string_view Sql::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(query_.get(), column));
  return {text == nullptr ? "" : text,
          static_cast<std::size_t>(sqlite3_column_bytes(query_.get(), column))};
}

ByteView Sql::bytes(int column) const {
  const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(query_.get(), column));
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(query_.get(), column))};
}

}  // namespace holdfast::federation
