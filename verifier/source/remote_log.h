// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "net/client.h"
#include "verifier/replay.h"
#include "verifier/source/asker.h"

namespace holdfast::verifier {

struct RemoteOptions {
  std::string url;              // http or https: where the folder with the checkpoint is
  std::string cache_directory;  // a folder of its own for each URL goes into it; "" = no cache
  ReplayOptions replay;         // but for `seen`, which the cache remembers
  net::Options net;
  const Asker* asker = nullptr;  // outlives the run; null: as everybody
};

// Replays the log below a URL, and holds it to the last checkpoint of it that was verified here
// [EXPORT-6]. The cache spares fetching and is believed in nothing: every run checks every byte
// anew; and where it played a part in any answer but "verified, nothing withheld", everything is
// fetched again and that answer counts. Where a fork shows, the evidence against the operator's key
// is written beside the cached files. Errors: kMalformed of a URL that is none; kUnavailable where
// the cache cannot be made.
Result<Verdict> verify_remote(const Trust& trust, const RemoteOptions& options, const Clock& clock);

}  // namespace holdfast::verifier
