// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/corpus/corpus.h"

#include <algorithm>
#include <map>

#include "federation/corpus/database.h"
#include "federation/corpus/words.h"

namespace holdfast::federation {
namespace {

constexpr const char* kSchema =
    "CREATE VIRTUAL TABLE documents USING fts5(title, text, tokenize = 'unicode61 "
    "remove_diacritics 2')";
// What is sorted is never put into a file.
constexpr const char* kNoFiles = "PRAGMA temp_store = MEMORY";
// A title says more of what a document is about than its text does.
constexpr const char* kSearch =
    "SELECT rowid, -bm25(documents, 2.0, 1.0) AS score FROM documents WHERE documents MATCH ?1 "
    "ORDER BY score DESC";

// FTS5 reads what stands in double quotes as words and nothing else.
std::string quoted(const std::string& word) { return "\"" + word + "\""; }

}  // namespace

struct Corpus::Index {
  Database database;
  Words words;
  std::map<StatementId, std::int64_t> rows;
  std::map<std::int64_t, StatementId> records;
  std::int64_t next_row = 1;
  Sql insert;
  Sql erase;
  Sql select;
  Sql search;

  Index(Database opened, Words cutter)
      : database(std::move(opened)),
        words(std::move(cutter)),
        insert(database.get(), "INSERT INTO documents(rowid, title, text) VALUES (?1, ?2, ?3)"),
        erase(database.get(), "DELETE FROM documents WHERE rowid = ?1"),
        select(database.get(), "SELECT title, text FROM documents WHERE rowid = ?1"),
        search(database.get(), kSearch) {}

  Result<void> drop(const StatementId& record) {
    const auto at = rows.find(record);
    if (at == rows.end()) return {};
    const auto done = erase.bind(1, at->second).step();
    erase.reset();
    if (!done) return done.error();
    records.erase(at->second);
    rows.erase(at);
    return {};
  }
};

Corpus::Corpus(std::unique_ptr<Index> index) : index_(std::move(index)) {}
Corpus::~Corpus() = default;

Result<std::unique_ptr<Corpus>> Corpus::open() {
  TRY_ASSIGN(Database database, open_in_memory());
  TRY_ASSIGN(Words words, Words::open());
  for (const char* text : {kNoFiles, kSchema}) {
    if (sqlite3_exec(database.get(), text, nullptr, nullptr, nullptr) != SQLITE_OK)
      return Error{Code::kUnavailable, "", "text index", sqlite3_errmsg(database.get()),
                   "an SQLite with FTS5"};
  }
  return std::unique_ptr<Corpus>(
      new Corpus(std::make_unique<Index>(std::move(database), std::move(words))));
}

Result<void> Corpus::put(const Document& document) {
  const std::lock_guard lock(mutex_);
  TRY(index_->drop(document.record));
  const std::int64_t row = index_->next_row++;
  const auto done =
      index_->insert.bind(1, row).bind(2, document.title).bind(3, document.text).step();
  index_->insert.reset();
  if (!done) return done.error();
  index_->rows.emplace(document.record, row);
  index_->records.emplace(row, document.record);
  return {};
}

Result<void> Corpus::remove(const StatementId& record) {
  const std::lock_guard lock(mutex_);
  return index_->drop(record);
}

std::size_t Corpus::size() const {
  const std::lock_guard lock(mutex_);
  return index_->rows.size();
}

Result<std::optional<Corpus::Document>> Corpus::get(const StatementId& record) {
  const std::lock_guard lock(mutex_);
  const auto at = index_->rows.find(record);
  if (at == index_->rows.end()) return std::optional<Document>();
  Sql& select = index_->select;
  const auto there = select.bind(1, at->second).step();
  std::optional<Document> out;
  if (there && *there)
    out = Document{record, std::string(select.text(0)), std::string(select.text(1))};
  select.reset();
  if (!there) return there.error();
  return out;
}

Result<std::vector<Corpus::Match>> Corpus::search(std::string_view text, Terms terms,
                                                  std::size_t limit) {
  const std::lock_guard lock(mutex_);
  const std::vector<std::string> words = index_->words.of(text);
  if (words.empty() || words.size() > kSearchTermsMax)
    return Error{Code::kMalformed, "", "words to search for", std::to_string(words.size()),
                 "1 to " + std::to_string(kSearchTermsMax)};
  std::string expression;
  for (const std::string& word : words) {
    if (!expression.empty()) expression += terms == Terms::kAll ? " AND " : " OR ";
    expression += quoted(word);
  }
  Sql& search = index_->search;
  search.bind(1, expression);
  std::vector<Match> out;
  std::optional<Error> error;
  while (true) {
    const auto there = search.step();
    if (!there) error = there.error();
    if (!there || !*there) break;
    out.push_back({index_->records.at(search.number(0)), search.real(1)});
  }
  search.reset();
  if (error) return *std::move(error);
  std::stable_sort(out.begin(), out.end(), [](const Match& a, const Match& b) {
    return a.score != b.score ? a.score > b.score : a.record < b.record;
  });
  if (out.size() > limit) out.resize(limit);
  return out;
}

}  // namespace holdfast::federation
