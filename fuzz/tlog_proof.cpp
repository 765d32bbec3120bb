// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: text that claims to be a c2sp.org/tlog-proof@v1 file.
// Oracle: what parses formats to the same bytes.
#include "fuzz/target.h"
#include "ledger/model/note.h"

FUZZ_TARGET(tlog_proof) {
  using namespace holdfast;
  const auto proof = model::parse_tlog_proof(as_text(input));
  if (!proof) return;
  CHECK(model::format_tlog_proof(*proof) == as_text(input));
  CHECK(proof->path.size() <= 64);
}
