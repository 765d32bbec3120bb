// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "api/routes/router.h"
#include "federation/peering.h"
#include "ledger/log/pool.h"

namespace holdfast::routes {

// What peers send, and what the owner of the machine has asked of them. Both wait for commits and
// for others, so each has threads of its own. Threads: any.
class Envelopes {
 public:
  // `peering` outlives it; null: no agent's key is here, and nobody is answered.
  explicit Envelopes(federation::Peering* peering);

  // POST /v1/envelopes: a sealed envelope, answered by a sealed one.
  void take(Visit& visit, const http::Respond& respond);
  // POST /v1/ask, over the village's own socket alone.
  void ask(Visit& visit, const http::Respond& respond);
  // POST /v1/freshness, likewise: whether grants of a peer's are live still.
  void refresh(Visit& visit, const http::Respond& respond);
  // Returns when nothing is under way.
  void finish();
  // For /metrics; "" where nobody is answered.
  std::string metrics() const;

 private:
  // Whether it may be asked in the village's name; else it is refused.
  bool may_ask(const Visit& visit, const http::Respond& respond) const;
  http::Response asked(const std::string& body);
  http::Response refreshed(const std::string& body);

  federation::Peering* const peering_;
  log::Pool pool_;
  log::Pool asking_;
};

inline constexpr std::uint64_t kAskBytesMax = std::uint64_t{1} << 20;

}  // namespace holdfast::routes
