// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/domain_records.h"

#include <algorithm>
#include <limits>

#include "ledger/rules/use.h"

namespace holdfast::federation {
namespace {

// Copies are left out before anything is said of them: else whoever names a grant that is none
// would see by the refusal what stands in them.
Result<bool> may_be_used(const StatementId& id, const LiveRecord& record,
                         const DomainRecords::Standing& standing) {
  if (record.origin) {
    if (!standing.may_pass_on) return false;
    TRY_ASSIGN(const bool may, standing.may_pass_on(*record.origin));
    if (!may) return false;
  }
  TRY_ASSIGN(const bool taken_back, standing.is_taken_back(id));
  return !taken_back;
}

}  // namespace

Result<DomainRecords> DomainRecords::open() {
  TRY_ASSIGN(auto corpus, Corpus::open());
  return DomainRecords(std::move(corpus));
}

Result<void> DomainRecords::put(LiveRecord record, const Passage& passage) {
  records_.erase(passage.record);
  TRY(corpus_->put({passage.record, passage.title, passage.text}));
  records_.emplace(passage.record, std::move(record));
  return {};
}

Result<void> DomainRecords::remove(const StatementId& record) {
  records_.erase(record);
  return corpus_->remove(record);
}

// All that the index finds, the best first; all records by id where nothing is searched for.
Result<std::vector<StatementId>> DomainRecords::ranked(const DomainQuestion& question,
                                                       const Criteria& criteria) {
  std::vector<StatementId> out;
  if (criteria.words().empty()) {
    for (const auto& [id, record] : records_) out.push_back(id);
    return out;
  }
  const auto terms =
      model::counts(question.shape.operation) ? Corpus::Terms::kAll : Corpus::Terms::kAny;
  TRY_ASSIGN(const auto matches,
             corpus_->search(criteria.words(), terms, std::numeric_limits<std::size_t>::max()));
  for (const Corpus::Match& match : matches) out.push_back(match.record);
  return out;
}

Result<Chosen> DomainRecords::choose(const DomainQuestion& question, const Criteria& criteria,
                                     const Standing& standing) {
  TRY_ASSIGN(const std::vector<StatementId> candidates, ranked(question, criteria));
  Chosen out;
  out.of = records_.size();
  for (const StatementId& id : candidates) {
    const auto at = records_.find(id);
    if (at == records_.end() || !rules::covers(question.records, id, at->second.labels) ||
        !criteria.fits(at->second.fields))
      continue;
    TRY_ASSIGN(const bool may_be, may_be_used(id, at->second, standing));
    if (!may_be) continue;
    out.records.push_back(id);
    if (!model::counts(question.shape.operation) && out.passages.size() < kPassagesMax) {
      TRY_ASSIGN(auto document, corpus_->get(id));
      if (document)
        out.passages.push_back({id, std::move(document->title), std::move(document->text)});
    }
  }
  std::sort(out.records.begin(), out.records.end());
  if (criteria.cells().empty()) return out;
  for (const StatementId& id : out.records) {
    const RecordFields& fields = records_.at(id).fields;
    const auto field = fields.find(criteria.cells());
    if (field != fields.end() && field->second.line) out.cells[*field->second.line].push_back(id);
  }
  return out;
}

}  // namespace holdfast::federation
