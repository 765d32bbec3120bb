// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/rules/transition.h"

namespace holdfast::rules {

// The statement is signed by one agent of the village in office and by nobody else; by one that may
// act, where `acts`. Errors: kUnauthorised [AGENT-1].
Result<void> require_agent(const Transition& transition, bool acts);
// Its sequence is above the agent's last, and is kept. Last of all that a rule does: who sees but a
// part of an agent's statements cannot judge it, and all else is set by then.
// Errors: kConflict [AGENT-2].
Result<void> keep_sequence(Transition& transition, std::uint64_t sequence);
// Whether the only signer is an agent that the council registered, in office or not.
Result<bool> signed_by_agent(const Transition& transition);

}  // namespace holdfast::rules
