// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>

#include "ledger/core/time.h"
#include "ledger/crypto/key.h"
#include "ledger/model/envelope.h"

// An envelope on its way: signed by an agent, then sealed to the recipient alone.
// Source: spec/envelopes.md, "In clear, sealed and signed".
namespace holdfast::federation {

// How far two villages' clocks may differ.
inline constexpr Seconds kClockSkew = 5 * kMinute;

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

// Errors: kMalformed; kInvalid [ENV-1] to [ENV-3].
Result<OpenedEnvelope> open_envelope(ByteView sealed, const StatementId& own,
                                     std::span<const crypto::SealingKey> keys);

// Whether it may be looked at now. What takes consent back is never too old. Errors: kInvalid
// [ENV-4].
Result<void> check_time(const model::Envelope& envelope, Seconds now);

}  // namespace holdfast::federation
