// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>

#include "ledger/core/bytes.h"
#include "ledger/core/result.h"

namespace holdfast::federation {

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct FinishQuery {
  void operator()(sqlite3_stmt* query) const { sqlite3_finalize(query); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

// One in memory, that no other connection sees. Errors: kUnavailable.
Result<Database> open_in_memory();

// One SQL statement, prepared once and used again and again. Numbers of parameters begin at 1, of
// columns at 0.
class Sql {
 public:
  // CHECKs that the text is SQL: it is this program's own.
  Sql(sqlite3* database, const char* text);

  Sql& bind(int parameter, std::string_view text);
  Sql& bind(int parameter, ByteView bytes);
  Sql& bind(int parameter, std::int64_t number);
  // Whether there is a row. Errors: kUnavailable, want of memory above all.
  Result<bool> step();
  // Ready to be used again.
  void reset();

  // Of the row at hand; borrowed until the next step.
  std::string_view text(int column) const;
  ByteView bytes(int column) const;
  double real(int column) const { return sqlite3_column_double(query_.get(), column); }
  std::int64_t number(int column) const { return sqlite3_column_int64(query_.get(), column); }

 private:
  std::unique_ptr<sqlite3_stmt, FinishQuery> query_;
};

}  // namespace holdfast::federation
