// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "api/json/asking.h"

namespace holdfast::cli {

// Has the server that serves this village ask, over its own socket: then no key is wanted here.
// Nothing where nobody answers there, or the server has no agent. Errors: what it refuses.
Result<std::optional<json::Json>> ask_server(const std::string& socket,
                                             const json::AskRequest& request);

}  // namespace holdfast::cli
