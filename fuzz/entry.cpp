// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: bytes that claim to be an Entry.
// Oracle: what decodes encodes to the same bytes and is in bounds.
#include "fuzz/target.h"
#include "ledger/model/codec.h"

FUZZ_TARGET(entry) {
  using namespace holdfast;
  const auto decoded = model::decode_entry(input);
  if (!decoded) return;
  CHECK(input.size() <= model::kEntryBytesMax);
  CHECK(equal(model::encode_entry(*decoded), input));
}
