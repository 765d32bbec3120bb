// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <mutex>

#include "ledger/log/import.h"

namespace holdfast::log {

struct Document;

// What became of one chunk: statements signed and ready, in the order of its items.
struct PreparedChunk {
  std::uint64_t number = 0;
  std::uint64_t bytes = 0;          // of the source
  std::uint64_t content_bytes = 0;  // in the admissions
  std::vector<Admission> admissions;
  std::uint64_t added = 0;
  std::uint64_t superseded = 0;
  std::uint64_t unchanged = 0;  // these three as in ImportSummary
  std::uint64_t under_other_terms = 0;
  std::uint64_t erased = 0;
  std::vector<SkippedItem> skipped;
  std::optional<Error> failure;  // of the reader; nothing of the chunk counts then
};

// The newest checkpoint that the author saw. Threads: any.
class NewestBasis {
 public:
  explicit NewestBasis(const model::Basis& first) : basis_(first) {}
  model::Basis get() const;
  void set(const model::Basis& basis);

 private:
  mutable std::mutex mutex_;
  model::Basis basis_;
};

// Turns chunks into admissions. Threads: any; asking the reader takes turns.
class BatchMaker {
 public:
  BatchMaker(const DocumentSource& source, Reader& reader, const ImportIndex& index,
             const ImportKey& import_key, const ImportTerms& terms,
             std::span<const crypto::SigningKey* const> keys, const NewestBasis& basis,
             const Clock& clock, crypto::Random& random, std::size_t batch_statements);

  PreparedChunk prepare(SourceChunk chunk);

 private:
  struct Draft;  // what a chunk's statements are gathered in
  struct Before {
    StatementId id;
    std::uint64_t version = 0;
    std::string kept_out;  // why a changed document must stay out; empty if it may supersede
    bool erased = false;
    bool agrees = true;  // with the terms of now
  };
  void take(SourceItem& item, PreparedChunk& prepared, Draft& draft);
  void count_unchanged(const Before& before, PreparedChunk& prepared) const;
  Result<Before> record_before(LeafIndex index);
  void add_record(Document& document, const SideRow& row, PreparedChunk& prepared, Draft& draft);
  void add_supersede(const Before& before, Draft& draft);
  void add_statement(model::Body body, Draft& draft);
  void sign(Draft& draft, PreparedChunk& prepared) const;

  const DocumentSource& source_;
  Reader& reader_;
  std::mutex reader_mutex_;
  const ImportIndex& index_;
  const ImportKey& import_key_;
  const ImportTerms& terms_;
  std::vector<const crypto::SigningKey*> keys_;  // sorted by key id
  const NewestBasis& basis_;
  const Clock& clock_;
  crypto::Random& random_;
  std::size_t batch_statements_;
};

}  // namespace holdfast::log
