// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: text that claims to be a verifier key.
// Oracle: what parses formats to the same text; its name may be a key's name.
#include "fuzz/target.h"
#include "ledger/model/note.h"

FUZZ_TARGET(vkey) {
  using namespace holdfast;
  const auto key = model::parse_vkey(as_text(input));
  if (!key) return;
  CHECK(model::format_vkey(*key) == as_text(input));
  CHECK(model::check_key_name(key->name));
}
