// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/detail_parts.h"

namespace holdfast::model {

AgreementDetail read(Reading& in, wire::AgreementDetail::Reader from) {
  constexpr const char* kPlace = "agreementDetail";
  AgreementDetail out;
  out.peer = in.at(kPlace, "peer").digest<StatementId>(from.getPeer());
  out.terms = in.at(kPlace, "termsHash").digest<TermsHash>(from.getTermsHash());
  out.revision = from.getRevision();
  out.kind = in.at(kPlace, "kind").with(read_agreement_kind, from.getKind());
  out.purpose = in.at(kPlace, "purpose").text(from.getPurpose(), bounds::kPurpose);
  out.endpoint = in.at(kPlace, "endpoint").text(from.getEndpoint(), bounds::kEndpoint);
  return out;
}
void write(wire::AgreementDetail::Builder to, const AgreementDetail& detail) {
  to.setPeer(wire_data(detail.peer));
  to.setTermsHash(wire_data(detail.terms));
  to.setRevision(detail.revision);
  to.setKind(static_cast<wire::AgreementKind>(detail.kind));
  if (!detail.purpose.empty()) to.setPurpose(wire_text(detail.purpose));
  if (!detail.endpoint.empty()) to.setEndpoint(wire_text(detail.endpoint));
}

ShapeDetail read(Reading& in, wire::ShapeDetail::Reader from) {
  return {in.at("shapeDetail", "domain").digest<StatementId>(from.getDomain()),
          in.at("shapeDetail", "template").with(read_shape_template, from.getTemplate())};
}
void write(wire::ShapeDetail::Builder to, const ShapeDetail& detail) {
  to.setDomain(wire_data(detail.domain));
  write(to.initTemplate(), detail.shape);
}

ModelDetail read(Reading& in, wire::ModelDetail::Reader from) {
  return {in.at("modelDetail", "domain").digest<StatementId>(from.getDomain()),
          in.at("modelDetail", "identity").with(read_model_identity, from.getIdentity())};
}
void write(wire::ModelDetail::Builder to, const ModelDetail& detail) {
  to.setDomain(wire_data(detail.domain));
  write(to.initIdentity(), detail.identity);
}

SteeringDetail read(Reading& in, wire::SteeringDetail::Reader from) {
  SteeringDetail out;
  out.domain = in.at("steeringDetail", "domain").digest<StatementId>(from.getDomain());
  out.terms = in.at("steeringDetail", "terms").with(read_steering_terms, from.getTerms());
  out.day = in.at("steeringDetail", "day").number(from.getDay(), bounds::kDayEnd);
  out.calls_on_day = from.getCallsOnDay();
  out.calls = from.getCalls();
  return out;
}
void write(wire::SteeringDetail::Builder to, const SteeringDetail& detail) {
  to.setDomain(wire_data(detail.domain));
  write(to.initTerms(), detail.terms);
  to.setDay(detail.day);
  to.setCallsOnDay(detail.calls_on_day);
  to.setCalls(detail.calls);
}

InferenceDetail read(Reading& in, wire::InferenceDetail::Reader from) {
  constexpr const char* kPlace = "inferenceDetail";
  InferenceDetail out;
  out.agreement = in.at(kPlace, "agreement").digest<StatementId>(from.getAgreement());
  out.grant = in.at(kPlace, "grant").digest_if_any<StatementId>(from.getGrant());
  out.query_id = in.at(kPlace, "queryId").fixed<bounds::kQueryIdBytes>(from.getQueryId());
  out.commitment = in.at(kPlace, "commitment").digest_if_any<ContentRoot>(from.getCommitment());
  in.at(kPlace, "reason");
  if (out.commitment.has_value() == from.hasReason())
    in.refuse("BOUND-4", out.commitment ? "a commitment and a reason" : "neither",
              "a commitment, or a reason");
  if (!out.commitment) out.reason = in.text(from.getReason(), bounds::kReason);
  return out;
}
void write(wire::InferenceDetail::Builder to, const InferenceDetail& detail) {
  to.setAgreement(wire_data(detail.agreement));
  if (detail.grant) to.setGrant(wire_data(*detail.grant));
  to.setQueryId(wire_data(detail.query_id));
  if (detail.commitment) to.setCommitment(wire_data(*detail.commitment));
  if (!detail.reason.empty()) to.setReason(wire_text(detail.reason));
}

ReceiptDetail read(Reading& in, wire::ReceiptDetail::Reader from) {
  constexpr const char* kPlace = "receiptDetail";
  ReceiptDetail out;
  out.agreement = in.at(kPlace, "agreement").digest<StatementId>(from.getAgreement());
  out.acknowledges = in.at(kPlace, "acknowledges").with(read_receipt_of, from.getAcknowledges());
  out.of = in.at(kPlace, "of").digest<StatementId>(from.getOf());
  out.verified = from.getVerified();
  if (from.hasGrant()) out.grant = in.at(kPlace, "grant").with(read_foreign_id, from.getGrant());
  return out;
}
void write(wire::ReceiptDetail::Builder to, const ReceiptDetail& detail) {
  to.setAgreement(wire_data(detail.agreement));
  to.setAcknowledges(static_cast<wire::ReceiptOf>(detail.acknowledges));
  to.setOf(wire_data(detail.of));
  to.setVerified(detail.verified);
  if (detail.grant) write(to.initGrant(), *detail.grant);
}

CompositionDetail read(Reading& in, wire::CompositionDetail::Reader from) {
  CompositionDetail out;
  out.commitment =
      in.at("compositionDetail", "commitment").digest<ContentRoot>(from.getCommitment());
  in.at("compositionDetail", "grants");
  out.grants = read_foreign_ids(in, from.getGrants(), bounds::kForeignGrants);
  return out;
}
void write(wire::CompositionDetail::Builder to, const CompositionDetail& detail) {
  to.setCommitment(wire_data(detail.commitment));
  if (!detail.grants.empty()) write(to.initGrants(count_of(detail.grants)), detail.grants);
}

TransferDetail read(Reading& in, wire::TransferDetail::Reader from) {
  return {in.at("transferDetail", "direction").with(read_direction, from.getDirection()),
          in.at("transferDetail", "agreement").digest<StatementId>(from.getAgreement()),
          in.at("transferDetail", "grant").digest<StatementId>(from.getGrant())};
}
void write(wire::TransferDetail::Builder to, const TransferDetail& detail) {
  to.setDirection(static_cast<wire::Direction>(detail.direction));
  to.setAgreement(wire_data(detail.agreement));
  to.setGrant(wire_data(detail.grant));
}

DecisionDetail read(Reading& in, wire::DecisionDetail::Reader from) {
  constexpr const char* kPlace = "decisionDetail";
  DecisionDetail out;
  out.domain = in.at(kPlace, "domain").digest<StatementId>(from.getDomain());
  out.action = in.at(kPlace, "action").digest<FieldCommitment>(from.getAction());
  out.verdict = in.at(kPlace, "verdict").with(read_verdict, from.getVerdict());
  out.category = in.at(kPlace, "category").text(from.getCategory(), bounds::kCategory);
  out.decided_by = in.at(kPlace, "decidedBy").digest<KeyId>(from.getDecidedBy());
  out.answer = in.at(kPlace, "answer").digest_if_any<StatementId>(from.getAnswer());
  return out;
}
void write(wire::DecisionDetail::Builder to, const DecisionDetail& detail) {
  to.setDomain(wire_data(detail.domain));
  to.setAction(wire_data(detail.action));
  to.setVerdict(static_cast<wire::Verdict>(detail.verdict));
  if (!detail.category.empty()) to.setCategory(wire_text(detail.category));
  to.setDecidedBy(wire_data(detail.decided_by));
  if (detail.answer) to.setAnswer(wire_data(*detail.answer));
}

DeliberationDetail read(Reading& in, wire::DeliberationDetail::Reader from) {
  constexpr const char* kPlace = "deliberationDetail";
  return {in.at(kPlace, "domain").digest<StatementId>(from.getDomain()),
          in.at(kPlace, "contentRoot").digest<ContentRoot>(from.getContentRoot()),
          from.getPositions(), from.getDissent()};
}
void write(wire::DeliberationDetail::Builder to, const DeliberationDetail& detail) {
  to.setDomain(wire_data(detail.domain));
  to.setContentRoot(wire_data(detail.content_root));
  to.setPositions(detail.positions);
  to.setDissent(detail.dissent);
}

ReportDetail read(Reading& in, wire::ReportDetail::Reader from) {
  constexpr const char* kPlace = "reportDetail";
  return {in.at(kPlace, "view").with(read_report_view, from.getView()),
          in.at(kPlace, "periodStart").time(from.getPeriodStart()),
          in.at(kPlace, "periodEnd").time(from.getPeriodEnd()),
          {from.getLast()},
          in.at(kPlace, "digest").digest<BytesDigest>(from.getDigest())};
}
void write(wire::ReportDetail::Builder to, const ReportDetail& detail) {
  to.setView(static_cast<wire::ReportView>(detail.view));
  to.setPeriodStart(detail.period_start);
  to.setPeriodEnd(detail.period_end);
  to.setLast(detail.last.value);
  to.setDigest(wire_data(detail.digest));
}

ObservationDetail read(Reading& in, wire::ObservationDetail::Reader from) {
  constexpr const char* kPlace = "observationDetail";
  return {in.at(kPlace, "village").digest_if_any<StatementId>(from.getVillage()),
          {from.getSize()},
          in.at(kPlace, "root").digest<Root>(from.getRoot())};
}
void write(wire::ObservationDetail::Builder to, const ObservationDetail& detail) {
  if (detail.village) to.setVillage(wire_data(*detail.village));
  to.setSize(detail.size.value);
  to.setRoot(wire_data(detail.root));
}

PeerDetail read(Reading& in, wire::PeerDetail::Reader from) {
  constexpr const char* kPlace = "peerDetail";
  PeerDetail out;
  out.agreement = in.at(kPlace, "agreement").digest<StatementId>(from.getAgreement());
  out.origin = in.at(kPlace, "origin").text(from.getOrigin(), bounds::kOrigin);
  out.village = read(in, from.getVillage());
  out.village_version = from.getVillageVersion();
  out.council = read(in, from.getCouncil());
  out.council_version = from.getCouncilVersion();
  out.size = {from.getSize()};
  out.root = in.at(kPlace, "root").digest<Root>(from.getRoot());
  out.observed_at = in.at(kPlace, "observedAt").time(from.getObservedAt());
  return out;
}
void write(wire::PeerDetail::Builder to, const PeerDetail& detail) {
  to.setAgreement(wire_data(detail.agreement));
  if (!detail.origin.empty()) to.setOrigin(wire_text(detail.origin));
  write(to.initVillage(), detail.village);
  to.setVillageVersion(detail.village_version);
  write(to.initCouncil(), detail.council);
  to.setCouncilVersion(detail.council_version);
  to.setSize(detail.size.value);
  to.setRoot(wire_data(detail.root));
  to.setObservedAt(detail.observed_at);
}

ForeignGrantDetail read(Reading& in, wire::ForeignGrantDetail::Reader from) {
  constexpr const char* kPlace = "foreignGrantDetail";
  ForeignGrantDetail out;
  out.agreement = in.at(kPlace, "agreement").digest<StatementId>(from.getAgreement());
  out.grantee = in.at(kPlace, "grantee").digest<StatementId>(from.getGrantee());
  out.terms = in.at(kPlace, "terms").with(read_grant, from.getTerms());
  out.size = {from.getSize()};
  return out;
}
void write(wire::ForeignGrantDetail::Builder to, const ForeignGrantDetail& detail) {
  to.setAgreement(wire_data(detail.agreement));
  to.setGrantee(wire_data(detail.grantee));
  write(to.initTerms(), detail.terms);
  to.setSize(detail.size.value);
}

SequenceDetail read(Reading&, wire::SequenceDetail::Reader from) { return {from.getLast()}; }
void write(wire::SequenceDetail::Builder to, const SequenceDetail& detail) {
  to.setLast(detail.last);
}

}  // namespace holdfast::model
