// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/parts_codec.h"

namespace holdfast::model {
namespace {

using model::write;  // beside those below

Rotation read_rotation(Reading& in, wire::Rotation::Reader from) {
  Rotation out;
  out.set = in.at("keyEvent.set").with(read_authority, from.getSet());
  out.next = in.at("keyEvent.next").with(read_next_authority, from.getNext());
  out.revealed =
      read_keys(in.at("keyEvent", "revealed"), from.getRevealed(), bounds::kRevealedKeys);
  return out;
}

DomainRotation read_domain_rotation(Reading& in, wire::DomainRotation::Reader from) {
  return {in.at("keyEvent.domain", "domain").digest<StatementId>(from.getDomain()),
          in.at("keyEvent.domain", "rotation").with(read_rotation, from.getRotation())};
}

OperatorChange read_operator_change(Reading& in, wire::OperatorChange::Reader from) {
  return {in.at("keyEvent.operator", "key").with(read_signing_key, from.getKey()),
          {{from.getFromSize()},
           in.at("keyEvent.operator", "fromRoot").digest<Root>(from.getFromRoot())}};
}

AgentChange read_agent_change(Reading& in, wire::AgentKey::Reader from) {
  return {in.at("keyEvent.agent", "key").with(read_signing_key, from.getKey()),
          in.at("keyEvent.agent", "capability").with(read_capability, from.getCapability())};
}

void write(wire::Rotation::Builder to, const Rotation& rotation) {
  if (rotation.set != Authority{}) write(to.initSet(), rotation.set);
  if (rotation.next != NextAuthority{}) write(to.initNext(), rotation.next);
  if (!rotation.revealed.empty())
    write(to.initRevealed(count_of(rotation.revealed)), rotation.revealed);
}

// One for each member of the union.
using Change = wire::KeyEvent::Change::Builder;
void write(Change to, const CouncilRotation& change) {
  write(to.initCouncil(), change.rotation);
  if (change.rotation == Rotation{}) to.disownCouncil();  // all-default: null
}
void write(Change to, const DomainRotation& change) {
  auto domain = to.initDomain();
  domain.setDomain(wire_data(change.domain));
  if (change.rotation != Rotation{}) write(domain.initRotation(), change.rotation);
}
void write(Change to, const OperatorChange& change) {
  auto change_of = to.initOperator();
  write(change_of.initKey(), change.key);
  change_of.setFromSize(change.from.size.value);
  change_of.setFromRoot(wire_data(change.from.root));
}
void write(Change to, const WitnessChange& change) { write(to.initWitness(), change.key); }
void write(Change to, const SealingChange& change) { write(to.initSealing(), change.key); }
void write(Change to, const AgentChange& change) {
  auto agent = to.initAgent();
  write(agent.initKey(), change.key);
  agent.setCapability(static_cast<wire::Capability>(change.capability));
}

}  // namespace

KeyEvent read_key_event(Reading& in, wire::KeyEvent::Reader from) {
  KeyEvent out;
  out.expected_version = from.getExpectedVersion();
  const auto change = from.getChange();
  in.at("keyEvent", "change");
  switch (change.which()) {
    case wire::KeyEvent::Change::COUNCIL:
      out.which = CouncilRotation{in.with(read_rotation, change.getCouncil())};
      return out;
    case wire::KeyEvent::Change::DOMAIN:
      out.which = in.with(read_domain_rotation, change.getDomain());
      return out;
    case wire::KeyEvent::Change::OPERATOR:
      out.which = in.with(read_operator_change, change.getOperator());
      return out;
    case wire::KeyEvent::Change::WITNESS:
      out.which =
          WitnessChange{in.at("keyEvent", "witness").with(read_signing_key, change.getWitness())};
      return out;
    case wire::KeyEvent::Change::SEALING:
      out.which =
          SealingChange{in.at("keyEvent", "sealing").with(read_sealing_key, change.getSealing())};
      return out;
    case wire::KeyEvent::Change::AGENT:
      out.which = in.with(read_agent_change, change.getAgent());
      return out;
    case wire::KeyEvent::Change::NONE: break;
  }
  in.refuse_union(change.which());
}

Capability read_capability(Reading& in, wire::Capability from) {
  return in.enumerator(static_cast<std::uint16_t>(from), Capability::kNever, Capability::kAct);
}

void write(wire::KeyEvent::Builder to, const KeyEvent& event) {
  to.setExpectedVersion(event.expected_version);
  std::visit([&](const auto& change) { write(to.initChange(), change); }, event.which);
}

}  // namespace holdfast::model
