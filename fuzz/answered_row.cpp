// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: a side row of which records a count told of.
// Oracle: what reads is what is written again, byte for byte.
#include "federation/answered_row.h"
#include "fuzz/target.h"

FUZZ_TARGET(answered_row) {
  using namespace holdfast;
  const auto row = federation::decode_answered(input);
  if (!row) return;
  CHECK(equal(federation::encode_answered(*row), input));
}
