// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: text that claims to be a .state-proof file.
// Oracle: what parses formats to the same bytes; and checking it, for whoever trusts a village that
// nobody has, ends without ever verifying it.
#include "ledger/model/state_proof.h"
#include "fuzz/target.h"
#include "verifier/state_proof_check.h"

FUZZ_TARGET(state_proof) {
  using namespace holdfast;
  verifier::Trust nobody;
  nobody.village = StatementId{};
  CHECK(verifier::check_state_proof(input, nobody).outcome != verifier::Outcome::kVerified);
  const auto file = model::parse_state_proof(as_text(input));
  if (!file) return;
  CHECK(model::format_state_proof(*file) == as_text(input));
}
