// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/sealing.h"

#include <algorithm>

#include "ledger/crypto/sealed_box.h"
#include "ledger/model/codec.h"

namespace holdfast::federation {
namespace {

Error not_taken(const char* rule, std::string what, std::string found, std::string want) {
  return {Code::kInvalid, rule, std::move(what), std::move(found), std::move(want)};
}

Result<const crypto::SealingKey*> key_for(const model::SealedEnvelope& sealed,
                                          std::span<const HeldSealingKey> keys, Seconds now) {
  for (const HeldSealingKey& held : keys)
    if (crypto::key_id(held.key.public_key()) == sealed.sealing_key &&
        (!held.until || now < *held.until))
      return &held.key;
  return not_taken("ENV-2", kSealingKeyField, sealed.sealing_key.hex(),
                   "this village's sealing key, or one that was replaced less than a day ago");
}

}  // namespace

Result<Bytes> seal_envelope(const model::Envelope& envelope, const crypto::SigningKey& agent,
                            const crypto::PublicKey& recipient, crypto::Random& random) {
  model::SignedEnvelope made;
  made.envelope = model::encode_envelope(envelope);
  if (made.envelope.size() > model::kEnvelopeBytesMax)
    return Error{Code::kMalformed, "BYTES-4", "envelope",
                 std::to_string(made.envelope.size()) + " bytes",
                 "at most " + std::to_string(model::kEnvelopeBytesMax)};
  made.key_id = agent.id();
  made.signature = agent.sign(model::envelope_message(made.envelope));
  model::SealedEnvelope sealed{envelope.to, envelope.sealing_key, {}};
  TRY_ASSIGN(sealed.box, crypto::seal_to(recipient, model::encode_signed_envelope(made), random));
  return model::encode_sealed_envelope(sealed);
}

Result<OpenedEnvelope> open_envelope(ByteView bytes, const StatementId& own,
                                     std::span<const HeldSealingKey> keys, Seconds now) {
  TRY_ASSIGN(const model::SealedEnvelope sealed, model::decode_sealed_envelope(bytes));
  if (sealed.to != own)
    return not_taken("ENV-1", "sealedEnvelope.to", sealed.to.hex(), own.hex() + ", this village");
  TRY_ASSIGN(const crypto::SealingKey* const key, key_for(sealed, keys, now));
  const auto opened = crypto::open_sealed(*key, sealed.box);
  if (!opened)
    return not_taken("ENV-2", "sealedEnvelope.box", opened.error().found,
                     "one sealed to the key that it names");
  TRY_ASSIGN(model::SignedEnvelope inner, model::decode_signed_envelope(*opened));
  OpenedEnvelope out;
  TRY_ASSIGN(out.envelope, model::decode_envelope(inner.envelope));
  if (out.envelope.to != sealed.to || out.envelope.sealing_key != sealed.sealing_key)
    return not_taken("ENV-3", "envelope.to and sealingKey", "others than in clear",
                     "those that stand outside of the box");
  out.signer = inner.key_id;
  out.signature = inner.signature;
  out.hash = model::envelope_hash(*opened);
  out.envelope_bytes = std::move(inner.envelope);
  return out;
}

Result<void> check_time(const model::Envelope& envelope, Seconds now) {
  const auto refuse = [](const char* field, Seconds found, std::string want) {
    return not_taken("ENV-4", std::string("envelope.") + field, format_time(found),
                     std::move(want));
  };
  if (std::holds_alternative<model::Notice>(envelope.body)) return {};
  if (envelope.sent_at > now + kClockSkew)
    return refuse("sentAt", envelope.sent_at, "at most 5 minutes after " + format_time(now));
  if (envelope.expires_at - envelope.sent_at > model::kEnvelopeLifeMax)
    return refuse("expiresAt", envelope.expires_at, "at most a day after it was sent");
  if (now - kClockSkew >= envelope.expires_at)
    return refuse("expiresAt", envelope.expires_at, "later than " + format_time(now));
  return {};
}

}  // namespace holdfast::federation
