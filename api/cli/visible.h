// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace holdfast::cli {

// Text from records, statements and files as it may go to a terminal: control characters (C0, DEL,
// C1), characters that reorder text, and bytes that are not UTF-8 are written out as \xNN or
// \u{NNNN}, so that nothing a record holds can move the cursor or pretend to be the program.
// visible_line also writes out newlines and tabs; visible_text keeps them.
std::string visible_line(std::string_view text);
std::string visible_text(std::string_view text);

// Whether the bytes are UTF-8 without NUL: text, though perhaps not harmless text.
bool is_text(std::string_view bytes);

// At most `columns` characters of visible_line(text), with "…" where it was cut.
std::string visible_short(std::string_view text, std::size_t columns);

}  // namespace holdfast::cli
