// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/cli/draft_state.h"

namespace holdfast::cli {

// Applies what is not sequenced of the draft to the state at hand, in memory, as if everyone who
// may had signed, at `now`; what an agent or the operator signs alone is left out. Errors: the
// refusal of the rules, in words where there are any.
Result<void> try_draft(log::Reader& reader, Seconds now, const log::Draft& draft,
                       const DraftState& state);

}  // namespace holdfast::cli
