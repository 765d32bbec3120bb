// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: text that claims to be a key file.
// Oracle: what parses formats to the same text. Nothing is decrypted here: that costs what Argon2id
// is told to cost, and a file from outside must not be able to ask for it before it was looked at.
#include "ledger/crypto/key_file.h"
#include "fuzz/target.h"

FUZZ_TARGET(key_file) {
  using namespace holdfast;
  const auto file = crypto::parse_key_file(as_text(input));
  if (!file) return;
  CHECK(crypto::format_key_file(*file) == as_text(input));
  CHECK(file->salt.size() == 16);
}
