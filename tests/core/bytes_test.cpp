// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/core/bytes.h"

#include <gtest/gtest.h>

namespace holdfast {
namespace {

TEST(Base64, RoundTripsEveryLengthToSixtyFour) {
  Bytes bytes;
  for (unsigned n = 0; n <= 64; ++n) {
    const auto back = parse_base64(format_base64(bytes));
    ASSERT_TRUE(back) << describe(back.error());
    EXPECT_EQ(*back, bytes);
    bytes.push_back(static_cast<std::byte>(n * 37 + 11));
  }
}

// RFC 4648 section 10.
TEST(Base64, WritesTheVectorsOfTheRfc) {
  EXPECT_EQ(format_base64(as_bytes("")), "");
  EXPECT_EQ(format_base64(as_bytes("f")), "Zg==");
  EXPECT_EQ(format_base64(as_bytes("fo")), "Zm8=");
  EXPECT_EQ(format_base64(as_bytes("foobar")), "Zm9vYmFy");
}

TEST(Base64, RefusesASecondSpellingOfTheSameBytes) {
  for (const char* text : {"Zh==", "Zm9=", "Zg", "Zg=", "Zg== ", "Z===", "====", "Zg==Zg==", "Zm9v\n"})
    EXPECT_FALSE(parse_base64(text)) << text;
}

TEST(Hex, RefusesOddLengthsAndOtherCharacters) {
  EXPECT_FALSE(parse_hex("abc"));
  EXPECT_FALSE(parse_hex("zz"));
  EXPECT_EQ(*parse_hex("00fFa5"), (Bytes{std::byte{0}, std::byte{0xff}, std::byte{0xa5}}));
}

TEST(Decimal, TakesOneSpellingOfEachNumberOnly) {
  EXPECT_EQ(*parse_decimal("0"), 0u);
  EXPECT_EQ(*parse_decimal("18446744073709551615"), ~std::uint64_t{0});
  for (const char* text : {"", "00", "01", "-1", "+1", " 1", "1 ", "18446744073709551616", "0x1"})
    EXPECT_FALSE(parse_decimal(text)) << text;
}

TEST(BigEndian, ReadsWhatItWrote) {
  Bytes bytes;
  append_u16be(bytes, 0x0102);
  append_u32be(bytes, 0x03040506);
  append_u64be(bytes, 0x0708090a0b0c0d0e);
  EXPECT_EQ(format_hex(bytes), "0102030405060708090a0b0c0d0e");
  EXPECT_EQ(read_u16be(bytes), 0x0102);
  EXPECT_EQ(read_u64be(ByteView(bytes).subspan(6)), 0x0708090a0b0c0d0eu);
}

}  // namespace
}  // namespace holdfast
