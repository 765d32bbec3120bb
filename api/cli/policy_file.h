// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "api/cli/config.h"

namespace holdfast::cli {

// The name of the policy that these settings say, where it is that of a file beside them in
// `directory`: such a file is the village's own, and goes with it. "" where there is none, or it
// is somewhere else.
Result<std::string> own_policy_file(const Config& config, const std::string& directory);
// The same whether or not the file is there: a name that is no other part of a village.
std::string own_policy_name(const Config& config);

}  // namespace holdfast::cli
