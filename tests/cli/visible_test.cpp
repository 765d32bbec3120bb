// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/visible.h"

#include <gtest/gtest.h>

namespace holdfast::cli {
namespace {

TEST(VisibleText, KeepsWordsInAnyLanguage) {
  EXPECT_EQ(visible_line("Ngā taonga o te moana – 海藻 🌊"), "Ngā taonga o te moana – 海藻 🌊");
}

TEST(VisibleText, WritesOutWhatControlsATerminal) {
  EXPECT_EQ(visible_line("\x1b[31mred"), "\\x1b[31mred");
  EXPECT_EQ(visible_line("a\rb"), "a\\x0db");
  EXPECT_EQ(visible_line("\x7f"), "\\x7f");
  EXPECT_EQ(visible_line("\u009b2J"), "\\x9b2J");
  EXPECT_EQ(visible_line(std::string("nul\0", 4)), "nul\\x00");
}

TEST(VisibleText, WritesOutWhatReordersText) {
  EXPECT_EQ(visible_line("a\u202eb"), "a\\u{202e}b");
  EXPECT_EQ(visible_line("a\u2066b"), "a\\u{2066}b");
}

TEST(VisibleText, WritesOutBytesThatAreNoText) {
  EXPECT_EQ(visible_line("\xff\xfe"), "\\xff\\xfe");
  EXPECT_EQ(visible_line("\xc0\xaf"), "\\xc0\\xaf");           // overlong
  EXPECT_EQ(visible_line("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // a surrogate
  EXPECT_EQ(visible_line("\xe2\x82"), "\\xe2\\x82");           // cut off
}

TEST(VisibleText, KeepsTheLayoutOfTextOnly) {
  EXPECT_EQ(visible_text("a\n\tb\r\nc"), "a\n\tb\nc");
  EXPECT_EQ(visible_line("a\nb\tc"), "a\\nb\\tc");
}

TEST(VisibleText, IsCutByCharactersNotBytes) {
  EXPECT_EQ(visible_short("āēīōū", 5), "āēīōū");
  EXPECT_EQ(visible_short("āēīōū", 3), "āēī…");
}

TEST(Text, IsWhatUtf8WithoutNulIs) {
  EXPECT_TRUE(is_text("two\r\nlines\tand ā"));
  EXPECT_TRUE(is_text("\x1b[2J"));
  EXPECT_FALSE(is_text("\xff"));
  EXPECT_FALSE(is_text(std::string_view("\0", 1)));
}

}  // namespace
}  // namespace holdfast::cli
