// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/agents.h"

namespace holdfast::rules {
namespace {

Error no_agent(std::string found) {
  return {Code::kUnauthorised, "AGENT-1", "signer", std::move(found),
          "one agent in office that may do this, and nobody else"};
}

}  // namespace

Result<bool> signed_by_agent(const Transition& transition) {
  if (transition.signers().size() != 1) return false;
  return transition.view().has(model::StateClass::kAgent, transition.signers().front());
}

Result<void> require_agent(const Transition& transition, bool acts) {
  if (transition.signers().size() != 1)
    return no_agent(std::to_string(transition.signers().size()) + " keys");
  const KeyId& id = transition.signers().front();
  TRY_ASSIGN(const auto agent, transition.find<model::AgentDetail>(id));
  if (!agent) return no_agent("key " + id.hex() + ", which is no agent's");
  if (!agent->active()) return no_agent("agent " + id.hex() + ", which is retired");
  if (acts && agent->detail->capability != model::Capability::kAct)
    return no_agent("agent " + id.hex() + ", which may only propose");
  return {};
}

Result<void> keep_sequence(Transition& transition, std::uint64_t sequence) {
  const KeyId& id = transition.signers().front();
  TRY_ASSIGN(const auto last, transition.find<model::SequenceDetail>(id));
  if (sequence <= (last ? last->detail->last : 0))
    return Error{Code::kConflict, "AGENT-2", "sequence", std::to_string(sequence),
                 "above " + std::to_string(last ? last->detail->last : 0) + ", this agent's last"};
  if (!last) return transition.make(id, model::Status::kActive, model::SequenceDetail{sequence});
  transition.change(id, *last, model::Status::kActive, model::SequenceDetail{sequence});
  return {};
}

}  // namespace holdfast::rules
