// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: bytes that claim to be a Statement.
// Oracle: what decodes encodes to the same bytes, decodes again to the same value, and is in
// bounds.
#include "fuzz/target.h"
#include "ledger/model/codec.h"
#include "ledger/rules/signatures.h"

FUZZ_TARGET(statement) {
  using namespace holdfast;
  const auto decoded = model::decode_statement(input);
  if (!decoded) return;
  CHECK(input.size() <= model::kStatementBytesMax);
  const Bytes again = model::encode_statement(*decoded);
  CHECK(equal(again, input));
  CHECK(*model::decode_statement(again) == *decoded);
  CHECK(rules::introduced_keys(*decoded).size() <= 65);
}
