// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "ledger/crypto/key.h"

namespace holdfast::crypto {

using Verifier = bool (*)(const PublicKey& key, ByteView message, ByteView signature);

// Libraries read RFC 8032 in different ways, and which way libsodium does depends on its version
// and on how it was built. Two verifiers that differ would part over one log. So a few fixed
// signatures are judged when a program starts: right ones, and forgeries that a more lenient
// reading takes. The names of those that `verify` judges otherwise than spec/bytes.md; none where
// it is strict. Cost: about 0.2 ms. Source of the signatures: RFC 8032
// section 7.1; spec/vectors/signatures.json.
std::vector<std::string> misjudged(Verifier verify);

// Ends the program with a message unless the library at hand judges as it must.
void require_strictness();

}  // namespace holdfast::crypto
