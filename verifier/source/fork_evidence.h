// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "verifier/source/source.h"
#include "verifier/verdict.h"

namespace holdfast::verifier {

// Two checkpoints of one log that cannot both be true, both signed.
struct Fork {
  std::string seen_note;  // what was verified before
  TreeSize seen_size;
  std::string note;   // what the source shows now
  TreeSize size;      // seen_size or above
  Root root_at_seen;  // of what the source shows
};

// The bytes of the evidence against the key that signed both: two roots for one size, or a log that
// was rewritten. The history of keys and the proof are read from `source`. Cost: a look at every
// bundle of entries. Errors: what spec/evidence.md says of evidence that convicts nobody, such as
// where an operator was changed between the two; those of reading.
Result<Bytes> evidence_of_fork(const Source& source, const Fork& fork);

}  // namespace holdfast::verifier
