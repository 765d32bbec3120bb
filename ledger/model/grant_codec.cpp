// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/parts_codec.h"

namespace holdfast::model {
namespace {

using model::write;  // beside those below

decltype(Grant::grantee) read_grantee(Reading& in, wire::Grant::Grantee::Reader from) {
  switch (from.which()) {
    case wire::Grant::Grantee::AGREEMENT:
      return AgreementGrantee{
          in.at("grant.grantee", "agreement").digest<StatementId>(from.getAgreement())};
    case wire::Grant::Grantee::AUDITOR:
      return AuditorGrantee{
          in.at("grant.grantee", "auditor").with(read_signing_key, from.getAuditor())};
    case wire::Grant::Grantee::NONE: break;
  }
  in.at("grant", "grantee").refuse_union(from.which());
}

decltype(Grant::records) read_scope(Reading& in, wire::Grant::Records::Reader from) {
  switch (from.which()) {
    case wire::Grant::Records::ALL: return AllRecords{};
    case wire::Grant::Records::IDS:
      return RecordIds{
          in.at("grant.records", "ids").digests<StatementId>(from.getIds(), bounds::kGrantIds)};
    case wire::Grant::Records::LABELS:
      return RecordLabels{in.at("grant.records", "labels")
                              .texts(from.getLabels(), bounds::kGrantLabels, bounds::kLabel)};
  }
  in.at("grant", "records").refuse_union(from.which());
}

Operations read_operations(wire::Operations::Reader from) {
  return {from.getQuery(), from.getShare(), from.getTrain(), from.getAudit(), from.getMirror()};
}

Obligations read_obligations(wire::Obligations::Reader from) {
  return {from.getAttribute(), from.getDeleteOnRevocation(), from.getReportUse()};
}

void write(wire::Operations::Builder to, const Operations& operations) {
  to.setQuery(operations.query);
  to.setShare(operations.share);
  to.setTrain(operations.train);
  to.setAudit(operations.audit);
  to.setMirror(operations.mirror);
}

void write(wire::Obligations::Builder to, const Obligations& obligations) {
  to.setAttribute(obligations.attribute);
  to.setDeleteOnRevocation(obligations.delete_on_revocation);
  to.setReportUse(obligations.report_use);
}

// One for each member of the two unions.
void write(wire::Grant::Grantee::Builder to, const AgreementGrantee& grantee) {
  to.setAgreement(wire_data(grantee.agreement));
}
void write(wire::Grant::Grantee::Builder to, const AuditorGrantee& grantee) {
  write(to.initAuditor(), grantee.key);
}
void write(wire::Grant::Records::Builder to, const AllRecords&) { to.setAll(); }
void write(wire::Grant::Records::Builder to, const RecordIds& records) {
  put_digests(to.initIds(count_of(records.ids)), records.ids);
}
void write(wire::Grant::Records::Builder to, const RecordLabels& records) {
  put_texts(to.initLabels(count_of(records.labels)), records.labels);
}

}  // namespace

Limits read_limits(wire::Limits::Reader from) {
  return {from.getCalls(), from.getCallsPerDay(), from.getMinimumCell(), from.getCharacters()};
}

void write(wire::Limits::Builder to, const Limits& limits) {
  to.setCalls(limits.calls);
  to.setCallsPerDay(limits.calls_per_day);
  to.setMinimumCell(limits.minimum_cell);
  to.setCharacters(limits.characters);
}

Grant read_grant(Reading& in, wire::Grant::Reader from) {
  Grant out;
  out.domain = in.at("grant", "domain").digest<StatementId>(from.getDomain());
  out.grantee = in.with(read_grantee, from.getGrantee());
  out.records = in.with(read_scope, from.getRecords());
  in.at("grant", "operations");
  out.operations = read_operations(from.getOperations());
  out.shapes =
      in.at("grant", "shapes").digests<StatementId>(from.getShapes(), bounds::kGrantShapes);
  out.purposes =
      in.at("grant", "purposes").texts(from.getPurposes(), bounds::kPurposes, bounds::kPurpose);
  out.not_before = in.at("grant", "notBefore").time(from.getNotBefore());
  out.not_after = in.at("grant", "notAfter").time(from.getNotAfter());
  in.at("grant", "limits");
  out.limits = read_limits(from.getLimits());
  out.onward = in.at("grant", "onward")
                   .enumerator(static_cast<std::uint16_t>(from.getOnward()), Onward::kNone,
                               Onward::kWithOriginsGrant);
  in.at("grant", "obligations");
  out.obligations = read_obligations(from.getObligations());
  out.tikanga = in.at("grant", "tikanga").text(from.getTikanga(), bounds::kTikanga);
  return out;
}

void write(wire::Grant::Builder to, const Grant& grant) {
  to.setDomain(wire_data(grant.domain));
  std::visit([&](const auto& grantee) { write(to.initGrantee(), grantee); }, grant.grantee);
  std::visit([&](const auto& records) { write(to.initRecords(), records); }, grant.records);
  if (grant.operations != Operations{}) write(to.initOperations(), grant.operations);
  if (!grant.shapes.empty()) put_digests(to.initShapes(count_of(grant.shapes)), grant.shapes);
  if (!grant.purposes.empty()) put_texts(to.initPurposes(count_of(grant.purposes)), grant.purposes);
  to.setNotBefore(grant.not_before);
  to.setNotAfter(grant.not_after);
  if (grant.limits != Limits{}) write(to.initLimits(), grant.limits);
  to.setOnward(static_cast<wire::Onward>(grant.onward));
  if (grant.obligations != Obligations{}) write(to.initObligations(), grant.obligations);
  if (!grant.tikanga.empty()) to.setTikanga(wire_text(grant.tikanga));
}

Revocation read_revocation(Reading& in, wire::Revocation::Reader from) {
  return {in.at("revocation", "domain").digest<StatementId>(from.getDomain()),
          in.at("revocation", "grant").digest<StatementId>(from.getGrant())};
}

void write(wire::Revocation::Builder to, const Revocation& revocation) {
  to.setDomain(wire_data(revocation.domain));
  to.setGrant(wire_data(revocation.grant));
}

}  // namespace holdfast::model
