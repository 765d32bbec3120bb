// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "api/routes/access.h"
#include "api/routes/router.h"
#include "federation/peering.h"
#include "ledger/log/pool.h"

namespace holdfast::routes {

// What peers send, and what the owner of the machine has asked of them. Both wait for commits and
// for others, so each has threads of its own. Threads: any.
class Envelopes {
 public:
  // All of them outlive it. `peering` may be null: no agent's key is here, and nobody is answered.
  Envelopes(federation::Peering* peering, Access& access, log::Readers& readers);

  // POST /v1/envelopes: a sealed envelope, answered by a sealed one.
  void take(Visit& visit, const http::Respond& respond);
  // POST /v1/ask, for whoever may act in the village's name.
  void ask(Visit& visit, const http::Respond& respond);
  // POST /v1/freshness, likewise: whether grants of a peer's are live still.
  void refresh(Visit& visit, const http::Respond& respond);
  // Returns when nothing is under way.
  void finish();
  // For /metrics; "" where nobody is answered.
  std::string metrics() const;

 private:
  using Asked = http::Response (Envelopes::*)(const std::string& body);
  void act(Visit& visit, const http::Respond& respond, Asked answer);
  http::Response asked(const std::string& body);
  http::Response refreshed(const std::string& body);

  federation::Peering* const peering_;
  Access& access_;
  log::Readers& readers_;
  log::Pool pool_;
  log::Pool asking_;
};

inline constexpr std::uint64_t kAskBytesMax = std::uint64_t{1} << 20;

}  // namespace holdfast::routes
