// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <optional>
#include <span>

#include "ledger/log/import_index.h"
#include "ledger/log/import_source.h"
#include "ledger/log/sequencer.h"

// Documents of a directory become records of a domain, signed as batches. Worker threads read,
// commit to and sign batches while the sequencer writes the ones before them.
namespace holdfast::log {

// What all records of one import have in common.
struct ImportTerms {
  StatementId village;
  model::Record record;  // but for content root and media type
  // Whether a record that the log has already is under these terms. None: nobody wants to know.
  // Called from any thread.
  std::function<bool(const model::Record&)> agrees;
  std::string source;  // what the directory is called in the import index
  model::Visibility visibility = model::Visibility::kGuardians;
  Seconds sequence_within = kDay;  // sequenceBy = issuedAt + this
  model::Basis basis;              // to begin with; then each receipt's checkpoint
};

struct ImportProgress {
  std::uint64_t bytes = 0;  // of DocumentSource::bytes()
  std::uint64_t records = 0;
};

struct ImportOptions {
  unsigned jobs = 0;                               // 0: one a core
  std::size_t batch_statements = 256;              // signed together: a path of 8 hashes
  std::size_t submission_statements = 1024;        // sequenced together, or not at all
  std::size_t submission_bytes = 4 * 1024 * 1024;  // of content, where that is less
  std::size_t waiting_statements = 16 * 1024;      // submitted and not yet durable
  std::size_t waiting_bytes = 32 * 1024 * 1024;
  const std::atomic<bool>* stop = nullptr;  // set: finish what is begun, and return
  std::function<void(const ImportProgress&)> progress;
};

struct ImportSummary {
  std::uint64_t added = 0;       // records of documents that are new
  std::uint64_t superseded = 0;  // records that a changed document's new record took the place of
  std::uint64_t unchanged = 0;   // without those that were erased
  std::uint64_t under_other_terms = 0;  // of `unchanged`: live, and ImportTerms::agrees denies it
  std::uint64_t erased = 0;             // unchanged too, and their records were erased
  std::uint64_t entries = 0;            // in the log by this import
  std::uint64_t content_bytes = 0;
  struct Reason {
    std::uint64_t count = 0;
    std::vector<SkippedItem> first;  // some of them
  };
  std::map<std::string, Reason> skipped;
  std::optional<LeafIndex> first_index;
  std::optional<LeafIndex> last_index;
  bool stopped = false;  // before the end, by options.stop
  // Why it ended early. What is counted above is durable all the same.
  std::optional<Error> failure;
};

// As Sequencer::submit.
using SubmitAdmissions = std::function<std::future<Result<Receipt>>(std::vector<Admission>)>;

// Adds what the index does not know; a document that changed gets a new record that supersedes the
// one before. A document whose record was withdrawn, erased, handed over or superseded by people
// stays out: its record is theirs. Of a document that is unchanged the record stays as it is,
// whatever the terms are now. `keys` sign every batch. `reader` is asked one question at a
// time; `clock` and `random` are called from any thread.
ImportSummary import_documents(DocumentSource& source, Reader& reader, const ImportIndex& index,
                               const ImportKey& import_key, const ImportTerms& terms,
                               std::span<const crypto::SigningKey* const> keys,
                               const SubmitAdmissions& submit, const Clock& clock,
                               crypto::Random& random, const ImportOptions& options);

}  // namespace holdfast::log
