// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/corpus/words.h"

#include "federation/corpus/database.h"
#include "ledger/core/check.h"

namespace holdfast::federation {

// Source: SQLite's documentation of FTS5, "Extending FTS5".
struct Words::Tokenizer {
  Database database;  // the tokenizer's code is its
  fts5_tokenizer calls{};
  Fts5Tokenizer* made = nullptr;

  ~Tokenizer() {
    if (made != nullptr) calls.xDelete(made);
  }
};

Result<Words> Words::open() {
  auto out = std::make_unique<Tokenizer>();
  TRY_ASSIGN(out->database, open_in_memory());
  fts5_api* api = nullptr;
  {
    sqlite3_stmt* query = nullptr;
    CHECK(sqlite3_prepare_v2(out->database.get(), "SELECT fts5(?1)", -1, &query, nullptr) ==
          SQLITE_OK);
    const std::unique_ptr<sqlite3_stmt, FinishQuery> finish(query);
    CHECK(sqlite3_bind_pointer(query, 1, &api, "fts5_api_ptr", nullptr) == SQLITE_OK);
    sqlite3_step(query);
  }
  CHECK(api != nullptr);
  void* context = nullptr;
  CHECK(api->xFindTokenizer(api, "unicode61", &context, &out->calls) == SQLITE_OK);
  const char* arguments[] = {"remove_diacritics", "2"};
  if (out->calls.xCreate(context, arguments, 2, &out->made) != SQLITE_OK)
    return Error{Code::kUnavailable, "", "tokenizer", "none", "memory for one"};
  return Words(std::move(out));
}

Words::Words(std::unique_ptr<Tokenizer> tokenizer) : tokenizer_(std::move(tokenizer)) {}
Words::Words(Words&&) noexcept = default;
Words& Words::operator=(Words&&) noexcept = default;
Words::~Words() = default;

std::vector<std::string> Words::of(std::string_view text) const {
  std::vector<std::string> words;
  const auto add = [](void* out, int, const char* token, int bytes, int, int) {
    static_cast<std::vector<std::string>*>(out)->emplace_back(token,
                                                              static_cast<std::size_t>(bytes));
    return SQLITE_OK;
  };
  CHECK(text.size() <= std::size_t{1} << 30);
  CHECK(tokenizer_->calls.xTokenize(tokenizer_->made, &words, FTS5_TOKENIZE_DOCUMENT, text.data(),
                                    static_cast<int>(text.size()), add) == SQLITE_OK);
  return words;
}

}  // namespace holdfast::federation
