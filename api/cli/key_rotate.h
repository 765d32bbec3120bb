// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/cli/context.h"

namespace holdfast::cli {

// `key rotate council | SLUG | operator | witness | sealing`.
void add_key_rotate_command(CLI::App& key, Context& context);

}  // namespace holdfast::cli
