// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "ledger/core/result.h"

namespace holdfast::net {

inline constexpr std::size_t kUrlBytesMax = 2048;

// The address below which paths are asked for, in one form for all spellings of it: scheme and host
// in lowercase, no slash at the end. Errors: kMalformed unless it is http or https with a host, and
// without user, password, query or fragment; and of more than kUrlBytesMax bytes.
Result<std::string> parse_base_url(const std::string& text);

}  // namespace holdfast::net
