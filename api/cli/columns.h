// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace holdfast::cli {

// How wide what is printed may be: $COLUMNS, else what the terminal says, else 80.
std::size_t terminal_columns();

// Lines of at most `columns` characters each; words are kept whole where they fit. The text is made
// safe for a terminal first.
std::vector<std::string> wrapped(const std::string& text, std::size_t columns);

struct Column {
  std::string head;
  std::string text;
};
// The columns side by side, as many in a row as get kColumnMin characters each; where only one
// does, one below the other. None before another but by their order.
inline constexpr std::size_t kColumnMin = 30;
std::vector<std::string> side_by_side(const std::vector<Column>& columns, std::size_t width);

}  // namespace holdfast::cli
