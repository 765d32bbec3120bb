// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <span>

#include "ledger/core/time.h"
#include "ledger/crypto/key.h"
#include "ledger/model/envelope.h"

// An envelope on its way: signed by an agent, then sealed to the recipient alone.
// Source: spec/envelopes.md, "In clear, sealed and signed".
namespace holdfast::federation {

// How far two villages' clocks may differ.
inline constexpr Seconds kClockSkew = 5 * kMinute;

// A sealing key of this village's.
struct HeldSealingKey {
  crypto::SealingKey key;
  // Of one that was replaced: what was sealed to it may be on its way until then. None: in force.
  std::optional<Seconds> until = std::nullopt;
};
// How long after it was replaced.
inline constexpr Seconds kReplacedKeyOpensFor = kDay;

// What came in, opened. Who signed it is not checked: that takes what its state shows.
struct OpenedEnvelope {
  model::Envelope envelope;
  Bytes envelope_bytes;  // that the signature is over
  KeyId signer;
  crypto::Signature signature{};
  model::EnvelopeHash hash;
};

// Errors: kMalformed where it grows beyond its bounds, or the recipient's key is none.
Result<Bytes> seal_envelope(const model::Envelope& envelope, const crypto::SigningKey& agent,
                            const crypto::PublicKey& recipient, crypto::Random& random);

// What names the key that an envelope is sealed to, in a refusal [ENV-2] for want of that key.
inline constexpr const char* kSealingKeyField = "sealedEnvelope.sealingKey";

// Errors: kMalformed; kInvalid [ENV-1] to [ENV-3].
Result<OpenedEnvelope> open_envelope(ByteView sealed, const StatementId& own,
                                     std::span<const HeldSealingKey> keys, Seconds now);

// Whether it may be looked at now. What takes consent back is never too old. Errors: kInvalid
// [ENV-4].
Result<void> check_time(const model::Envelope& envelope, Seconds now);

}  // namespace holdfast::federation
