// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/crypto/key.h"

namespace holdfast::crypto {

// Ephemeral public key in front, tag behind.
inline constexpr std::size_t kSealedBoxOverheadBytes = 32 + 16;

// For the holder of an X25519 key alone; says nothing of who sealed it. The bytes are those of
// libsodium's crypto_box_seal: epk[32] || crypto_box_easy(plaintext, BLAKE2b-192(epk || pk), pk,
// esk) with a key pair of its own, which is forgotten.
// Errors: kMalformed where the key is no X25519 key, or one with which no secret can be agreed.
Result<Bytes> seal_to(const PublicKey& recipient, ByteView plaintext, Random& random);

// Errors: kMalformed if shorter than the overhead, or not sealed to this key.
Result<Bytes> open_sealed(const SealingKey& key, ByteView box);

}  // namespace holdfast::crypto
