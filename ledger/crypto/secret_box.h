// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/core/bytes.h"
#include "ledger/crypto/random.h"

namespace holdfast::crypto {

inline constexpr std::size_t kSecretBoxKeyBytes = 32;
// Nonce in front, tag behind.
inline constexpr std::size_t kSecretBoxOverheadBytes = 24 + 16;

// XChaCha20-Poly1305 (IETF): nonce[24] || ciphertext || tag[16]. `context` is authenticated, not
// stored; opening needs the same. CHECKs the key's length.
Bytes seal_secret(ByteView key, ByteView plaintext, ByteView context, Random& random);

// Errors: kMalformed if shorter than the overhead, or the tag does not fit key, bytes and context.
Result<Bytes> open_secret(ByteView key, ByteView box, ByteView context);

}  // namespace holdfast::crypto
