// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "ledger/core/result.h"

namespace holdfast::cli {

inline constexpr const char* kTextForm = "the text itself, or @FILE";

// What people give for a text that becomes a field of a content: the text itself, or @FILE for what
// a file holds; one newline at its end is the file's. Errors: kInvalid where it is empty,
// kMalformed where the file holds no text; those of reading it.
Result<std::string> given_text(const char* flag, const std::string& text);

}  // namespace holdfast::cli
