// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/detail_parts.h"

namespace holdfast::model {

VillageDetail read(Reading& in, wire::VillageDetail::Reader from) {
  return {in.at("villageDetail", "operator").with(read_signing_key, from.getOperator()),
          in.at("villageDetail", "witness").with(read_signing_key, from.getWitness()),
          in.at("villageDetail", "sealing").with(read_sealing_key, from.getSealing()),
          from.getRules()};
}
void write(wire::VillageDetail::Builder to, const VillageDetail& detail) {
  write(to.initOperator(), detail.operator_key);
  write(to.initWitness(), detail.witness_key);
  write(to.initSealing(), detail.sealing_key);
  to.setRules(detail.rules);
}

AuthorityDetail read(Reading& in, wire::AuthorityDetail::Reader from) {
  return {in.at("authorityDetail.current").with(read_authority, from.getCurrent()),
          in.at("authorityDetail.next").with(read_next_authority, from.getNext())};
}
void write(wire::AuthorityDetail::Builder to, const AuthorityDetail& detail) {
  if (detail.current != Authority{}) write(to.initCurrent(), detail.current);
  if (detail.next != NextAuthority{}) write(to.initNext(), detail.next);
}

AgentDetail read(Reading& in, wire::AgentDetail::Reader from) {
  return {in.at("agentDetail", "key").with(read_signing_key, from.getKey()),
          in.at("agentDetail", "capability").with(read_capability, from.getCapability())};
}
void write(wire::AgentDetail::Builder to, const AgentDetail& detail) {
  write(to.initKey(), detail.key);
  to.setCapability(static_cast<wire::Capability>(detail.capability));
}

DomainDetail read(Reading& in, wire::DomainDetail::Reader from) {
  return {in.at("domainDetail", "slug").text(from.getSlug(), bounds::kSlug),
          in.at("domainDetail", "disclosure").with(read_disclosure, from.getDisclosure()),
          from.getTrainingChanged()};
}
void write(wire::DomainDetail::Builder to, const DomainDetail& detail) {
  if (!detail.slug.empty()) to.setSlug(wire_text(detail.slug));
  if (detail.disclosure != Disclosure{}) write(to.initDisclosure(), detail.disclosure);
  to.setTrainingChanged(detail.training_changed);
}

SlugDetail read(Reading& in, wire::SlugDetail::Reader from) {
  return {in.at("slugDetail", "domain").digest<StatementId>(from.getDomain())};
}
void write(wire::SlugDetail::Builder to, const SlugDetail& detail) {
  to.setDomain(wire_data(detail.domain));
}

RecordDetail read(Reading& in, wire::RecordDetail::Reader from) {
  constexpr const char* kPlace = "recordDetail";
  RecordDetail out;
  out.domain = in.at(kPlace, "domain").digest<StatementId>(from.getDomain());
  out.content_root = in.at(kPlace, "contentRoot").digest<ContentRoot>(from.getContentRoot());
  out.policy = in.at(kPlace, "policy").with(read_policy, from.getPolicy());
  out.labels = in.at(kPlace, "labels").texts(from.getLabels(), bounds::kLabels, bounds::kLabel);
  out.successor = in.at(kPlace, "successor").digest_if_any<StatementId>(from.getSuccessor());
  if (from.hasOrigin()) out.origin = in.with(read_copy_origin, from.getOrigin());
  return out;
}
void write(wire::RecordDetail::Builder to, const RecordDetail& detail) {
  to.setDomain(wire_data(detail.domain));
  to.setContentRoot(wire_data(detail.content_root));
  if (detail.policy != Policy{}) write(to.initPolicy(), detail.policy);
  if (!detail.labels.empty()) put_texts(to.initLabels(count_of(detail.labels)), detail.labels);
  if (detail.successor) to.setSuccessor(wire_data(*detail.successor));
  if (detail.origin) write(to.initOrigin(), *detail.origin);
}

GrantDetail read(Reading& in, wire::GrantDetail::Reader from) {
  GrantDetail out;
  out.terms = in.at("grantDetail", "terms").with(read_grant, from.getTerms());
  out.day = in.at("grantDetail", "day").number(from.getDay(), bounds::kDayEnd);
  out.calls_on_day = from.getCallsOnDay();
  out.calls = from.getCalls();
  return out;
}
void write(wire::GrantDetail::Builder to, const GrantDetail& detail) {
  write(to.initTerms(), detail.terms);
  to.setDay(detail.day);
  to.setCallsOnDay(detail.calls_on_day);
  to.setCalls(detail.calls);
}

GranteeDetail read(Reading&, wire::GranteeDetail::Reader from) { return {from.getCount()}; }
void write(wire::GranteeDetail::Builder to, const GranteeDetail& detail) {
  to.setCount(detail.count);
}

RevocationDetail read(Reading& in, wire::RevocationDetail::Reader from) {
  return {in.at("revocationDetail", "grant").digest<StatementId>(from.getGrant())};
}
void write(wire::RevocationDetail::Builder to, const RevocationDetail& detail) {
  to.setGrant(wire_data(detail.grant));
}

SpentDetail read(Reading& in, wire::SpentDetail::Reader from) {
  return {in.at("spentDetail", "subject").digest<StatementId>(from.getSubject())};
}
void write(wire::SpentDetail::Builder to, const SpentDetail& detail) {
  to.setSubject(wire_data(detail.subject));
}

}  // namespace holdfast::model
