// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/core/result.h"

namespace holdfast::model {

// What the C2SP texts have in common: they are UTF-8, line by line.

// Nothing below U+0020 but newline, and UTF-8 in its shortest form without surrogates.
// Errors: kMalformed with `rule`; `what` names the text.
Result<void> check_note_text(std::string_view text, const char* rule, std::string what);

// True if `text`, which must be UTF-8, holds a character with Unicode's property White_Space.
bool has_unicode_space(std::string_view text);

// Takes the next line off the front of `text`, without its newline; nothing if there is no newline.
std::optional<std::string_view> take_line(std::string_view& text);

// A few characters of what was found, fit for a terminal whatever was sent.
std::string quote(std::string_view text);

}  // namespace holdfast::model
