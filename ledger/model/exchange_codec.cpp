// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/note.h"
#include "ledger/model/parts_codec.h"

namespace holdfast::model {

ReceiptOf read_receipt_of(Reading& in, wire::ReceiptOf from) {
  return in.enumerator(static_cast<std::uint16_t>(from), ReceiptOf::kAnswer, ReceiptOf::kGrant);
}

Direction read_direction(Reading& in, wire::Direction from) {
  return in.enumerator(static_cast<std::uint16_t>(from), Direction::kOut, Direction::kIn);
}

Receipt read_receipt(Reading& in, wire::Receipt::Reader from) {
  constexpr const char* kPlace = "receipt";
  Receipt out;
  out.sequence = from.getSequence();
  out.agreement = in.at(kPlace, "agreement").digest<StatementId>(from.getAgreement());
  out.acknowledges = in.at(kPlace, "acknowledges").with(read_receipt_of, from.getAcknowledges());
  out.of = in.at(kPlace, "of").digest<StatementId>(from.getOf());
  out.envelope = in.at(kPlace, "envelope").digest_if_any<BytesDigest>(from.getEnvelope());
  out.rejected = in.at(kPlace, "rejected").text(from.getRejected(), bounds::kRejected);
  if (from.hasState()) out.state = in.with(read_peer_state, from.getState());
  in.at(kPlace, "revocation");
  out.revocation = read_signed_bytes(in, from.getRevocation(), 0);
  return out;
}

void write(wire::Receipt::Builder to, const Receipt& receipt) {
  to.setSequence(receipt.sequence);
  to.setAgreement(wire_data(receipt.agreement));
  to.setAcknowledges(static_cast<wire::ReceiptOf>(receipt.acknowledges));
  to.setOf(wire_data(receipt.of));
  if (receipt.envelope) to.setEnvelope(wire_data(*receipt.envelope));
  if (!receipt.rejected.empty()) to.setRejected(wire_text(receipt.rejected));
  if (receipt.state) write(to.initState(), *receipt.state);
  if (!receipt.revocation.empty()) to.setRevocation(wire_data(receipt.revocation));
}

Composition read_composition(Reading& in, wire::Composition::Reader from) {
  constexpr const char* kPlace = "composition";
  Composition out;
  out.sequence = from.getSequence();
  out.inputs = in.at(kPlace, "inputs").digests<StatementId>(from.getInputs(), bounds::kInputs);
  out.refusals =
      in.at(kPlace, "refusals").digests<StatementId>(from.getRefusals(), bounds::kRefusals);
  in.at(kPlace, "used");
  out.used = read_foreign_ids(in, from.getUsed(), bounds::kUsed);
  in.at(kPlace, "grants");
  out.grants = read_foreign_ids(in, from.getGrants(), bounds::kForeignGrants);
  out.model = in.at(kPlace, "model").digest_if_any<StatementId>(from.getModel());
  out.commitment = in.at(kPlace, "commitment").digest<ContentRoot>(from.getCommitment());
  out.purpose = in.at(kPlace, "purpose").text(from.getPurpose(), bounds::kPurpose);
  return out;
}

void write(wire::Composition::Builder to, const Composition& composition) {
  const auto& [sequence, inputs, refusals, used, grants, model, commitment, purpose] = composition;
  to.setSequence(sequence);
  if (!inputs.empty()) put_digests(to.initInputs(count_of(inputs)), inputs);
  if (!refusals.empty()) put_digests(to.initRefusals(count_of(refusals)), refusals);
  if (!used.empty()) write(to.initUsed(count_of(used)), used);
  if (!grants.empty()) write(to.initGrants(count_of(grants)), grants);
  if (model) to.setModel(wire_data(*model));
  to.setCommitment(wire_data(commitment));
  if (!purpose.empty()) to.setPurpose(wire_text(purpose));
}

Transfer read_transfer(Reading& in, wire::Transfer::Reader from) {
  constexpr const char* kPlace = "transfer";
  Transfer out;
  out.sequence = from.getSequence();
  out.direction = in.at(kPlace, "direction").with(read_direction, from.getDirection());
  out.agreement = in.at(kPlace, "agreement").digest<StatementId>(from.getAgreement());
  out.grant = in.at(kPlace, "grant").digest<StatementId>(from.getGrant());
  out.records =
      in.at(kPlace, "records").digests<StatementId>(from.getRecords(), bounds::kTransferRecords);
  in.at(kPlace, "onward");
  out.onward = read_foreign_ids(in, from.getOnward(), bounds::kOnward);
  out.fields =
      in.at(kPlace, "fields").texts(from.getFields(), bounds::kTransferFields, bounds::kFieldName);
  out.hops = in.at(kPlace, "hops").list(from.getHops(), bounds::kHops, [&](auto element) {
    return in.digest<StatementId>(element);
  });
  return out;
}

void write(wire::Transfer::Builder to, const Transfer& transfer) {
  const auto& [sequence, direction, agreement, grant, records, onward, fields, hops] = transfer;
  to.setSequence(sequence);
  to.setDirection(static_cast<wire::Direction>(direction));
  to.setAgreement(wire_data(agreement));
  to.setGrant(wire_data(grant));
  if (!records.empty()) put_digests(to.initRecords(count_of(records)), records);
  if (!onward.empty()) write(to.initOnward(count_of(onward)), onward);
  if (!fields.empty()) put_texts(to.initFields(count_of(fields)), fields);
  if (!hops.empty()) put_digests(to.initHops(count_of(hops)), hops);
}

}  // namespace holdfast::model
