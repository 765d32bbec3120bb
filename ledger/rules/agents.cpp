// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/agents.h"

namespace holdfast::rules {

Result<bool> signed_by_agent(const Transition& transition) {
  if (transition.signers().size() != 1) return false;
  return transition.view().has(model::StateClass::kAgent, transition.signers().front());
}

Result<void> require_agent(Transition& transition, std::uint64_t sequence, bool acts) {
  const auto refuse = [](std::string found) -> Error {
    return {Code::kUnauthorised, "AGENT-1", "signer", std::move(found),
            "one agent in office that may do this, and nobody else"};
  };
  if (transition.signers().size() != 1)
    return refuse(std::to_string(transition.signers().size()) + " keys");
  const KeyId& id = transition.signers().front();
  TRY_ASSIGN(const auto agent, transition.find<model::AgentDetail>(id));
  if (!agent) return refuse("key " + id.hex() + ", which is no agent's");
  if (!agent->active()) return refuse("agent " + id.hex() + ", which is retired");
  if (acts && agent->detail.capability != model::Capability::kAct)
    return refuse("agent " + id.hex() + ", which may only propose");
  if (sequence <= agent->detail.sequence)
    return Error{Code::kConflict, "AGENT-2", "sequence", std::to_string(sequence),
                 "above " + std::to_string(agent->detail.sequence) + ", this agent's last"};
  model::AgentDetail detail = agent->detail;
  detail.sequence = sequence;
  transition.change(id, *agent, agent->value.status, detail);
  return {};
}

}  // namespace holdfast::rules
