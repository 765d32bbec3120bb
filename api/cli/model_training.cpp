// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/model_training.h"

#include <algorithm>

#include "api/cli/ids.h"
#include "api/cli/made.h"
#include "ledger/merkle/prefix_tree.h"

namespace holdfast::cli {

Result<TrainingSet> training_set(log::Reader& reader, const StatementId& domain) {
  TRY_ASSIGN(const auto records, all_made<model::RecordDetail>(reader));
  std::vector<merkle::PrefixSet> pairs;
  for (const auto& record : records) {
    if (!record.active() || record.detail.domain != domain || !record.detail.policy.train) continue;
    TRY_ASSIGN(const auto withdrawal, reader.held_against(record.id));
    if (withdrawal) continue;
    pairs.push_back({model::state_key(model::StateClass::kRecord, record.id),
                     model::value_hash(record.value), 0});
  }
  if (pairs.empty())
    return Error{Code::kNotFound, "", "records of " + domain_name(reader, domain) + " to train on",
                 "none", "at least one live record with train in its policy"};
  std::sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  const StateRoot root = merkle::PrefixTree::build(pairs).root();
  return TrainingSet{TrainingRoot::from(root), pairs.size()};
}

Result<bool> training_loss_waits(log::Reader& reader, const StatementId& domain) {
  TRY_ASSIGN(const auto records, all_made<model::RecordDetail>(reader));
  for (const auto& record : records) {
    if (record.detail.domain != domain || !record.detail.policy.train) continue;
    TRY_ASSIGN(const auto withdrawal, reader.held_against(record.id));
    if (withdrawal) return true;
  }
  return false;
}

Result<Liveness> liveness_of_model(log::Reader& reader, const Made<model::ModelDetail>& found) {
  const Liveness usable{true, "usable"};
  const Liveness standing = liveness_of(reader, found.id, found.value, "retired");
  if (!standing.live) return standing;
  if (!found.detail.identity.training_root) return usable;
  TRY_ASSIGN(const auto subject, reader.find(model::StateClass::kDomain, found.detail.domain));
  if (!subject)
    return Error{Code::kNotFound, "", "domain " + found.detail.domain.hex(), "no state of it", ""};
  TRY_ASSIGN(const auto domain, model::decode_own_detail<model::DomainDetail>(subject->detail));
  if (domain.training_changed > found.value.first_index.value)
    return Liveness{false, "not usable: #" + std::to_string(domain.training_changed - 1) +
                               " took back a record to train on"};
  TRY_ASSIGN(const bool waits, training_loss_waits(reader, found.detail.domain));
  if (!waits) return usable;
  return Liveness{false, "not usable: a record to train on is taken back (waits to be sequenced)"};
}

}  // namespace holdfast::cli
