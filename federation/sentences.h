// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace holdfast::federation {

inline constexpr std::size_t kSentenceBytesMax = 600;

// The sentences of a text, in order, without the space around them. One ends behind '.', '!', '?'
// or an ellipsis where space and something that is no small letter follow, and at a line that ends
// one (an empty line, or a list's item). A heading ("#" to "######" and a space begin its line)
// is none. What is longer than kSentenceBytesMax is cut between words.
std::vector<std::string> sentences_of(std::string_view text);

// How many characters a text has, as shapes bound them: code points.
std::size_t characters_of(std::string_view text);

}  // namespace holdfast::federation
