// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/text.h"

#include <gtest/gtest.h>

#include "tests/model/refused.h"

namespace holdfast::model {
namespace {

Result<void> check(std::string_view text, TextClass text_class) {
  return check_text(text, {text_class, 0, 100}, "field");
}

TEST(Text, AllowsMacronsAndOtherScriptsInALine) {
  for (const char* text : {"Ngā kōrero o te awa", "naïve café", "日本語", "עברית\u200f", "😀"})
    EXPECT_TRUE(check(text, TextClass::kLine)) << text;
}

TEST(Text, RefusesWhatIsNotUtf8) {
  using namespace std::string_view_literals;
  for (const std::string_view text :
       {"\x80"sv, "\xc0\x80"sv, "\xc1\xbf"sv, "\xe0\x80\xaf"sv, "\xed\xa0\x80"sv,
        "\xf0\x80\x80\xaf"sv, "\xf4\x90\x80\x80"sv, "\xf5\x80\x80\x80"sv, "\xff"sv, "\xc3"sv,
        "\xe2\x82"sv, "k\xc4 "sv})
    expect_refused(check(text, TextClass::kProse), "TEXT-1", "field");
}

TEST(Text, RefusesNulEverywhere) {
  for (const TextClass text_class : {TextClass::kLine, TextClass::kProse, TextClass::kAscii})
    expect_refused(check(std::string_view("a\0b", 3), text_class), "TEXT-1", "field");
}

TEST(Text, RefusesControlsAndWhatOverridesDirection) {
  for (const char* text : {"a\x01", "\x1b[31m", "\x7f", "\u0085", "\u009f", "a\u2028b", "a\u2029b",
                           "\u202egnp.exe", "\u202a", "\u2066", "\u2069", "\r\n", "\v"}) {
    expect_refused(check(text, TextClass::kLine), "TEXT-2", "field");
    expect_refused(check(text, TextClass::kProse), "TEXT-2", "field");
  }
}

TEST(Text, AllowsNewlineAndTabInProseOnly) {
  EXPECT_TRUE(check("one\n\ttwo", TextClass::kProse));
  expect_refused(check("one\ntwo", TextClass::kLine), "TEXT-2");
  expect_refused(check("one\ttwo", TextClass::kLine), "TEXT-2");
}

TEST(Text, KeepsAsciiToPrintableAscii) {
  EXPECT_TRUE(check("text/plain; charset=utf-8", TextClass::kAscii));
  expect_refused(check("téxt", TextClass::kAscii), "TEXT-2");
  expect_refused(check("a\tb", TextClass::kAscii), "TEXT-2");
}

TEST(Text, KeepsKeyNamesFreeOfSpacesAndPlus) {
  EXPECT_TRUE(check("taiao.example/ledger", TextClass::kKeyName));
  for (const char* text : {"a b", "a+b", "a\u00a0b", "a\u3000b", "a\u2003"})
    expect_refused(check(text, TextClass::kKeyName), "TEXT-2");
}

TEST(Text, KeepsSlugsToLowercaseDigitsAndInnerHyphens) {
  EXPECT_TRUE(check("te-taiao-2", TextClass::kSlug));
  for (const char* text : {"-a", "A", "a_b", "a.b", "ā"})
    expect_refused(check(text, TextClass::kSlug), "TEXT-2");
}

TEST(Text, CountsBytesAndNamesBothNumbers) {
  const auto refused = check_text("āāā", {TextClass::kLine, 1, 5}, "title");
  expect_refused(refused, "TEXT-3", "title");
  EXPECT_EQ(refused.error().found, "6 bytes");
  EXPECT_EQ(refused.error().want, "1 to 5 bytes");
}

}  // namespace
}  // namespace holdfast::model
