// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "tests/model/generate.h"

namespace holdfast::model {

ProvenEntry Generator::proven_entry() {
  return {bytes(1 + below(300)), bytes(1 + below(600)), digests<NodeHash>(below(12))};
}

PeerState Generator::peer_state() {
  PeerState out;
  for (auto left = below(3); left > 0; --left) out.history.push_back(proven_entry());
  out.checkpoint = line(300);
  out.seal = proven_entry();
  for (std::uint16_t i = 1 + static_cast<std::uint16_t>(below(3)); i > 0; --i)
    out.subjects.push_back(
        {i, bytes(32), bytes(1 + below(90)), bytes(1 + below(200)), bytes(33 * below(9))});
  std::ranges::reverse(out.subjects);
  return out;
}

std::vector<TermsSignature> Generator::terms_signatures() {
  std::vector<TermsSignature> out;
  for (const KeyId& id : sorted_digests<KeyId>(1 + below(4))) {
    out.push_back({id, {}});
    fill(out.back().signature);
  }
  return out;
}

NewTerms Generator::new_terms() {
  const Terms terms{digest<StatementId>(),
                    digest<StatementId>(),
                    number(),
                    static_cast<AgreementKind>(1 + below(3)),
                    line(200),
                    prose(3000)};
  return {coin() ? "https://village-" + std::to_string(number()) + ".example" : "", terms,
          terms_signatures()};
}

Agreement Generator::agreement() {
  Agreement out;
  const auto step = below(6);
  if (step != 0) out.agreement = digest<StatementId>();
  out.expected_version = below(2) * number();
  switch (step) {
    case 0: out.step = Offer{bytes(1 + below(900)), peer_state(), new_terms()}; break;
    case 1: out.step = Acceptance{terms_signatures()}; break;
    case 2: out.step = Amendment{new_terms()}; break;
    case 3: out.step = Suspension{}; break;
    case 4: out.step = Resumption{new_terms()}; break;
    default: out.step = Ending{};
  }
  return out;
}

Parameter Generator::parameter(const std::string& name) {
  switch (below(4)) {
    case 0: return {name, TextParameter{static_cast<std::uint32_t>(below(3))}};
    case 1: return {name, ChoiceParameter{sorted_lines(1 + below(4), 100)}};
    case 2:
      return {name, IntegerParameter{-static_cast<std::int64_t>(below(9)),
                                     static_cast<std::int64_t>(below(9))}};
    default:
      return {name, DateParameter{static_cast<std::int64_t>(below(2)),
                                  static_cast<std::int64_t>(below(2))}};
  }
}

ShapeTemplate Generator::shape_template() {
  ShapeTemplate out;
  out.operation = static_cast<Operation>(1 + below(5));
  out.title = line(200);
  for (const char* name : {"about", "from", "to"})
    if (coin()) out.parameters.push_back(parameter(name));
  const auto small = [&] { return static_cast<std::uint32_t>(below(3) * below(500)); };
  out.items_max = small();
  out.characters_max = small();
  out.minimum_cell = small();
  out.rounding = small();
  out.steering_needed = coin();
  return out;
}

Shape Generator::shape() {
  if (coin()) return {digest<StatementId>(), shape_template()};
  return {digest<StatementId>(), Retire{digest<StatementId>()}};
}

ModelIdentity Generator::model_identity() {
  return {line(200),
          digest<BytesDigest>(),
          perhaps<BytesDigest>(),
          perhaps<BytesDigest>(),
          perhaps<BytesDigest>(),
          coin() ? "" : line(100),
          static_cast<Determinism>(below(4)),
          perhaps<TrainingRoot>()};
}

Model Generator::model() {
  if (coin()) return {digest<StatementId>(), model_identity()};
  return {digest<StatementId>(), Retire{digest<StatementId>()}};
}

SteeringTerms Generator::steering_terms() {
  return {sorted_digests<StatementId>(1 + below(4)), perhaps<BytesDigest>(),
          coin() ? Limits{} : limits()};
}

Steering Generator::steering() {
  if (coin()) return {digest<StatementId>(), steering_terms()};
  return {digest<StatementId>(), WithdrawSteering{digest<StatementId>()}};
}

std::vector<ForeignId> Generator::foreign_ids(std::size_t count) {
  std::vector<ForeignId> out;
  for (std::size_t i = 0; i < count; ++i)
    out.push_back({digest<StatementId>(), digest<StatementId>()});
  std::ranges::sort(out);
  return out;
}

Answered Generator::answered() {
  Answered out;
  out.commitment = digest<ContentRoot>();
  if (coin())
    out.used = UsedRecords{sorted_digests<StatementId>(below(9))};
  else
    out.used = HiddenUse{std::uint64_t{1} << below(14), digest<HiddenRoot>()};
  out.cited = sorted_digests<StatementId>(below(4));
  out.items = static_cast<std::uint32_t>(below(20));
  out.characters = static_cast<std::uint32_t>(below(9000));
  return out;
}

Inference Generator::inference() {
  Inference out;
  out.sequence = number();
  fill(out.query_id);
  out.agreement = digest<StatementId>();
  out.grant = perhaps<StatementId>();
  out.shape = perhaps<StatementId>();
  out.purpose = line(200);
  out.parameters = perhaps<FieldCommitment>();
  out.model = perhaps<StatementId>();
  out.steering = perhaps<StatementId>();
  out.onward = foreign_ids(below(3));
  if (coin())
    out.outcome = answered();
  else
    out.outcome = RefusedAnswer{"silent", 1 + below(9)};
  return out;
}

Opening Generator::opening() {
  Opening out{{}, sorted_digests<StatementId>(below(40))};
  fill(out.salt);
  return out;
}

Receipt Generator::receipt() {
  Receipt out;
  out.sequence = number();
  out.agreement = digest<StatementId>();
  out.acknowledges = static_cast<ReceiptOf>(1 + below(6));
  out.of = digest<StatementId>();
  out.envelope = perhaps<BytesDigest>();
  if (coin()) out.rejected = line(200);
  if (coin()) out.state = peer_state();
  if (coin()) out.revocation = bytes(1 + below(600));
  return out;
}

Composition Generator::composition() {
  return {number(),
          sorted_digests<StatementId>(1 + below(4)),
          sorted_digests<StatementId>(below(3)),
          foreign_ids(below(5)),
          foreign_ids(1 + below(3)),
          perhaps<StatementId>(),
          digest<ContentRoot>(),
          line(200)};
}

Transfer Generator::transfer() {
  Transfer out;
  out.sequence = number();
  out.direction = static_cast<Direction>(1 + below(2));
  out.agreement = digest<StatementId>();
  out.grant = digest<StatementId>();
  out.records = sorted_digests<StatementId>(1 + below(6));
  out.onward = foreign_ids(below(3));
  if (coin()) out.fields = {"body", "title"};
  out.hops = digests<StatementId>(below(4));
  return out;
}

Decision Generator::decision() {
  Decision out;
  out.sequence = below(2) * number();
  out.domain = digest<StatementId>();
  out.expected_version = below(3);
  out.content_root = digest<ContentRoot>();
  out.action = digest<FieldCommitment>();
  out.verdict = static_cast<Verdict>(1 + below(3));
  out.category = line(64);
  switch (below(4)) {
    case 0: break;
    case 1: out.of = AppealOf{digest<StatementId>()}; break;
    case 2: out.of = ClosingOf{digest<StatementId>()}; break;
    default: out.of = ReversalOf{digest<StatementId>()};
  }
  return out;
}

Deliberation Generator::deliberation() {
  Deliberation out;
  out.domain = digest<StatementId>();
  out.content_root = digest<ContentRoot>();
  out.matter = digest<FieldCommitment>();
  for (auto left = 1 + below(5); left > 0; --left)
    out.positions.push_back({digest<FieldCommitment>(), digest<FieldCommitment>()});
  out.outcome = digest<FieldCommitment>();
  out.dissent = sorted_digests<FieldCommitment>(below(3));
  out.proposals = digests<FieldCommitment>(below(4));
  return out;
}

Report Generator::report() {
  return {static_cast<ReportView>(1 + below(2)),
          time(),
          time(),
          {number()},
          {number()},
          digest<Root>(),
          digest<BytesDigest>(),
          perhaps<BytesDigest>()};
}

Observation Generator::observation() {
  switch (below(3)) {
    case 0:
      return {PeerCheckpoint{digest<StatementId>(), peer_state(), digests<NodeHash>(below(9))}};
    case 1: return {OwnCheckpoint{line(400)}};
    default: return {EvidenceSeen{bytes(1 + below(900))}};
  }
}

Detail Generator::federation_detail(std::size_t alternative) {
  switch (alternative) {
    case 10:
      return AgreementDetail{digest<StatementId>(),
                             digest<TermsHash>(),
                             number(),
                             static_cast<AgreementKind>(1 + below(3)),
                             line(200),
                             coin() ? "" : "https://bay.example"};
    case 11: return ShapeDetail{digest<StatementId>(), shape_template()};
    case 12: return ModelDetail{digest<StatementId>(), model_identity()};
    case 13:
      return SteeringDetail{digest<StatementId>(), steering_terms(),
                            static_cast<std::int64_t>(below(30000)), below(9), below(99)};
    case 14: {
      InferenceDetail out{
          digest<StatementId>(), perhaps<StatementId>(), {}, perhaps<ContentRoot>(), ""};
      fill(out.query_id);
      if (!out.commitment) out.reason = "silent";
      return out;
    }
    case 15: {
      ReceiptDetail out{digest<StatementId>(), static_cast<ReceiptOf>(1 + below(6)),
                        digest<StatementId>(), coin(), std::nullopt};
      if (coin()) out.grant = ForeignId{digest<StatementId>(), digest<StatementId>()};
      return out;
    }
    case 16: return CompositionDetail{digest<ContentRoot>(), foreign_ids(1 + below(3))};
    case 17:
      return TransferDetail{static_cast<Direction>(1 + below(2)), digest<StatementId>(),
                            digest<StatementId>()};
    case 18:
      return DecisionDetail{digest<StatementId>(),
                            digest<FieldCommitment>(),
                            static_cast<Verdict>(1 + below(3)),
                            line(64),
                            digest<KeyId>(),
                            perhaps<StatementId>()};
    case 19:
      return DeliberationDetail{digest<StatementId>(), digest<ContentRoot>(),
                                static_cast<std::uint32_t>(below(64)),
                                static_cast<std::uint32_t>(below(9))};
    case 20:
      return ReportDetail{
          static_cast<ReportView>(1 + below(2)), time(), time(), {number()}, digest<BytesDigest>()};
    case 21: return ObservationDetail{perhaps<StatementId>(), {number()}, digest<Root>()};
    case 22:
      return PeerDetail{digest<StatementId>(),
                        "village-" + std::to_string(number()) + ".example",
                        {key(), key(), key(crypto::Algorithm::kX25519), 2},
                        number(),
                        {authority(), next_authority()},
                        number(),
                        {below(2) * number()},
                        digest<Root>(),
                        time()};
    case 23:
      return ForeignGrantDetail{digest<StatementId>(), digest<StatementId>(), grant(), {number()}};
    default: static_assert(std::variant_size_v<Detail> == 25); return SequenceDetail{number()};
  }
}

}  // namespace holdfast::model
