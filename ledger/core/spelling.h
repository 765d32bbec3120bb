// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>
#include <string>

namespace holdfast {

// How many letters have to be put in, left out, changed or swapped with the next one.
std::size_t typing_distance(const std::string& a, const std::string& b);

// Of `words` the one that `typed` is likely meant for: at most 2 letters away, or a third of them.
// "" where none is. Cost: the product of the lengths, for each word.
std::string nearest_word(const std::string& typed, std::span<const std::string> words);

}  // namespace holdfast
