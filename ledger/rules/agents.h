// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/rules/transition.h"

namespace holdfast::rules {

// The statement is signed by one agent of the village and by nobody else, with a sequence above the
// agent's last; notes it. An agent that may only propose signs nothing where `acts`.
// Errors: kUnauthorised [AGENT-1]; kConflict [AGENT-2].
Result<void> require_agent(Transition& transition, std::uint64_t sequence, bool acts);
// Whether the only signer is an agent that the council registered, in office or not.
Result<bool> signed_by_agent(const Transition& transition);

}  // namespace holdfast::rules
