// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: text that claims to be a checkpoint seen before, as a cache remembers it.
// Oracle: what parses formats to the same text, and is signed by the key that it names.
#include "verifier/source/seen.h"

#include "fuzz/target.h"

FUZZ_TARGET(seen) {
  using namespace holdfast;
  const auto seen = verifier::parse_seen(as_text(input));
  if (!seen) return;
  CHECK(verifier::format_seen(*seen) == as_text(input));
  const auto note = model::parse_note(seen->note);
  CHECK(note && model::verify_note(*note, std::span(&seen->operator_key, 1)));
}
