// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>

#include "api/cli/context.h"
#include "api/cli/serve_log.h"
#include "federation/peering.h"

namespace holdfast::cli {

// Answers peers while the village is served, by the agent that holdfast.toml names, or the only one
// at hand. Null where there is none, which the log then says. Errors: those of starting.
Result<std::unique_ptr<federation::Peering>> start_peering(Context& context, log::Readers& readers,
                                                           log::Submitter& submitter,
                                                           ServeLog& log);

}  // namespace holdfast::cli
