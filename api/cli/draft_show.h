// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/cli/draft_state.h"

namespace holdfast::cli {

// Says what signing this draft means: how many statements of which kinds, the first few in words
// (with `all` each of them) with the beginnings of their contents. Where a village is at hand,
// domains and keys are called by name.
void show_draft(Context& context, const log::Draft& draft, const DraftState& state, bool all);

// "already, as entry #7"; only where all of it is sequenced.
std::string sequenced_in_words(const DraftState& state);

// Sets the member "signatures": the ids of the keys that have signed.
void report_signers(Report& report, const log::Draft& draft);

// Says where it stands: what is sequenced already, who must sign, who has, who is missing, and what
// could not be checked here.
void show_state(Context& context, const log::Draft& draft, const DraftState& state);

}  // namespace holdfast::cli
