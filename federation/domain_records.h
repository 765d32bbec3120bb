// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "federation/corpus/corpus.h"
#include "federation/criteria.h"
#include "ledger/model/state.h"

namespace holdfast::federation {

inline constexpr std::size_t kPassagesMax = 32;

// What of a domain's records a question may be answered from.
struct Chosen {
  std::vector<StatementId> records;  // all that fit, sorted
  std::size_t of = 0;                // live records of the domain
  // Of a histogram: each value as it stands in the contents, and the records that have it, sorted.
  std::map<std::string, std::vector<StatementId>> cells;
  // Of excerpts and answers: the best first, at most kPassagesMax.
  std::vector<Passage> passages;
};

// A live record as it is kept to be asked for.
struct LiveRecord {
  std::vector<std::string> labels;  // sorted
  std::optional<model::CopyOrigin> origin;
  RecordFields fields;
};

// The live records of one domain that may be read, in memory only. Threads: one at a time.
class DomainRecords {
 public:
  // Errors: kUnavailable.
  static Result<DomainRecords> open();

  // In place of what there was of this record. Errors: kUnavailable; then it is not there.
  Result<void> put(LiveRecord record, const Passage& passage);
  // Errors: kUnavailable.
  Result<void> remove(const StatementId& record);
  std::size_t size() const { return records_.size(); }

  // What is not in memory, and is asked of each record that fits.
  struct Standing {
    // Whether a withdrawal of the record waits to be sequenced.
    std::function<Result<bool>(const StatementId&)> is_taken_back;
    // Whether whoever asks may be told of a copy. None: of no copy.
    std::function<Result<bool>(const model::CopyOrigin&)> may_pass_on = {};
  };
  // Cost: linear in records. Errors: kUnavailable, kMalformed, those of `standing`.
  Result<Chosen> choose(const DomainQuestion& question, const Criteria& criteria,
                        const Standing& standing);

 private:
  explicit DomainRecords(std::unique_ptr<Corpus> corpus) : corpus_(std::move(corpus)) {}
  Result<std::vector<StatementId>> ranked(const DomainQuestion& question, const Criteria& criteria);

  std::unique_ptr<Corpus> corpus_;
  std::map<StatementId, LiveRecord> records_;
};

}  // namespace holdfast::federation
