// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: text that claims to be a policy file.
// Oracle: what parses, formats and parses again is the same policy, and formats to the same text.
#include "ledger/model/policy.h"

#include "fuzz/target.h"

FUZZ_TARGET(policy) {
  using namespace holdfast;
  const auto policy = model::parse_policy(as_text(input));
  if (!policy) return;
  const std::string text = model::format_policy(*policy);
  const auto again = model::parse_policy(text);
  CHECK(again && *again == *policy);
  CHECK(model::format_policy(*again) == text);
}
