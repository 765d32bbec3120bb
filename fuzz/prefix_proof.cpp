// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: K[32] V[32], then bytes that claim to be a proof of the state tree.
// Oracle: what decodes encodes to the same bytes, as inclusion and as absence; and whatever root it
// implies for the one, it does not verify the other under that root.
#include "ledger/merkle/prefix_proof.h"
#include "fuzz/target.h"

FUZZ_TARGET(prefix_proof) {
  using namespace holdfast;
  fuzz::Taker taker(input);
  const auto key = taker.digest<StateKey>();
  const auto value = taker.digest<ValueHash>();
  const auto inclusion = merkle::decode_inclusion_proof(taker.rest());
  const auto absence = merkle::decode_absence_proof(taker.rest());
  if (inclusion) CHECK(equal(merkle::encode_prefix_proof(*inclusion), taker.rest()));
  if (absence) CHECK(equal(merkle::encode_prefix_proof(*absence), taker.rest()));
  if (inclusion)
    if (const auto root = merkle::root_from_state_inclusion(key, value, *inclusion)) {
      CHECK(merkle::verify_state_inclusion(key, value, *inclusion, *root));
      if (absence) CHECK(!merkle::verify_state_absence(key, *absence, *root));
    }
  if (absence)
    if (const auto root = merkle::root_from_state_absence(key, *absence))
      CHECK(merkle::verify_state_absence(key, *absence, *root));
}
