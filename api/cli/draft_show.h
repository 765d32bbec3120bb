// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/cli/context.h"
#include "ledger/log/draft.h"

namespace holdfast::cli {

// Says what signing this draft means: how many statements of which kinds, the first few in words
// (with `all` each of them) with the beginnings of their contents, and who has signed. Where a
// village is at hand, domains and keys are called by name.
Result<void> show_draft(Context& context, const log::Draft& draft, bool all);

}  // namespace holdfast::cli
