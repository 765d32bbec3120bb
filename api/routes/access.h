// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "api/http/message.h"
#include "ledger/core/time.h"
#include "ledger/log/audience.h"
#include "ledger/model/access.h"

namespace holdfast::routes {

// Nonces that may not come again: as many as may be used within kAccessAheadMax.
inline constexpr std::size_t kNoncesMax = 1'000'000;
// Of them, one key's.
inline constexpr std::size_t kNoncesPerKeyMax = 100'000;

// Tells who asks, by the token in the field Authorization. Threads: any.
class Access {
 public:
  Access(const StatementId& village, const Clock& clock)
      : village_(village), clock_(clock), started_at_(clock.now()) {}

  // Everybody where there is no token, the owner over the village's own socket. A token is good for
  // one request of its key's holder: for this village, method, path and query, and only once.
  // `readers` tell whether the key is anybody's. Errors: kMalformed; kUnauthorised [ACCESS-1 to
  // ACCESS-5]; kUnavailable (too many).
  Result<log::Asker> asker(const http::Request& request, log::Readers& readers);

  // Whether what is asked for may be done in the village's name: for the owner over the village's
  // own socket, else for an agent's key that may act, by a token that the body belongs to. `digest`
  // is the target's parameter "body". Errors: as above; kUnauthorised [ACCESS-6]; kUnavailable
  // where the token may have been used before this program was started.
  Result<void> may_act(const http::Request& request, const std::string& digest,
                       log::Readers& readers);

 private:
  using Nonce = std::pair<KeyId, std::array<std::byte, 16>>;
  Result<std::optional<model::AccessClaim>> claim(const http::Request& request,
                                                  log::Readers& readers);
  Result<void> remember(const Nonce& nonce, Seconds not_after, Seconds now);

  const StatementId village_;
  const Clock& clock_;
  const Seconds started_at_;
  std::mutex mutex_;
  std::set<Nonce> seen_;
  std::multimap<Seconds, Nonce> by_end_;
  std::map<KeyId, std::size_t> by_key_;
};

}  // namespace holdfast::routes
