// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/cli/context.h"

namespace holdfast::cli {

// The part of `status` about other villages and what they may be answered by: agreements, models,
// and the domains where a model was let speak and none can. Nothing of what there is none of.
Result<void> report_federation(Context& context, log::Reader& reader);

}  // namespace holdfast::cli
