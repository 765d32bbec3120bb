// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: text that claims to be a checkpoint, without signatures.
// Oracle: what parses formats to the same bytes; its origin may be a key's name.
#include "fuzz/target.h"
#include "ledger/model/note.h"

FUZZ_TARGET(checkpoint) {
  using namespace holdfast;
  const auto checkpoint = model::parse_checkpoint(as_text(input));
  if (!checkpoint) return;
  CHECK(model::format_checkpoint(*checkpoint) == as_text(input));
}
