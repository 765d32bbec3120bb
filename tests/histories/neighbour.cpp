// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/histories/neighbour.h"

#include <algorithm>

namespace holdfast::testing {

using model::StateClass;

Neighbour::Neighbour(const std::string& name, std::uint64_t seed, Dice& dice, const Seconds& now)
    : own(name, seed, dice, now), dice_(dice), now_(now) {
  own.found(2);
  own.seal();
  own.add_domain("records");
  own.add_agent(model::Capability::kAct);
  for (int i = 0; i < 3; ++i) {
    model::Record record;
    record.domain = domain().id;
    record.guardianship.guardians = {domain().guardians.now.front().id()};
    record.policy = {true, true, false, false, false};
    record.content_root = dice_.digest<ContentRoot>();
    record.media_type = "text/plain";
    records.push_back(own.admit(std::move(record), own.enough(domain().guardians)));
  }
  model::ShapeTemplate excerpts;
  excerpts.operation = model::Operation::kExcerpts;
  excerpts.title = "Excerpts";
  excerpts.items_max = 10;
  excerpts.characters_max = 2000;
  shape = own.admit(model::Shape{domain().id, excerpts}, own.enough(domain().guardians));
  own.seal();
}

void Neighbour::seal_up() {
  if (!own.sealed()) own.seal();
}

model::Offer Neighbour::offer(const Community& other, const model::Terms& terms,
                              const Keys& signers) {
  model::Offer out;
  out.genesis = other.ledger.items()[0].signed_statement;
  out.state = other.shown({{StateClass::kAuthority, other.village}}, {});
  out.terms = {"https://" + other.origin, terms, consents(terms, signers)};
  return out;
}

StatementId Neighbour::agree_with(const Community& other, const model::Terms& terms) {
  const StatementId id = own.admit(
      model::Agreement{std::nullopt, 0, offer(other, terms, own.council.all())}, own.council.all());
  own.admit(model::Agreement{id, 1,
                             model::Acceptance{
                                 consents(terms, joined(own.council.all(), other.council.all()))}},
            own.enough(own.council));
  own.seal();
  return id;
}

NeighboursGrant Neighbour::grant_to(const StatementId& agreement) {
  model::Grant out;
  out.domain = domain().id;
  out.grantee = model::AgreementGrantee{agreement};
  out.operations.query = true;
  out.operations.share = dice_.chance(70);
  out.shapes = {shape};
  out.purposes = {"teaching", "the health of the bay"};
  out.not_before = now_;
  out.not_after = now_ + dice_.between(20, 200) * kDay;
  out.onward = dice_.chance(70) ? model::Onward::kWithOriginsGrant : model::Onward::kNone;
  const NeighboursGrant made{own.admit(out, own.enough(domain().guardians)), agreement,
                             out.operations.share, false, out.not_after};
  seal_up();
  return made;
}

void Neighbour::revoke(const StatementId& grant) {
  own.admit(model::Revocation{domain().id, grant}, own.any(domain().guardians));
}

StatementId Neighbour::answer(const NeighboursGrant& grant) {
  model::Inference out;
  out.sequence = own.count(agent());
  dice_.fill(out.query_id);
  out.agreement = grant.agreement;
  out.grant = grant.id;
  out.shape = shape;
  out.purpose = "teaching";
  model::Answered answered;
  answered.commitment = dice_.digest<ContentRoot>();
  answered.used = model::UsedRecords{{dice_.pick(records)}};
  answered.items = 1;
  answered.characters = 100;
  out.outcome = answered;
  return own.admit(std::move(out), {&agent().key});
}

StatementId Neighbour::refuse(const StatementId& agreement) {
  model::Inference out;
  out.sequence = own.count(agent());
  dice_.fill(out.query_id);
  out.agreement = agreement;
  out.purpose = "teaching";
  out.outcome = model::RefusedAnswer{"insufficient", 1};
  return own.admit(std::move(out), {&agent().key});
}

StatementId Neighbour::hand_over(const NeighboursGrant& grant) {
  model::Transfer out;
  out.sequence = own.count(agent());
  out.agreement = grant.agreement;
  out.grant = grant.id;
  out.records = {dice_.pick(records)};
  return own.admit(std::move(out), {&agent().key});
}

void Neighbour::live() {
  if (ended) return;
  const auto what = dice_.below(8);
  if (what == 0) {
    own.rotate_council();
  } else if (what == 1) {
    seal_up();
    own.change_operator();
  } else if (what == 2) {
    own.change_witness();
  } else if (what == 3) {
    own.rotate_guardians(domain());
  } else {
    own.admit(model::Decision{own.count(agent()), domain().id, 0, dice_.digest<ContentRoot>(),
                              dice_.digest<FieldCommitment>(), model::Verdict::kAllow, "sharing",
                              model::OfItself{}},
              {&agent().key});
  }
  seal_up();
}

void Neighbour::observe(const StatementId& agreement, const Community& other) {
  const auto known = own.get<model::PeerDetail>(other.village).second;
  if (ended || (known.size.value != 0 &&
                (known.size >= other.ledger.size() || now_ / kDay <= known.observed_at / kDay)))
    return;
  own.admit(
      model::Observation{model::PeerCheckpoint{agreement, other.shown({}, own.known_of(other)),
                                               other.ledger.consistency_from(known.size)}},
      {&own.operator_key});
  own.seal();
}

void Neighbour::end() {
  own.admit(model::Exit{dice_.digest<BytesDigest>()}, own.enough(own.council));
  own.seal();
  ended = true;
}

}  // namespace holdfast::testing
