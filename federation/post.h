// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "ledger/core/bytes.h"
#include "net/client.h"

namespace holdfast::federation {

// The path of sealed envelopes below a village's endpoint.
inline constexpr const char* kEnvelopesPath = "/v1/envelopes";

struct PostOptions {
  std::chrono::milliseconds within{30'000};  // all tries together
  std::chrono::milliseconds again_after{250};
  std::chrono::milliseconds again_max{8'000};
  // Whether nobody waits for the answer any more; null: somebody does.
  std::function<bool()> stopped;
};

// Sends a sealed envelope; where the peer is away the same one again, twice as long after each
// time: its id makes that one envelope, however often it arrives. Answers with the sealed reply, or
// nothing where there is none to it. Errors: kUnavailable, after `within`; what the peer refused
// without knowing who we are.
Result<std::optional<Bytes>> post_envelope(net::Client& client, const std::string& endpoint,
                                           ByteView sealed, const PostOptions& options);

}  // namespace holdfast::federation
