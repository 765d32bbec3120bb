// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/cli/context.h"

namespace holdfast::cli {

// The part of `status` about the village's own witnesses: the policy, how far they have cosigned
// the log, and whoever knows of something else. Nobody is asked; it is what was kept when they
// were.
Result<void> report_witnesses(Context& context, log::Reader& reader);

}  // namespace holdfast::cli
