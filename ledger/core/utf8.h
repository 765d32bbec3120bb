// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace holdfast {

// The code point that a text starts with.
struct CodePoint {
  std::uint32_t value = 0;
  std::size_t bytes = 0;  // 1 to 4; 0: not UTF-8
};

// CHECKs that the text is not empty. Shortest form only, no surrogates, nothing beyond U+10FFFF.
// Source: the Unicode standard, table 3-7.
CodePoint decode_utf8(std::string_view text);

}  // namespace holdfast
