// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "tests/histories/history.h"

// What may be asked, who may speak, what is granted, and what is answered.
namespace holdfast::testing {
namespace {

using model::Status;

const std::vector<std::string>& purposes() {
  static const std::vector<std::string> all{"teaching", "the health of the bay", "yearly audit"};
  return all;
}

// Whether one call more is within the limits.
template <typename D>
bool within(const D& detail, const model::Limits& limits, Seconds now) {
  const std::uint64_t today = detail.day == now / kDay ? detail.calls_on_day : 0;
  return (limits.calls == 0 || detail.calls < limits.calls) &&
         (limits.calls_per_day == 0 || today < limits.calls_per_day);
}

}  // namespace

template <typename D>
const std::vector<StatementId>& History::active(std::vector<StatementId>& ids) {
  std::erase_if(
      ids, [&](const StatementId& id) { return own_.get<D>(id).first.status != Status::kActive; });
  return ids;
}

bool History::shape() {
  if (!going_on() || rules_of(own_) < 2) return false;
  const auto& live = active<model::ShapeDetail>(shapes_);
  if (live.size() > 3 && dice_.chance(50)) {
    const StatementId id = dice_.pick(live);
    const StatementId domain = own_.get<model::ShapeDetail>(id).second.domain;
    admit(model::Shape{domain, model::Retire{id}}, own_.any(domain_of(domain).guardians));
    return true;
  }
  if (live.size() > 8) return false;
  const DomainOfOurs& domain = dice_.pick(own_.domains);
  model::ShapeTemplate out;
  out.operation = static_cast<model::Operation>(dice_.between(1, 5));
  out.title = "What is known of a place";
  out.parameters = {{"place", model::TextParameter{100}},
                    {"since", model::DateParameter{0, dice_.between(0, 30000)}}};
  if (model::counts(out.operation)) {
    const model::Disclosure least = own_.get<model::DomainDetail>(domain.id).second.disclosure;
    out.minimum_cell = least.minimum_cell + static_cast<std::uint32_t>(dice_.below(3));
    out.rounding = least.rounding + static_cast<std::uint32_t>(dice_.below(3));
  } else {
    out.items_max = static_cast<std::uint32_t>(dice_.between(3, 20));
    out.characters_max = static_cast<std::uint32_t>(dice_.between(100, 4000));
  }
  out.steering_needed = out.operation == model::Operation::kAnswer || dice_.chance(10);
  shapes_.push_back(admit(model::Shape{domain.id, out}, own_.enough(domain.guardians)));
  return true;
}

bool History::model_usable(const StatementId& id) const {
  const auto [value, detail] = own_.get<model::ModelDetail>(id);
  if (value.status != Status::kActive) return false;
  return !detail.identity.training_root ||
         own_.get<model::DomainDetail>(detail.domain).second.training_changed <=
             value.first_index.value;
}

bool History::model() {
  if (!going_on() || rules_of(own_) < 2) return false;
  const auto& live = active<model::ModelDetail>(models_);
  if (live.size() > 2 && dice_.chance(50)) {
    const StatementId id = dice_.pick(live);
    const StatementId domain = own_.get<model::ModelDetail>(id).second.domain;
    admit(model::Model{domain, model::Retire{id}}, own_.any(domain_of(domain).guardians));
    return true;
  }
  if (live.size() > 6) return false;
  const DomainOfOurs& domain = dice_.pick(own_.domains);
  model::ModelIdentity out;
  out.name = "extractive";
  out.weights = dice_.digest<BytesDigest>();
  out.determinism = model::Determinism::kExact;
  // Who trained it must have seen the last record that was taken away.
  const bool seen = own_.ledger.basis().size.value >=
                    own_.get<model::DomainDetail>(domain.id).second.training_changed;
  if (seen && dice_.chance(60)) out.training_root = dice_.digest<TrainingRoot>();
  models_.push_back(admit(model::Model{domain.id, out}, own_.enough(domain.guardians)));
  return true;
}

bool History::steering() {
  if (!going_on() || rules_of(own_) < 2) return false;
  const auto& live = active<model::SteeringDetail>(steerings_);
  if (live.size() > 2 && dice_.chance(50)) {
    const StatementId id = dice_.pick(live);
    const StatementId domain = own_.get<model::SteeringDetail>(id).second.domain;
    admit(model::Steering{domain, model::WithdrawSteering{id}},
          own_.any(domain_of(domain).guardians));
    return true;
  }
  model::SteeringTerms out;
  for (const StatementId& id : active<model::ModelDetail>(models_))
    if (model_usable(id) && out.models.size() < 3) out.models.push_back(id);
  if (out.models.empty() || live.size() > 6) return false;
  std::sort(out.models.begin(), out.models.end());
  out.limits = {dice_.below(3) * 20, dice_.below(3) * 5, 0, dice_.below(2) * 1500};
  const DomainOfOurs& domain = dice_.pick(own_.domains);
  steerings_.push_back(admit(model::Steering{domain.id, out}, own_.enough(domain.guardians)));
  return true;
}

// To a village: what it may ask, and what else it may do.
model::Grant History::village_grant(const DomainOfOurs& domain, const StatementId& agreement) {
  model::Grant out;
  out.grantee = model::AgreementGrantee{agreement};
  for (const StatementId& id : active<model::ShapeDetail>(shapes_))
    if (own_.get<model::ShapeDetail>(id).second.domain == domain.id) out.shapes.push_back(id);
  std::sort(out.shapes.begin(), out.shapes.end());
  out.operations = {!out.shapes.empty(), dice_.chance(60), dice_.chance(20), dice_.chance(20),
                    dice_.chance(20)};
  if (!out.operations.query) out.operations.share = true;
  out.limits = {dice_.below(3) * 15, dice_.below(3) * 3, 0, dice_.below(2) * 1000};
  out.onward = dice_.chance(50) ? model::Onward::kWithOriginsGrant : model::Onward::kNone;
  return out;
}

bool History::grant() {
  if (!going_on()) return false;
  const bool by_council = dice_.chance(15);
  const DomainOfOurs& domain = dice_.pick(own_.domains);
  const Relation& relation = dice_.pick(relations_);
  model::Grant out;
  if (!by_council && in_force(relation) && dice_.chance(80)) {
    out = village_grant(domain, *relation.ours);
  } else {
    out.grantee = model::AuditorGrantee{
        key_named(std::to_string(seed_) + " auditor " + std::to_string(dice_.below(3)))
            .public_key()};
    out.operations.audit = true;
    out.operations.mirror = !by_council && dice_.chance(40);
  }
  out.domain = by_council ? own_.village : domain.id;
  if (dice_.chance(20)) {
    out.records = model::RecordLabels{{"BC P", "TK A"}};
  } else if (dice_.chance(30) && !records_.empty()) {
    std::vector<StatementId> ids{dice_.pick(records_), dice_.pick(records_)};
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    out.records = model::RecordIds{std::move(ids)};
  }
  for (const std::string& purpose : purposes())
    if (dice_.chance(70)) out.purposes.push_back(purpose);
  if (out.purposes.empty()) out.purposes = {"teaching"};
  out.not_before = now_ + (dice_.chance(10) ? kDay : 0);
  out.not_after = now_ + dice_.between(2, 366) * kDay;
  out.tikanga = "Ask before you take.";
  grants_.push_back(
      admit(out, own_.enough(by_council ? own_.council : domain_of(domain.id).guardians)));
  return true;
}

// Of a grant that is there, of one that never will be, or of another domain's.
bool History::revocation() {
  const auto office = [&](const StatementId& domain) -> Officers& {
    return domain == own_.village ? own_.council : domain_of(domain).guardians;
  };
  if (dice_.chance(10)) {
    const StatementId id = dice_.pick(own_.domains).id;
    admit(model::Revocation{id, dice_.digest<StatementId>()}, own_.any(office(id)));
    return true;
  }
  const auto& live = active<model::GrantDetail>(grants_);
  if (live.empty()) return false;
  const StatementId grant = dice_.pick(live);
  StatementId domain = own_.get<model::GrantDetail>(grant).second.terms.domain;
  if (dice_.chance(10)) domain = dice_.pick(own_.domains).id;
  Bytes id;
  append(id, domain);
  append(id, grant);
  if (own_.has<model::RevocationDetail>(id)) return false;
  admit(model::Revocation{domain, grant}, own_.any(office(domain)));
  return true;
}

// A grant of ours to a village that is in force now and allows this.
std::optional<StatementId> History::live_grant(bool model::Operations::*operation) {
  std::vector<StatementId> out;
  for (const StatementId& id : active<model::GrantDetail>(grants_)) {
    const model::Grant terms = own_.get<model::GrantDetail>(id).second.terms;
    const auto* to = std::get_if<model::AgreementGrantee>(&terms.grantee);
    if (to == nullptr || !(terms.operations.*operation) || now_ < terms.not_before ||
        now_ >= terms.not_after)
      continue;
    const bool stands = std::any_of(relations_.begin(), relations_.end(), [&](const auto& one) {
      return one.ours == to->agreement && in_force(one);
    });
    if (stands) out.push_back(id);
  }
  if (out.empty()) return std::nullopt;
  return dice_.pick(out);
}

// Names a model that guardians of the grant's domain let speak.
bool History::give_voice(const model::Grant& grant, model::Inference& inference,
                         std::uint64_t& most) {
  for (const StatementId& id : active<model::SteeringDetail>(steerings_)) {
    const auto detail = own_.get<model::SteeringDetail>(id).second;
    if (detail.domain != grant.domain || !within(detail, detail.terms.limits, now_)) continue;
    for (const StatementId& model : detail.terms.models) {
      if (!model_usable(model)) continue;
      inference.steering = id;
      inference.model = model;
      if (detail.terms.limits.characters != 0)
        most = std::min(most, detail.terms.limits.characters);
      return true;
    }
  }
  return false;
}

bool History::answer() {
  AgentOfOurs* agent = going_on() ? acting_agent() : nullptr;
  const auto id = agent != nullptr ? live_grant(&model::Operations::query) : std::nullopt;
  if (!id) return false;
  const auto detail = own_.get<model::GrantDetail>(*id).second;
  const model::Grant& grant = detail.terms;
  auto shapes = grant.shapes;
  active<model::ShapeDetail>(shapes);
  if (!within(detail, grant.limits, now_) || shapes.empty()) return false;

  model::Inference out;
  out.shape = dice_.pick(shapes);
  const auto shape = own_.get<model::ShapeDetail>(*out.shape).second.shape;
  std::uint64_t most = shape.characters_max != 0 ? shape.characters_max : 1000;
  if (grant.limits.characters != 0) most = std::min(most, grant.limits.characters);
  const bool speaks = shape.steering_needed || dice_.chance(20);
  if (speaks && !give_voice(grant, out, most) && shape.steering_needed) return false;
  out.agreement = std::get<model::AgreementGrantee>(grant.grantee).agreement;
  const StatementId asker = own_.get<model::AgreementDetail>(out.agreement).second.peer;
  Usable used = usable(grant, rules::kMayRead, asker);
  out.sequence = own_.count(*agent);
  dice_.fill(out.query_id);
  out.grant = *id;
  out.purpose = dice_.pick(grant.purposes);
  out.parameters = dice_.digest<FieldCommitment>();
  out.onward = std::move(used.onward);
  model::Answered answered;
  answered.commitment = dice_.digest<ContentRoot>();
  answered.items = static_cast<std::uint32_t>(used.records.size());
  answered.characters = static_cast<std::uint32_t>(dice_.below(most + 1));
  std::optional<model::Opening> opening;
  if (model::counts(shape.operation)) {
    opening = model::Opening{{}, std::move(used.records)};
    dice_.fill(opening->salt);
    const std::uint64_t bound = std::uint64_t{4} << dice_.below(4);
    answered.used = model::HiddenUse{bound, model::hidden_root(*opening, bound)};
  } else {
    if (!used.records.empty() && dice_.chance(60)) answered.cited = {used.records.front()};
    answered.used = model::UsedRecords{std::move(used.records)};
  }
  out.outcome = std::move(answered);
  admit(std::move(out), {&agent->key}, std::move(opening));
  return true;
}

bool History::refuse() {
  AgentOfOurs* agent = going_on() ? acting_agent() : nullptr;
  const Relation& relation = dice_.pick(relations_);
  if (agent == nullptr || !relation.ours) return false;
  model::Inference out;
  out.sequence = own_.count(*agent);
  dice_.fill(out.query_id);
  out.agreement = *relation.ours;
  if (!grants_.empty() && dice_.chance(60)) out.grant = dice_.pick(grants_);
  if (!shapes_.empty() && dice_.chance(60)) out.shape = dice_.pick(shapes_);
  out.purpose = dice_.pick(purposes());
  out.outcome = model::RefusedAnswer{dice_.chance(50) ? "insufficient" : "budget",
                                     static_cast<std::uint64_t>(dice_.between(1, 3))};
  admit(std::move(out), {&agent->key});
  return true;
}

}  // namespace holdfast::testing
