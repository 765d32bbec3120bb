// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>

#include "verifier/conveyor.h"
#include "verifier/source/source.h"
#include "verifier/trust.h"
#include "verifier/verdict.h"

namespace holdfast::verifier {

struct ReplayOptions {
  unsigned jobs = 1;
  std::uint64_t bytes_in_flight_max = kBytesInFlightMax;
  bool require_full = false;  // what could not be checked makes the outcome "cannot tell"
  // What the log has to contain [EXPORT-6].
  std::optional<Seen> seen;
  // Entries done and entries in all; one thread at a time, up to once in 256 entries.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

// Replays a village's whole log from an export: every byte of it is checked against the checkpoint,
// and the checkpoint against `trust`. Memory grows with subjects (about 280 bytes each), not with
// content: of files no more than about bytes_in_flight_max bytes are held at a time, decoded,
// and what a source has fetched ahead.
// Threads: options.jobs of its own while it runs.
Verdict replay(const Source& source, const Trust& trust, const ReplayOptions& options);

}  // namespace holdfast::verifier
