// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/cli/context.h"

namespace holdfast::cli {

// `key agent KEY --may=act|propose|never`.
void add_key_agent_command(CLI::App& key, Context& context);

}  // namespace holdfast::cli
