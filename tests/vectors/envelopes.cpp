// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/acquaintance.h"
#include "federation/introduction.h"
#include "federation/sealing_keys.h"
#include "ledger/crypto/sha256.h"
#include "ledger/model/codec.h"
#include "tests/vectors/envelopes_maker.h"

namespace holdfast::vectors {
namespace envelopes_file {
namespace {

std::string hash_of(ByteView bytes) { return hex(crypto::sha256({bytes})); }
Json hash_or_null(ByteView bytes) { return bytes.empty() ? Json() : Json(hash_of(bytes)); }
template <typename T>
Json hex_or_null(const std::optional<T>& bytes) {
  return bytes ? Json(hex(*bytes)) : Json();
}

Json says(const model::NewTerms& terms) {
  Json signers = Json::array();
  for (const auto& signature : terms.signatures) signers.push_back(signature.key_id.hex());
  return {{"endpoint", terms.endpoint},
          {"terms", model::terms_hash(terms.terms).hex()},
          {"signers", std::move(signers)}};
}
Json says(const model::Proposal& body) {
  Json out{{"agreement", body.agreement.hex()}};
  out.update(says(body.terms));
  return out;
}
Json says(const model::Query& body) {
  return {{"agreement", body.agreement.hex()},
          {"grant", body.grant.hex()},
          {"shape", body.shape.hex()},
          {"purpose", body.purpose},
          {"arguments", body.arguments.size()},
          {"commitment", hex_or_null(model::arguments_commitment(body))},
          {"itemsMax", body.items_max},
          {"charactersMax", body.characters_max},
          {"onward", body.onward.size()}};
}
Json says(const model::Answer& body) {
  Json cited = Json::array();
  for (const auto& record : body.cited) cited.push_back(hash_of(record.signed_statement));
  return {{"inference", hash_of(body.inference.signed_statement)},
          {"content", hash_of(body.content)},
          {"cited", std::move(cited)}};
}
Json says(const model::Refusal& body) {
  return {{"reason", body.reason},
          {"inference", body.inference ? Json(hash_of(body.inference->signed_statement)) : Json()},
          {"behind", hash_or_null(body.behind)}};
}
Json says(const model::Notice& body) {
  if (const auto* of = std::get_if<model::RevocationNotice>(&body.of))
    return {{"of", "revocation"}, {"revocation", hash_of(of->revocation)}};
  if (const auto* of = std::get_if<model::DeletionNotice>(&body.of))
    return {{"of", "deletion"}, {"deletion", of->transfer.hex()}};
  return {{"of", "grant"}, {"grant", std::get<model::GrantNotice>(body.of).grant.hex()}};
}
Json says(const model::Acknowledgement& body) {
  return {{"of", body.of.hex()}, {"rejected", body.rejected}};
}
Json says(const model::CheckpointOnly&) { return Json::object(); }
Json says(const model::FreshnessRequest& body) {
  Json grants = Json::array();
  for (const StatementId& grant : body.grants) grants.push_back(grant.hex());
  return {{"grants", std::move(grants)}};
}

constexpr const char* kBodyNames[] = {"offer",           "accept",     "query",
                                      "answer",          "refusal",    "notice",
                                      "acknowledgement", "checkpoint", "freshness"};
static_assert(std::size(kBodyNames) == std::variant_size_v<decltype(model::Envelope::body)>);

Json sizes_of(const std::vector<TreeSize>& sizes) {
  Json out = Json::array();
  for (const TreeSize size : sizes) out.push_back(size.value);
  return out;
}

}  // namespace

Json said_of(const model::Envelope& envelope) {
  Json grown = Json::array();
  for (const auto& growth : envelope.consistency) grown.push_back(growth.from.value);
  return {{"to", envelope.to.hex()},
          {"sealingKey", envelope.sealing_key.hex()},
          {"from", envelope.from.hex()},
          {"id", hex(envelope.id)},
          {"sequence", envelope.sequence},
          {"sentAt", envelope.sent_at},
          {"expiresAt", envelope.expires_at},
          {"inReplyTo", hex_or_null(envelope.in_reply_to)},
          {"consistency", std::move(grown)},
          {"seen", hash_or_null(as_bytes(envelope.seen))},
          {"wanted", sizes_of(envelope.wanted)},
          {"body", kBodyNames[envelope.body.index()]},
          {"says", std::visit([](const auto& body) { return says(body); }, envelope.body)}};
}

Json said_of_signed(ByteView bytes) {
  const auto made = *model::decode_signed_envelope(bytes);
  Json out = said_of(*model::decode_envelope(made.envelope));
  out["envelope"] = hash_of(made.envelope);
  out["hash"] = model::envelope_hash(bytes).hex();
  out["signer"] = made.key_id.hex();
  return out;
}

Json said_of(const model::Introduction& introduction) {
  Json out{{"genesis", hash_of(introduction.genesis)}};
  out.update(says(introduction.terms));
  return out;
}

namespace {

Bytes bytes_of(const Json& input) {
  Bytes out = bytes_at(input, "bytes");
  if (input.contains("zerosBehind")) out.resize(out.size() + number_at(input, "zerosBehind"));
  return out;
}

// That the vector says of the box what is in it, wherever it gets so far as to be opened.
void check_box(ByteView bytes, std::span<const federation::HeldSealingKey> keys,
               const Json& inside) {
  const auto sealed = model::decode_sealed_envelope(bytes);
  if (!sealed) return;
  for (const federation::HeldSealingKey& held : keys) {
    if (crypto::key_id(held.key.public_key()) != sealed->sealing_key) continue;
    const auto opened = crypto::open_sealed(held.key, sealed->box);
    CHECK(inside == (opened ? Json(hex(*opened)) : Json()));
  }
}

// Whom the recipient's ledger knows by that detail.
federation::Acquaintance acquaintance(const StatementId& village, const Json& detail) {
  const auto bytes = parse_hex(detail.get<std::string>());
  CHECK(bytes.has_value());
  const auto decoded = model::decode_detail(model::StateClass::kPeer, *bytes);
  CHECK(decoded.has_value());
  federation::Acquaintance out;
  out.village = village;
  out.peer.value.state_class = model::StateClass::kPeer;
  out.peer.value.status = model::Status::kActive;
  out.peer.detail =
      std::make_shared<const model::PeerDetail>(std::get<model::PeerDetail>(*decoded));
  return out;
}

Json judge_sealed(const Json& input) {
  const Bytes bytes = bytes_of(input);
  federation::SealingKeys::Keys keys;
  for (const Json& secret : input["secrets"])
    keys.push_back({crypto::SealingKey::from_seed(parse_hex(secret.get<std::string>()).value())});
  check_box(bytes, keys, input["signed"]);
  auto opened = federation::open_envelope(bytes, digest_at<StatementId>(input, "village"), keys, 0);
  if (!opened) return refusal(opened.error());
  CHECK(input.contains("known"));
  const auto now = static_cast<Seconds>(number_at(input, "time"));
  if (const auto timely = federation::check_time(opened->envelope, now); !timely)
    return refusal(timely.error());
  const auto sight =
      federation::check_sender(acquaintance(opened->envelope.from, input["known"]), *opened);
  if (!sight) return refusal(sight.error());
  return accept(said_of_signed(bytes_at(input, "signed")));
}

Json judge_signed(const Json& input) {
  const Bytes bytes = bytes_of(input);
  const auto made = model::decode_signed_envelope(bytes);
  if (!made) return refusal(made.error());
  const auto envelope = model::decode_envelope(made->envelope);
  return envelope ? accept(said_of_signed(bytes)) : refusal(envelope.error());
}

Json judge_introduction(const Json& input) {
  const auto introduction = model::decode_introduction(bytes_of(input));
  if (!introduction) return refusal(introduction.error());
  if (!input.contains("village")) return accept(said_of(*introduction));
  const auto met =
      federation::read_introduction(*introduction, digest_at<StatementId>(input, "village"));
  if (!met) return refusal(met.error());
  Json out = said_of(*introduction);
  out["village"] = met->village.hex();
  return accept(std::move(out));
}

Json judge(const Json& input) {
  const std::string of = text_at(input, "of");
  if (of == "sealed") return judge_sealed(input);
  if (of == "signed") return judge_signed(input);
  if (of == "introduction") return judge_introduction(input);
  CHECK(of == "envelope");
  const auto envelope = model::decode_envelope(bytes_of(input));
  return envelope ? accept(said_of(*envelope)) : refusal(envelope.error());
}

Json make() {
  Maker to;
  add_taken(to);
  add_not_taken(to);
  add_forms(to);
  add_bodies(to);
  add_introductions(to);
  return to.take();
}

}  // namespace
}  // namespace envelopes_file

const VectorFile kEnvelopes{
    "envelopes",
    "Canonical bytes of what `of` says, and as many zeros behind them as zerosBehind says. Of a "
    "sealed envelope: village, the id of who opens it; secrets, the secrets of its X25519 sealing "
    "keys, which are keys to test with and nobody's; signed, what the box holds, or null where it "
    "does not open or is not asked to; time, the reader's; known, the detail that its ledger has "
    "of the sender, left out where it does not come to that. ENV-1 to ENV-4 and ENV-6 are asked. "
    "Of an introduction: village, who reads it, and whether it may be met is asked; without it "
    "the form alone. Expect: what stands in it, ids and hashes in hex. hash is the envelope's, as "
    "receipts name it, signer the key id of who signed it, envelope H of the bytes that are "
    "signed. seen, inference, content, cited, behind, revocation and genesis are H of the bytes "
    "there, of an inference and a cited record of the signed statement; terms is the hash of "
    "terms, commitment that to the arguments.",
    envelopes_file::make, envelopes_file::judge};

}  // namespace holdfast::vectors
