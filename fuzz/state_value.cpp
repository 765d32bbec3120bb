// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: bytes that claim to be a StateValue.
// Oracle: what decodes encodes to the same bytes, and V is the hash of these bytes.
#include "fuzz/target.h"
#include "ledger/crypto/sha256.h"
#include "ledger/model/codec.h"

FUZZ_TARGET(state_value) {
  using namespace holdfast;
  const auto decoded = model::decode_state_value(input);
  if (!decoded) return;
  CHECK(equal(model::encode_state_value(*decoded), input));
  CHECK(model::value_hash(*decoded).bytes == crypto::sha256(input));
}
