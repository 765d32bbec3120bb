// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "ledger/model/note.h"
#include "tests/histories/history.h"

// What passes between villages: agreements, receipts, compositions, transfers, observations.
namespace holdfast::testing {
namespace {

using model::ReceiptOf;
using model::StateClass;
using model::Status;

Bytes foreign_key(const model::ForeignId& id) {
  Bytes key;
  append(key, id.village);
  append(key, id.id);
  return key;
}

template <typename T>
void add_once(std::vector<T>& to, const T& item) {
  if (std::find(to.begin(), to.end(), item) == to.end()) to.push_back(item);
}

}  // namespace

// --- agreements ---------------------------------------------------------------------------------

bool History::in_force(const Relation& relation) const {
  if (!relation.ours || relation.with->ended) return false;
  return own_.get<model::AgreementDetail>(*relation.ours).first.status == Status::kActive &&
         own_.get<model::PeerDetail>(relation.with->own.village).first.status == Status::kActive;
}

// Each of the two has seen who sits on the other's council now.
bool History::both_know(const Relation& relation) const {
  return own_.knows_council_of(relation.with->own) && relation.with->own.knows_council_of(own_);
}

bool History::offer(Relation& relation) {
  Neighbour& with = *relation.with;
  if (!own_.sealed() || with.ended) return false;
  relation.terms.village_low = std::min(own_.village, with.own.village);
  relation.terms.village_high = std::max(own_.village, with.own.village);
  relation.terms.revision += 1;
  relation.terms.purpose = "the health of the bay";
  relation.terms.text = "Ask before you take; say who told you.";
  with.seal_up();
  relation.theirs = with.agree_with(own_, relation.terms);
  relation.ours =
      admit(model::Agreement{std::nullopt, 0,
                             Neighbour::offer(with.own, relation.terms, own_.enough(own_.council))},
            own_.enough(own_.council));
  return true;
}

// New terms on both sides, which both councils sign.
bool History::renew(Relation& relation, bool resumes) {
  Neighbour& with = *relation.with;
  if (with.ended || !both_know(relation)) return false;
  relation.terms.revision += 1;
  const model::NewTerms terms{
      "https://" + with.own.origin, relation.terms,
      consents(relation.terms, joined(own_.council.all(), with.own.council.all()))};
  with.own.admit(
      model::Agreement{relation.theirs,
                       with.own.get<model::AgreementDetail>(*relation.theirs).first.version,
                       model::Amendment{terms}},
      with.own.enough(with.own.council));
  const auto version = own_.get<model::AgreementDetail>(*relation.ours).first.version;
  model::Agreement out{relation.ours, version, model::Amendment{terms}};
  if (resumes) out.step = model::Resumption{terms};
  admit(std::move(out), own_.enough(own_.council));
  return true;
}

bool History::agreement() {
  if (!going_on() || own_.get<model::VillageDetail>(own_.village).second.rules < 2) return false;
  Relation& relation = dice_.pick(relations_);
  if (!relation.ours) return offer(relation);
  const auto [value, detail] = own_.get<model::AgreementDetail>(*relation.ours);
  const auto take_back = [&](auto step) {
    admit(model::Agreement{relation.ours, 0, step}, own_.any(own_.council));
    return true;
  };
  const auto end = [&] {
    Neighbour& with = *relation.with;
    if (!with.ended)
      with.own.admit(model::Agreement{relation.theirs, 0, model::Ending{}},
                     with.own.any(with.own.council));
    relation.to_another.reset();
    return take_back(model::Ending{});
  };
  switch (value.status) {
    case Status::kOffered: {
      if (dice_.chance(5)) return end();
      if (relation.with->ended || !own_.knows_council_of(relation.with->own)) return false;
      const auto& peer = relation.with->own;
      admit(model::Agreement{relation.ours, value.version,
                             model::Acceptance{consents(
                                 relation.terms, joined(own_.council.all(), peer.council.all()))}},
            own_.enough(own_.council));
      return true;
    }
    case Status::kActive:
      if (dice_.chance(50)) return renew(relation, false);
      if (dice_.chance(30)) return take_back(model::Suspension{});
      return dice_.chance(5) && end();
    case Status::kSuspended:
      if (dice_.chance(90)) return renew(relation, true);
      return end();
    default: return offer(relation);
  }
}

// --- receipts -----------------------------------------------------------------------------------

bool History::foreign_live(const model::ForeignId& id) const {
  const Bytes key = foreign_key(id);
  const auto [value, detail] = own_.get<model::ForeignGrantDetail>(key);
  if (value.status != Status::kActive || now_ < detail.terms.not_before ||
      now_ >= detail.terms.not_after)
    return false;
  return own_.get<model::AgreementDetail>(detail.agreement).first.status == Status::kActive &&
         own_.get<model::PeerDetail>(id.village).first.status == Status::kActive;
}

// One of the neighbour's that lets us ask, made where there is none.
NeighboursGrant* History::live_grant_of(Relation& relation, bool shares) {
  std::vector<NeighboursGrant*> live;
  for (NeighboursGrant& grant : relation.grants)
    if (grant.agreement == *relation.theirs && !grant.revoked && now_ < grant.not_after &&
        (grant.shares || !shares))
      live.push_back(&grant);
  if (!live.empty() && dice_.chance(90)) return dice_.pick(live);
  relation.grants.push_back(relation.with->grant_to(*relation.theirs));
  NeighboursGrant* made = &relation.grants.back();
  return made->shares || !shares ? made : nullptr;
}

void History::keep(Relation& relation, ReceiptOf what, const StatementId& of,
                   std::vector<SubjectId> subjects) {
  AgentOfOurs& agent = *acting_agent();
  model::Receipt out;
  out.sequence = own_.count(agent);
  out.agreement = *relation.ours;
  out.acknowledges = what;
  out.of = of;
  if (dice_.chance(50)) out.envelope = dice_.digest<BytesDigest>();
  relation.with->seal_up();
  out.state = relation.with->own.shown(std::move(subjects), own_.known_of(relation.with->own));
  const StatementId id = admit(std::move(out), {&agent.key});
  if (what == ReceiptOf::kAnswer) answers_.push_back(id);
  if (what == ReceiptOf::kRefusal) refusals_.push_back(id);
}

bool History::receive_answer(Relation& relation) {
  const NeighboursGrant* grant = live_grant_of(relation, false);
  if (grant == nullptr) return false;
  Neighbour& with = *relation.with;
  const StatementId of = with.answer(*grant);
  add_once(foreign_, {with.own.village, grant->id});
  keep(relation, ReceiptOf::kAnswer, of,
       {{StateClass::kInference, of},
        {StateClass::kGrant, grant->id},
        {StateClass::kAgreement, grant->agreement},
        {StateClass::kDomain, with.own.domains.front().id}});
  return true;
}

bool History::receive_refusal(Relation& relation) {
  const StatementId of = relation.with->refuse(*relation.theirs);
  keep(relation, ReceiptOf::kRefusal, of, {{StateClass::kInference, of}});
  return true;
}

bool History::receive_transfer(Relation& relation) {
  const NeighboursGrant* grant = live_grant_of(relation, true);
  if (grant == nullptr) return false;
  const StatementId of = relation.with->hand_over(*grant);
  keep(relation, ReceiptOf::kTransfer, of, {{StateClass::kTransfer, of}});
  return true;
}

// A grant of the neighbour's to us, or to the other neighbour.
bool History::receive_grant(Relation& relation) {
  Neighbour& with = *relation.with;
  Relation& other = &relation == &relations_[0] ? relations_[1] : relations_[0];
  NeighboursGrant* grant = nullptr;
  if (dice_.chance(60) && !other.with->ended) {
    if (!relation.to_another || now_ >= relation.to_another->not_after) {
      if (with.own.has<model::PeerDetail>(other.with->own.village) && !relation.to_another)
        return false;
      if (relation.to_another) {
        relation.to_another = with.grant_to(relation.to_another->agreement);
      } else {
        model::Terms terms = relation.terms;
        terms.village_low = std::min(with.own.village, other.with->own.village);
        terms.village_high = std::max(with.own.village, other.with->own.village);
        other.with->seal_up();
        relation.to_another = with.grant_to(with.agree_with(other.with->own, terms));
      }
    }
    grant = &*relation.to_another;
    if (grant->revoked) return false;
  } else {
    grant = live_grant_of(relation, false);
  }
  if (grant == nullptr) return false;
  add_once(foreign_, {with.own.village, grant->id});
  keep(relation, ReceiptOf::kGrant, grant->id,
       {{StateClass::kGrant, grant->id},
        {StateClass::kAgreement, grant->agreement},
        {StateClass::kDomain, with.own.domains.front().id}});
  return true;
}

// Of a grant that we know: by the neighbour's state, or as a guardian's word that was carried.
bool History::receive_revocation(Relation& relation) {
  Neighbour& with = *relation.with;
  for (NeighboursGrant& grant : relation.grants) {
    const model::ForeignId id{with.own.village, grant.id};
    if (std::find(foreign_.begin(), foreign_.end(), id) == foreign_.end() || grant.revoked ||
        dice_.chance(50))
      continue;
    grant.revoked = true;
    const StatementId domain = with.own.domains.front().id;
    if (dice_.chance(60)) {
      with.revoke(grant.id);
      Bytes revocation;
      append(revocation, domain);
      append(revocation, grant.id);
      keep(relation, ReceiptOf::kRevocation, grant.id,
           dice_.chance(50) ? std::vector<SubjectId>{{StateClass::kRevocation, revocation}}
                            : std::vector<SubjectId>{{StateClass::kGrant, grant.id}});
      return true;
    }
    AgentOfOurs& agent = *acting_agent();
    model::Receipt out;
    out.sequence = own_.count(agent);
    out.agreement = *relation.ours;
    out.acknowledges = ReceiptOf::kRevocation;
    out.of = grant.id;
    with.seal_up();
    out.state = with.own.shown({{StateClass::kAuthority, domain}}, own_.known_of(with.own));
    out.revocation =
        model::encode_signed_statement(sign(with.own.statement(model::Revocation{domain, grant.id}),
                                            with.own.any(with.own.domains.front().guardians)));
    admit(std::move(out), {&agent.key});
    return true;
  }
  return false;
}

bool History::receive_deletion(Relation& relation) {
  if (relation.handed.empty()) return false;
  const StatementId of = dice_.pick(relation.handed);
  AgentOfOurs& agent = *acting_agent();
  model::Receipt out;
  out.sequence = own_.count(agent);
  out.agreement = own_.get<model::TransferDetail>(of).second.agreement;
  out.acknowledges = ReceiptOf::kDeletion;
  out.of = of;
  admit(std::move(out), {&agent.key});
  return true;
}

bool History::reject(Relation& relation) {
  AgentOfOurs& agent = *acting_agent();
  model::Receipt out;
  out.sequence = own_.count(agent);
  out.agreement = *relation.ours;
  out.acknowledges = static_cast<ReceiptOf>(dice_.between(1, 6));
  out.of = dice_.digest<StatementId>();
  out.envelope = dice_.digest<BytesDigest>();
  out.rejected = "a proof did not hold";
  admit(std::move(out), {&agent.key});
  return true;
}

bool History::receive() {
  if (!going_on() || acting_agent() == nullptr) return false;
  Relation& relation = dice_.pick(relations_);
  if (!relation.ours) return false;
  const Status status = own_.get<model::AgreementDetail>(*relation.ours).first.status;
  if (status == Status::kOffered) return false;
  const auto what = dice_.below(20);
  if (what == 0) return reject(relation);
  if (what < 3) return receive_deletion(relation);
  if (relation.with->ended) return false;
  if (what < 6) return receive_refusal(relation);
  if (what < 8) return receive_revocation(relation);
  const bool theirs_active =
      relation.with->own.get<model::AgreementDetail>(*relation.theirs).first.status ==
      Status::kActive;
  if (!in_force(relation) || !theirs_active) return false;
  if (what < 11) return receive_grant(relation);
  if (what < 13) return receive_transfer(relation);
  return receive_answer(relation);
}

// --- what is made of it -------------------------------------------------------------------------

bool History::compose() {
  AgentOfOurs* agent = going_on() ? acting_agent() : nullptr;
  if (agent == nullptr || answers_.empty()) return false;
  const std::string purpose = "teaching";
  model::Composition out;
  for (int i = 0; i < 3; ++i) {
    const StatementId& receipt = dice_.pick(answers_);
    const auto grant = own_.get<model::ReceiptDetail>(receipt).second.grant;
    if (!grant || !foreign_live(*grant)) continue;
    add_once(out.inputs, receipt);
    add_once(out.grants, *grant);
    for (const Relation& relation : relations_)
      if (relation.with->own.village == grant->village)
        add_once(out.used, {grant->village, dice_.pick(relation.with->records)});
  }
  if (out.inputs.empty()) return false;
  if (!refusals_.empty() && dice_.chance(30)) out.refusals = {dice_.pick(refusals_)};
  std::sort(out.inputs.begin(), out.inputs.end());
  std::sort(out.grants.begin(), out.grants.end());
  std::sort(out.used.begin(), out.used.end());
  for (const StatementId& id : models_)
    if (dice_.chance(30) && model_usable(id)) out.model = id;
  out.sequence = own_.count(*agent);
  out.commitment = dice_.digest<ContentRoot>();
  out.purpose = purpose;
  admit(std::move(out), {&agent->key});
  return true;
}

bool History::transfer() {
  AgentOfOurs* agent = going_on() ? acting_agent() : nullptr;
  if (agent == nullptr) return false;
  model::Transfer out;
  if (dice_.chance(60)) {
    const auto id = live_grant(&model::Operations::share);
    if (!id) return false;
    const model::Grant grant = own_.get<model::GrantDetail>(*id).second.terms;
    out.agreement = std::get<model::AgreementGrantee>(grant.grantee).agreement;
    const StatementId asker = own_.get<model::AgreementDetail>(out.agreement).second.peer;
    Usable used = usable(grant, rules::kMayShare, asker);
    if (used.records.empty()) return false;
    out.grant = *id;
    out.records = std::move(used.records);
    out.onward = std::move(used.onward);
    out.sequence = own_.count(*agent);
    const StatementId made = admit(std::move(out), {&agent->key});
    for (Relation& relation : relations_)
      if (relation.with->own.village == asker) relation.handed.push_back(made);
    return true;
  }
  for (const model::ForeignId& id : foreign_) {
    const auto detail = own_.get<model::ForeignGrantDetail>(foreign_key(id)).second;
    if (!foreign_live(id) || detail.grantee != own_.village || !detail.terms.operations.share)
      continue;
    for (Relation& relation : relations_) {
      if (relation.with->own.village != id.village || !in_force(relation)) continue;
      out.sequence = own_.count(*agent);
      out.direction = model::Direction::kIn;
      out.agreement = *relation.ours;
      out.grant = id.id;
      out.records = {dice_.pick(relation.with->records)};
      if (dice_.chance(30)) out.hops = {dice_.digest<StatementId>()};
      out.hops.push_back(id.village);
      admit(std::move(out), {&agent->key});
      return true;
    }
  }
  return false;
}

// --- what the operator sees ---------------------------------------------------------------------

bool History::observe() {
  if (own_.get<model::VillageDetail>(own_.village).second.rules < 2) return false;
  Relation& relation = dice_.pick(relations_);
  if (!relation.ours || dice_.chance(30)) {
    const model::Basis basis = own_.ledger.basis();
    model::Note note{model::format_checkpoint({own_.origin, basis.size, basis.root, {}}), {}};
    note.signatures.push_back(model::sign_note(note.text, own_.origin, own_.operator_key));
    note.signatures.push_back(model::cosign_note(note.text, "clinic.invalid/witness",
                                                 relation.with->own.witness_key, now_));
    admit(model::Observation{model::OwnCheckpoint{model::format_note(note)}}, {&own_.operator_key});
    return true;
  }
  Neighbour& with = *relation.with;
  const auto known = own_.get<model::PeerDetail>(with.own.village).second;
  if (known.size.value != 0 && now_ / kDay <= known.observed_at / kDay) return false;
  if (!with.ended && dice_.chance(pace_.neighbour_ends_percent)) with.end();
  with.seal_up();
  if (with.own.ledger.size() <= known.size) with.own.seal();
  admit(model::Observation{model::PeerCheckpoint{*relation.ours,
                                                 with.own.shown({}, own_.known_of(with.own)),
                                                 with.own.ledger.consistency_from(known.size)}},
        {&own_.operator_key});
  return true;
}

}  // namespace holdfast::testing
