// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/trained.h"

#include <algorithm>
#include <map>

#include "federation/record_fields.h"
#include "ledger/log/logged.h"
#include "ledger/merkle/prefix_tree.h"
#include "ledger/model/codec.h"
#include "ledger/rules/subject_change.h"

namespace holdfast::federation {
namespace {

struct TrainRecord {
  StatementId id;
  model::StateValue value;
};

StateKey key_of(const TrainRecord& record) {
  return model::state_key(model::StateClass::kRecord, record.id);
}

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

// Those that are not about to be taken back.
Result<std::vector<TrainRecord>> without_withdrawals(log::Reader& reader,
                                                     std::vector<TrainRecord> records) {
  std::vector<TrainRecord> out;
  for (TrainRecord& record : records) {
    TRY_ASSIGN(const auto withdrawal, reader.held_against(record.id));
    if (!withdrawal) out.push_back(std::move(record));
  }
  return out;
}

using ValueHashes = std::map<StateKey, ValueHash>;

// What the state tree had at a key when the log had a size, and which entry had set it.
struct SetBefore {
  ValueHash value;
  LeafIndex by;
};

// Of these keys. Linear in the size.
Result<void> look_back(log::Reader& reader, TreeSize size, std::map<StateKey, SetBefore>& keys) {
  for (LeafIndex index; index.in(size); ++index.value) {
    TRY_ASSIGN(const Bytes bytes, reader.change_pairs(index));
    TRY_ASSIGN(const auto pairs, rules::decode_change_pairs(bytes));
    for (const rules::ChangePair& pair : pairs)
      if (const auto wanted = keys.find(pair.key); wanted != keys.end())
        wanted->second = {pair.value, index};
  }
  return {};
}

// Whether an entry has left a record live in this domain, which was live until it was superseded
// later.
Result<bool> left_live(log::Reader& reader, LeafIndex by, const StatementId& domain) {
  TRY_ASSIGN(const log::Logged logged, log::logged_at(reader, by));
  if (const auto* record = std::get_if<model::Record>(&logged.statement.body))
    return record->domain == domain;
  const auto* change = std::get_if<model::RecordChange>(&logged.statement.body);
  if (change == nullptr) return false;
  if (const auto* hand_over = std::get_if<model::HandOver>(&change->step))
    return hand_over->domain == domain;
  return std::holds_alternative<model::Restore>(change->step);
}

Result<TrainingSet> set_of(log::Reader& reader, const StatementId& domain,
                           const std::vector<TrainRecord>& records, const ValueHashes& values) {
  TrainingSet set;
  std::vector<merkle::PrefixSet> pairs;
  for (const TrainRecord& record : records) set.records.push_back(record.id);
  for (const auto& [key, value] : values) pairs.push_back({key, value, 0});
  if (pairs.empty())
    return Error{Code::kNotFound, "",
                 "records of " + name_of_domain(reader, domain) + " to train on", "none",
                 "at least one live record with train in its policy (import and record add take "
                 "--policy=read,train)"};
  std::sort(set.records.begin(), set.records.end());
  const StateRoot root = merkle::PrefixTree::build(pairs).root();
  set.root = TrainingRoot::from(root);
  return set;
}

}  // namespace

Result<TrainingSet> training_set(log::Reader& reader, const StatementId& domain) {
  TRY_ASSIGN(auto records, train_records(reader, domain));
  std::erase_if(records,
                [](const TrainRecord& one) { return one.value.status != model::Status::kActive; });
  TRY_ASSIGN(records, without_withdrawals(reader, std::move(records)));
  ValueHashes values;
  for (const TrainRecord& one : records) values[key_of(one)] = model::value_hash(one.value);
  return set_of(reader, domain, records, values);
}

Result<TrainingSet> training_set_at(log::Reader& reader, const StatementId& domain, TreeSize size) {
  TRY_ASSIGN(auto records, train_records(reader, domain));
  TRY_ASSIGN(records, without_withdrawals(reader, std::move(records)));
  std::vector<TrainRecord> live;
  std::vector<TrainRecord> superseded;
  std::map<StateKey, SetBefore> before;
  for (const TrainRecord& one : records) {
    const bool is_as_it_was = one.value.last_index.in(size);
    // What is live and was changed since came into the domain since.
    if (one.value.status == model::Status::kActive && is_as_it_was) live.push_back(one);
    if (one.value.status != model::Status::kSuperseded || is_as_it_was ||
        !one.value.first_index.in(size))
      continue;
    superseded.push_back(one);
    before[key_of(one)] = {};
  }
  if (!superseded.empty()) TRY(look_back(reader, size, before));
  ValueHashes values;
  for (const TrainRecord& one : live) values[key_of(one)] = model::value_hash(one.value);
  for (const TrainRecord& one : superseded) {
    const SetBefore& then = before.at(key_of(one));
    TRY_ASSIGN(const bool was_live, left_live(reader, then.by, domain));
    if (!was_live) continue;
    values[key_of(one)] = then.value;
    live.push_back(one);
  }
  return set_of(reader, domain, live, values);
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
