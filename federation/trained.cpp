// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/trained.h"

#include <algorithm>

#include "federation/record_fields.h"
#include "ledger/merkle/prefix_tree.h"
#include "ledger/model/codec.h"

namespace holdfast::federation {
namespace {

struct TrainRecord {
  StatementId id;
  model::StateValue value;
};

Result<StatementId> id_of_subject(log::Reader& reader, const rules::Subject& subject) {
  TRY_ASSIGN(const Bytes bytes, reader.signed_statement(subject.value.first_index));
  TRY_ASSIGN(const auto parts, model::decode_signed_statement(bytes));
  return model::statement_id(parts.statement);
}

// Every record of the domain whose policy has train, whatever its status.
Result<std::vector<TrainRecord>> train_records(log::Reader& reader, const StatementId& domain) {
  std::vector<TrainRecord> out;
  const auto take = [&](const rules::Subject& subject) -> Result<void> {
    TRY_ASSIGN(const auto detail, model::decode_own_detail<model::RecordDetail>(subject.detail));
    if (detail.domain != domain || !detail.policy.train) return {};
    TRY_ASSIGN(const StatementId id, id_of_subject(reader, subject));
    out.push_back({id, subject.value});
    return {};
  };
  Result<void> outcome;
  TRY(reader.each_subject(model::StateClass::kRecord, [&](const rules::Subject& subject) {
    outcome = take(subject);
    return outcome.has_value();
  }));
  TRY(outcome);
  return out;
}

std::string name_of_domain(log::Reader& reader, const StatementId& domain) {
  const auto subject = reader.find(model::StateClass::kDomain, domain);
  if (subject && *subject)
    if (const auto detail = model::decode_own_detail<model::DomainDetail>((*subject)->detail))
      return detail->slug;
  return "domain " + domain.hex();
}

}  // namespace

Result<TrainingSet> training_set(log::Reader& reader, const StatementId& domain,
                                 std::optional<LeafIndex> before) {
  TRY_ASSIGN(const auto records, train_records(reader, domain));
  std::vector<merkle::PrefixSet> pairs;
  TrainingSet set;
  for (const TrainRecord& record : records) {
    if (record.value.status != model::Status::kActive) continue;
    if (before && record.value.first_index >= *before) continue;
    TRY_ASSIGN(const auto withdrawal, reader.held_against(record.id));
    if (withdrawal) continue;
    set.records.push_back(record.id);
    pairs.push_back({model::state_key(model::StateClass::kRecord, record.id),
                     model::value_hash(record.value), 0});
  }
  if (pairs.empty())
    return Error{Code::kNotFound, "",
                 "records of " + name_of_domain(reader, domain) + " to train on", "none",
                 "at least one live record with train in its policy (import and record add take "
                 "--policy=read,train)"};
  std::sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  std::sort(set.records.begin(), set.records.end());
  const StateRoot root = merkle::PrefixTree::build(pairs).root();
  set.root = TrainingRoot::from(root);
  return set;
}

Result<bool> training_loss_waits(log::Reader& reader, const StatementId& domain) {
  TRY_ASSIGN(const auto records, train_records(reader, domain));
  for (const TrainRecord& record : records) {
    TRY_ASSIGN(const auto withdrawal, reader.held_against(record.id));
    if (withdrawal) return true;
  }
  return false;
}

Result<std::unique_ptr<ExtractiveModel>> train_on(log::Reader& reader, const TrainingSet& set) {
  std::vector<Passage> passages;
  for (const StatementId& record : set.records) {
    TRY_ASSIGN(const auto content, reader.content(record));
    passages.push_back(passage_of(record, content));
  }
  return ExtractiveModel::train(passages);
}

Result<std::unique_ptr<ExtractiveModel>> train_on(log::Reader& reader, const StatementId& domain) {
  TRY_ASSIGN(const TrainingSet set, training_set(reader, domain));
  return train_on(reader, set);
}

}  // namespace holdfast::federation
