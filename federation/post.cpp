// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/post.h"

#include <algorithm>
#include <thread>

#include "ledger/model/envelope.h"
#include "net/url.h"

namespace holdfast::federation {
namespace {

using Milliseconds = std::chrono::milliseconds;

// A look at whether anybody waits, so often.
constexpr Milliseconds kStoppedLookEvery{50};

bool wait(Milliseconds pause, const PostOptions& options) {
  for (Milliseconds left = pause; left > Milliseconds{0}; left -= kStoppedLookEvery) {
    if (options.stopped && options.stopped()) return false;
    std::this_thread::sleep_for(std::min(left, kStoppedLookEvery));
  }
  return true;
}

}  // namespace

Result<std::optional<Bytes>> post_envelope(net::Client& client, const std::string& endpoint,
                                           ByteView sealed, const PostOptions& options) {
  if (endpoint.empty())
    return Error{Code::kNotFound, "", "endpoint of the peer", "none in the agreement",
                 "an address: `holdfast peer amend` gives one"};
  TRY_ASSIGN(const std::string base, net::parse_base_url(endpoint));
  const auto until = std::chrono::steady_clock::now() + options.within;
  Milliseconds pause = options.again_after;
  for (;;) {
    const net::Request request{base + kEnvelopesPath,
                               {{"Content-Type", "application/octet-stream"}},
                               Bytes(sealed.begin(), sealed.end()),
                               model::kSealedEnvelopeBytesMax + 1024};
    auto answer = net::success(client.send(request), request.url);
    if (answer) {
      if (answer->body.empty()) return std::optional<Bytes>();
      return std::optional(std::move(answer->body));
    }
    const bool is_over = std::chrono::steady_clock::now() + pause >= until;
    if (answer.error().code != Code::kUnavailable || is_over || !wait(pause, options))
      return answer.error();
    pause = std::min(2 * pause, options.again_max);
  }
}

}  // namespace holdfast::federation
