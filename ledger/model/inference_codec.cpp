// SPDX-License-Identifier: AGPL-3.0-or-later
#include <bit>

#include "ledger/model/parts_codec.h"

namespace holdfast::model {
namespace {

using model::write;  // beside those below

decltype(Answered::used) read_used(Reading& in, wire::Answered::Used::Reader from) {
  using Used = wire::Answered::Used;
  switch (from.which()) {
    case Used::RECORDS:
      return UsedRecords{in.at("inference.answered", "used")
                             .digests<StatementId>(from.getRecords(), bounds::kUsed)};
    case Used::HIDDEN: {
      const auto hidden = from.getHidden();
      const std::uint64_t bound = hidden.getBound();
      in.at("inference.answered.hidden", "bound");
      if (!std::has_single_bit(bound) || bound > bounds::kHiddenMax)
        in.refuse("BOUND-5", std::to_string(bound),
                  "a power of two up to " + std::to_string(bounds::kHiddenMax));
      return HiddenUse{
          bound, in.at("inference.answered.hidden", "root").digest<HiddenRoot>(hidden.getRoot())};
    }
    case Used::NONE: break;
  }
  in.at("inference.answered", "used").refuse_union(from.which());
}

Answered read_answered(Reading& in, wire::Answered::Reader from) {
  constexpr const char* kPlace = "inference.answered";
  Answered out;
  out.commitment = in.at(kPlace, "commitment").digest<ContentRoot>(from.getCommitment());
  out.used = in.with(read_used, from.getUsed());
  out.cited = in.at(kPlace, "cited").digests<StatementId>(from.getCited(), bounds::kUsed);
  out.items = from.getItems();
  out.characters = from.getCharacters();
  return out;
}

RefusedAnswer read_refused(Reading& in, wire::Refused::Reader from) {
  RefusedAnswer out;
  out.reason = in.at("inference.refused", "reason").text(from.getReason(), bounds::kReason);
  out.count = from.getCount();
  if (out.count == 0) in.at("inference.refused", "count").refuse("BOUND-5", "0", "1 or more");
  return out;
}

// One for each member of the unions.
void write(wire::Answered::Used::Builder to, const UsedRecords& used) {
  put_digests(to.initRecords(count_of(used.ids)), used.ids);
  if (used.ids.empty()) to.disownRecords();  // empty: null
}
void write(wire::Answered::Used::Builder to, const HiddenUse& used) {
  auto hidden = to.initHidden();
  hidden.setBound(used.bound);
  hidden.setRoot(wire_data(used.root));
}
void write(wire::Inference::Outcome::Builder to, const Answered& answered) {
  auto out = to.initAnswered();
  out.setCommitment(wire_data(answered.commitment));
  std::visit([&](const auto& used) { write(out.initUsed(), used); }, answered.used);
  if (!answered.cited.empty()) put_digests(out.initCited(count_of(answered.cited)), answered.cited);
  out.setItems(answered.items);
  out.setCharacters(answered.characters);
}
void write(wire::Inference::Outcome::Builder to, const RefusedAnswer& refused) {
  auto out = to.initRefused();
  if (!refused.reason.empty()) out.setReason(wire_text(refused.reason));
  out.setCount(refused.count);
}

}  // namespace

Inference read_inference(Reading& in, wire::Inference::Reader from) {
  using Outcome = wire::Inference::Outcome;
  constexpr const char* kPlace = "inference";
  Inference out;
  out.sequence = from.getSequence();
  out.query_id = in.at(kPlace, "queryId").fixed<bounds::kQueryIdBytes>(from.getQueryId());
  out.agreement = in.at(kPlace, "agreement").digest<StatementId>(from.getAgreement());
  out.grant = in.at(kPlace, "grant").digest_if_any<StatementId>(from.getGrant());
  out.shape = in.at(kPlace, "shape").digest_if_any<StatementId>(from.getShape());
  out.purpose = in.at(kPlace, "purpose").text(from.getPurpose(), bounds::kPurpose);
  out.parameters = in.at(kPlace, "parameters").digest_if_any<FieldCommitment>(from.getParameters());
  out.model = in.at(kPlace, "model").digest_if_any<StatementId>(from.getModel());
  out.steering = in.at(kPlace, "steering").digest_if_any<StatementId>(from.getSteering());
  in.at(kPlace, "onward");
  out.onward = read_foreign_ids(in, from.getOnward(), bounds::kOnward);
  const auto outcome = from.getOutcome();
  switch (outcome.which()) {
    case Outcome::ANSWERED:
      out.outcome = in.at("inference.answered").with(read_answered, outcome.getAnswered());
      return out;
    case Outcome::REFUSED:
      out.outcome = in.at("inference.refused").with(read_refused, outcome.getRefused());
      return out;
    case Outcome::NONE: break;
  }
  in.at(kPlace, "outcome").refuse_union(outcome.which());
}

void write(wire::Inference::Builder to, const Inference& inference) {
  to.setSequence(inference.sequence);
  to.setQueryId(wire_data(inference.query_id));
  to.setAgreement(wire_data(inference.agreement));
  if (inference.grant) to.setGrant(wire_data(*inference.grant));
  if (inference.shape) to.setShape(wire_data(*inference.shape));
  if (!inference.purpose.empty()) to.setPurpose(wire_text(inference.purpose));
  if (inference.parameters) to.setParameters(wire_data(*inference.parameters));
  if (inference.model) to.setModel(wire_data(*inference.model));
  if (inference.steering) to.setSteering(wire_data(*inference.steering));
  if (!inference.onward.empty()) write(to.initOnward(count_of(inference.onward)), inference.onward);
  std::visit([&](const auto& outcome) { write(to.initOutcome(), outcome); }, inference.outcome);
}

Bytes encode_opening(const Opening& opening) {
  return encode_root<wire::Opening>([&](wire::Opening::Builder to) {
    to.setVersion(1);
    to.setSalt(wire_data(opening.salt));
    if (!opening.ids.empty()) put_digests(to.initIds(count_of(opening.ids)), opening.ids);
  });
}

Result<Opening> decode_opening(ByteView bytes) {
  const auto read = [](Reading& in, wire::Opening::Reader from) {
    check_version(in, "opening", from.getVersion());
    Opening out;
    out.salt = in.at("opening", "salt").fixed<bounds::kFieldSaltBytes>(from.getSalt());
    out.ids = in.at("opening", "ids").digests<StatementId>(from.getIds(), bounds::kOpened);
    return out;
  };
  return decode_root<wire::Opening>("opening", bytes, kOpeningBytesMax, read, encode_opening);
}

}  // namespace holdfast::model
