// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/model/note.h"
#include "verifier/source/cache.h"
#include "verifier/trust.h"
#include "verifier/verdict.h"

namespace holdfast::verifier {

// The last checkpoint of a log that was verified here, as a small file of text:
//
//   holdfast-seen v1
//   time 2026-03-01T09:30:00Z
//   operator <verifier key by which the note is signed>
//   <empty line>
//   <the note, as it was>
struct SeenCheckpoint {
  Seconds time = 0;
  model::VerifierKey operator_key;
  std::string note;
  model::Checkpoint checkpoint;

  Seen seen() const { return {checkpoint.size, checkpoint.root, time}; }
};

std::string format_seen(const SeenCheckpoint& seen);
// Errors: kMalformed unless it is as above and the key has signed the note: damage is noticed, not
// malice by somebody who may write where the auditor does.
Result<SeenCheckpoint> parse_seen(std::string_view text);

// One file for each thing to trust: what one auditor takes for the village's log another does not.
std::string seen_file(const Trust& trust);

}  // namespace holdfast::verifier
