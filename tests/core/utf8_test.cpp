// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/core/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace holdfast {
namespace {

std::string encode(std::uint32_t point) {
  const auto tail = [&](unsigned shift) {
    return static_cast<char>(0x80u | (point >> shift & 0x3fu));
  };
  if (point < 0x80) return {static_cast<char>(point)};
  if (point < 0x800) return {static_cast<char>(0xc0u | point >> 6), tail(0)};
  if (point < 0x10000) return {static_cast<char>(0xe0u | point >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0u | point >> 18), tail(12), tail(6), tail(0)};
}

bool is_scalar(std::uint32_t point) { return point < 0xd800 || point > 0xdfff; }

TEST(Utf8, DecodesEveryCodePointThatItsEncodingStartsWith) {
  for (std::uint32_t point = 0; point <= 0x10ffff; ++point) {
    const std::string text = encode(point) + "x";
    const CodePoint decoded = decode_utf8(text);
    ASSERT_EQ(decoded.bytes, is_scalar(point) ? text.size() - 1 : 0) << point;
    ASSERT_EQ(decoded.value, is_scalar(point) ? point : 0) << point;
  }
}

TEST(Utf8, DecodesNothingThatIsNotTheEncodingOfWhatItSays) {
  // Every text of three bytes, and behind each lead byte of four every second and third.
  std::string text(4, '\xbf');
  for (std::uint32_t bytes = 0; bytes < 1u << 24; ++bytes) {
    for (unsigned i = 0; i < 3; ++i) text[i] = static_cast<char>(bytes >> (16 - 8 * i));
    const CodePoint decoded = decode_utf8(text);
    if (decoded.bytes == 0) continue;
    ASSERT_EQ(encode(decoded.value), text.substr(0, decoded.bytes)) << bytes;
    ASSERT_TRUE(is_scalar(decoded.value) && decoded.value <= 0x10ffff) << bytes;
  }
}

TEST(Utf8, DecodesNothingFromTextThatEndsTooEarly) {
  for (const std::uint32_t point : {0x80u, 0x800u, 0x10000u})
    for (std::size_t length = 1; length < encode(point).size(); ++length)
      EXPECT_EQ(decode_utf8(encode(point).substr(0, length)).bytes, 0U);
}

}  // namespace
}  // namespace holdfast
