// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/cli/context.h"

namespace holdfast::cli {

// `prove state CLASS ID`: what the state tree holds for a subject, or that it holds nothing.
void add_state_proof(CLI::App& prove, Context& context);

}  // namespace holdfast::cli
