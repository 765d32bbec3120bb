// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: bytes that claim to be an Evidence.
// Oracle: what decodes encodes to the same bytes; judging it ends; who is convicted is the village
// of the genesis shown, by a key of an office, of a deed; and for whoever means a village that
// nobody has, it never convicts.
#include "ledger/rules/evidence.h"
#include "fuzz/target.h"
#include "ledger/model/codec.h"
#include "verifier/evidence_check.h"

FUZZ_TARGET(evidence) {
  using namespace holdfast;
  CHECK(verifier::check_evidence(input, StatementId{}).outcome != verifier::Outcome::kVerified);
  const auto evidence = model::decode_evidence(input);
  if (!evidence) return;
  CHECK(equal(model::encode_evidence(*evidence), input));
  const auto convicted = rules::check_evidence(*evidence);
  if (!convicted) return;
  const auto genesis = model::decode_signed_statement(evidence->genesis);
  CHECK(genesis && convicted->village == model::statement_id(genesis->statement));
  CHECK(convicted->of_council || convicted->keys.size() == 1);
  CHECK(!convicted->deed.empty());
}
