// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "api/cli/context.h"
#include "api/json/asking.h"

namespace holdfast::cli {

// Asks peers in this village's name: by the server that serves it, over its own socket, where there
// is one with an agent, else in this process, by an agent's key at hand.
class OwnAsker {
 public:
  // `agent` (--agent) names the key; "": the only one at hand.
  OwnAsker(Context& context, std::string agent, std::chrono::seconds within)
      : context_(context), agent_name_(std::move(agent)), within_(within) {}

  // As POST /v1/ask answers. Errors: those of the key, the server, the ledger.
  Result<Json> ask(json::AskRequest request);
  // As POST /v1/freshness answers. Errors: also kUnavailable where the peer is away.
  Result<Json> refresh(json::FreshnessQuestion question);

 private:
  Result<void> open();
  // Nothing where no server answers, or it has no agent. Errors: what it refuses.
  Result<std::optional<Json>> by_server(const std::string& path, const Json& body);

  Context& context_;
  const std::string agent_name_;
  const std::chrono::seconds within_;
  std::unique_ptr<log::Readers> readers_;
  std::unique_ptr<federation::Agent> agent_;
  std::optional<federation::SealingKeys> sealing_keys_;
  std::unique_ptr<federation::Correspondence> correspondence_;
  std::unique_ptr<federation::Asker> asker_;
};

}  // namespace holdfast::cli
