// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: text that claims to be a public key as people hand it over.
// Oracle: what parses formats to the same text.
#include "fuzz/target.h"
#include "ledger/crypto/key.h"

FUZZ_TARGET(public_key) {
  using namespace holdfast;
  const auto key = crypto::parse_public_key(as_text(input));
  if (key) CHECK(crypto::format_public_key(*key) == as_text(input));
}
