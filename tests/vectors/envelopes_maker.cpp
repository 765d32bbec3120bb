// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/vectors/envelopes_maker.h"

#include <algorithm>

#include "ledger/crypto/sha256.h"
#include "ledger/model/codec.h"

namespace holdfast::vectors::envelopes_file {

using model::StateClass;

crypto::SealingKey sealing_key_of(const AskingVillage& village) {
  auto out = crypto::SealingKey::from_seed(
      crypto::sha256({as_bytes("test key " + village.setting.whose + "sealing")}));
  CHECK(out.public_key() == village.genesis().sealing_key);
  return out;
}

void CountedRandom::fill(std::span<std::byte> out) {
  while (!out.empty()) {
    const auto block = crypto::sha256({as_bytes("envelopes.json"), u64be(count_++)});
    const std::size_t size = std::min(out.size(), block.size());
    std::copy_n(block.begin(), size, out.begin());
    out = out.subspan(size);
  }
}

model::Envelope Maker::envelope(const Way& way, decltype(model::Envelope::body) body,
                                std::vector<testing::SubjectId> subjects) {
  subjects.emplace_back(StateClass::kAgent, way.from.agent.id());
  model::Envelope out;
  out.to = way.to.village;
  out.sealing_key = crypto::key_id(way.to.genesis().sealing_key);
  out.from = way.from.village;
  random.fill(out.id);
  out.sequence = ++sequence_;
  out.sent_at = way.from.now;
  out.expires_at = out.sent_at + kHour;
  out.state = testing::peer_state(way.from, std::move(subjects));
  out.body = std::move(body);
  return out;
}

model::Envelope Maker::formed(decltype(model::Envelope::body) body) {
  model::Envelope out;
  out.to = bay.village;
  out.sealing_key = crypto::key_id(bay.genesis().sealing_key);
  out.from = clinic.village;
  out.id.fill(std::byte{1});
  out.sequence = 1;
  out.sent_at = clinic.now;
  out.expires_at = clinic.now + kHour;
  out.state.checkpoint = "a note";
  out.state.seal = {to_bytes("an entry"), to_bytes("a seal"), {}};
  const Bytes id(clinic.village.bytes.begin(), clinic.village.bytes.end());
  out.state.subjects = {{1, id, to_bytes("a value"), to_bytes("a detail"), {}}};
  out.body = std::move(body);
  return out;
}

model::Query Maker::query() const {
  model::Query out;
  out.agreement = villages.bay_agreement;
  out.grant = villages.bay_grant;
  out.shape = bay.answer_id;
  out.purpose = "teaching";
  out.arguments = {{"place", "the outer reef"}};
  out.salt.emplace().fill(std::byte{5});
  return out;
}

model::NewTerms Maker::new_terms(const AskingVillage& of) const {
  const model::Terms terms = villages.terms(2);
  return {"https://" + of.setting.origin, terms, villages.consents(terms, of.council)};
}

Bytes Maker::signed_by(const crypto::SigningKey& agent, const Bytes& envelope,
                       const Otherwise& otherwise) const {
  const crypto::SigningKey& signer = otherwise.signer != nullptr ? *otherwise.signer : agent;
  model::SignedEnvelope out;
  out.envelope = envelope;
  out.key_id = otherwise.key_id == KeyId{} ? signer.id() : otherwise.key_id;
  out.signature = signer.sign(otherwise.message.empty() ? model::envelope_message(envelope)
                                                        : otherwise.message);
  return model::encode_signed_envelope(out);
}

Bytes Maker::sealed(const model::SealedEnvelope& clear, ByteView inside,
                    const crypto::PublicKey& key) {
  model::SealedEnvelope out = clear;
  out.box = crypto::seal_to(key, inside, random).value();
  return model::encode_sealed_envelope(out);
}

Json Maker::received(const Way& way, const Bytes& sealed, Json inside) const {
  const auto known = way.to.ledger.find(StateClass::kPeer, way.from.village);
  CHECK(known && known->has_value());
  return {{"of", "sealed"},
          {"bytes", hex(sealed)},
          {"village", way.to.village.hex()},
          {"secrets", Json::array({hex(sealing_key_of(way.to).seed())})},
          {"signed", std::move(inside)},
          {"time", way.to.now + kMinute},
          {"known", hex((*known)->owned().detail)}};
}

Json Maker::received(const Way& way, const model::Envelope& envelope, const Otherwise& otherwise) {
  const Bytes inside = signed_by(way.from.agent, model::encode_envelope(envelope), otherwise);
  return received(way,
                  sealed({way.to.village, envelope.sealing_key, {}}, inside,
                         sealing_key_of(way.to).public_key()),
                  hex(inside));
}

void Maker::taken(std::string_view name, const Way& way, const model::Envelope& envelope) {
  Json input = received(way, envelope);
  Json expect = accept(said_of_signed(bytes_at(input, "signed")));
  add(name, std::move(input), std::move(expect));
}

void Maker::malformed(std::string_view name, std::string_view rule, const char* of, ByteView bytes,
                      std::size_t zeros_behind) {
  Json input{{"of", of}, {"bytes", hex(bytes)}};
  if (std::string_view(of) == "sealed") {
    input = received(to_bay, Bytes(bytes.begin(), bytes.end()), Json());
    input.erase("known");
  }
  if (zeros_behind != 0) input["zerosBehind"] = zeros_behind;
  no(name, "malformed", rule, std::move(input));
}

void Maker::newer(std::string_view name, const char* of, ByteView bytes) {
  malformed(name, "BYTES-1", of, bytes);
  out_.back()["expect"]["code"] = "unknown version";
}

}  // namespace holdfast::vectors::envelopes_file
