// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/parts_codec.h"

namespace holdfast::model {
namespace {

Substrate read_substrate(Reading& in, wire::Substrate::Reader from) {
  constexpr const char* kPlace = "genesis.substrate";
  Substrate out;
  out.hardware = in.at(kPlace, "hardware").text(from.getHardware(), bounds::kSubstrate);
  out.weights = in.at(kPlace, "weights").text(from.getWeights(), bounds::kSubstrate);
  out.jurisdiction = in.at(kPlace, "jurisdiction").text(from.getJurisdiction(), bounds::kSubstrate);
  return out;
}

void write(wire::Substrate::Builder to, const Substrate& substrate) {
  if (!substrate.hardware.empty()) to.setHardware(wire_text(substrate.hardware));
  if (!substrate.weights.empty()) to.setWeights(wire_text(substrate.weights));
  if (!substrate.jurisdiction.empty()) to.setJurisdiction(wire_text(substrate.jurisdiction));
}

}  // namespace

Genesis read_genesis(Reading& in, wire::Genesis::Reader from) {
  Genesis out;
  out.rules = from.getRules();
  out.name = in.at("genesis", "name").text(from.getName(), bounds::kVillageName);
  out.origin = in.at("genesis", "origin").text(from.getOrigin(), bounds::kOrigin);
  out.community_type =
      in.at("genesis", "communityType").text(from.getCommunityType(), bounds::kCommunityType);
  out.operator_key = in.at("genesis", "operator").with(read_signing_key, from.getOperator());
  out.witness_key = in.at("genesis", "witness").with(read_signing_key, from.getWitness());
  out.sealing_key = in.at("genesis", "sealing").with(read_sealing_key, from.getSealing());
  out.council = in.at("genesis.council").with(read_authority, from.getCouncil());
  out.council_next = in.at("genesis.councilNext").with(read_next_authority, from.getCouncilNext());
  out.terms = in.at("genesis", "terms").text(from.getTerms(), bounds::kTerms);
  out.substrate = in.at("genesis.substrate").with(read_substrate, from.getSubstrate());
  return out;
}

void write(wire::Genesis::Builder to, const Genesis& genesis) {
  to.setRules(genesis.rules);
  if (!genesis.name.empty()) to.setName(wire_text(genesis.name));
  if (!genesis.origin.empty()) to.setOrigin(wire_text(genesis.origin));
  if (!genesis.community_type.empty()) to.setCommunityType(wire_text(genesis.community_type));
  write(to.initOperator(), genesis.operator_key);
  write(to.initWitness(), genesis.witness_key);
  write(to.initSealing(), genesis.sealing_key);
  if (genesis.council != Authority{}) write(to.initCouncil(), genesis.council);
  if (genesis.council_next != NextAuthority{}) write(to.initCouncilNext(), genesis.council_next);
  if (!genesis.terms.empty()) to.setTerms(wire_text(genesis.terms));
  if (genesis.substrate != Substrate{}) write(to.initSubstrate(), genesis.substrate);
}

Seal read_seal(Reading& in, wire::Seal::Reader from) {
  return {{from.getCoveredSize()},
          in.at("seal", "stateRoot").digest<StateRoot>(from.getStateRoot())};
}

void write(wire::Seal::Builder to, const Seal& seal) {
  to.setCoveredSize(seal.covered_size.value);
  to.setStateRoot(wire_data(seal.state_root));
}

Domain read_domain(Reading& in, wire::Domain::Reader from) {
  Domain out;
  out.slug = in.at("domain", "slug").text(from.getSlug(), bounds::kSlug);
  out.title = in.at("domain", "title").text(from.getTitle(), bounds::kTitle);
  out.guardians = in.at("domain.guardians").with(read_authority, from.getGuardians());
  out.next = in.at("domain.next").with(read_next_authority, from.getNext());
  out.tikanga = in.at("domain", "tikanga").text(from.getTikanga(), bounds::kTikanga);
  out.disclosure = in.at("domain.disclosure").with(read_disclosure, from.getDisclosure());
  return out;
}

void write(wire::Domain::Builder to, const Domain& domain) {
  if (!domain.slug.empty()) to.setSlug(wire_text(domain.slug));
  if (!domain.title.empty()) to.setTitle(wire_text(domain.title));
  if (domain.guardians != Authority{}) write(to.initGuardians(), domain.guardians);
  if (domain.next != NextAuthority{}) write(to.initNext(), domain.next);
  if (!domain.tikanga.empty()) to.setTikanga(wire_text(domain.tikanga));
  if (domain.disclosure != Disclosure{}) write(to.initDisclosure(), domain.disclosure);
}

Disclosure read_disclosure(Reading&, wire::Disclosure::Reader from) {
  return {from.getMinimumCell(), from.getRounding()};
}

void write(wire::Disclosure::Builder to, const Disclosure& disclosure) {
  to.setMinimumCell(disclosure.minimum_cell);
  to.setRounding(disclosure.rounding);
}

Upgrade read_upgrade(Reading&, wire::Upgrade::Reader from) { return {from.getRules()}; }

void write(wire::Upgrade::Builder to, const Upgrade& upgrade) { to.setRules(upgrade.rules); }

}  // namespace holdfast::model
