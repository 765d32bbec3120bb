// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: the value of the field Authorization.
// Oracle: a token that reads is written as it was read, and a claim in it encodes to its own bytes.
#include "fuzz/target.h"
#include "ledger/model/access.h"

FUZZ_TARGET(access_token) {
  using namespace holdfast;
  const auto token = model::parse_authorization(as_text(input));
  if (!token) return;
  CHECK(model::parse_authorization(model::format_authorization(*token))->claim == token->claim);
  const auto claim = model::decode_access_claim(token->claim);
  if (!claim) return;
  CHECK(model::encode_access_claim(*claim) == token->claim);
}
