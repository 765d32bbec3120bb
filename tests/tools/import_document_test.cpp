// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/import_document.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

namespace holdfast::log {
namespace {

std::string value_of(const Document& document, std::string_view name) {
  for (const model::Field& field : document.content.fields)
    if (field.name == name) return std::string(as_text(field.value));
  return "(none)";
}

Result<Document> json(std::string line) {
  return document_of_json({"a.jsonl#7", DocumentKind::kJsonLines, std::move(line)});
}

TEST(Utf8, TakesEveryLengthOfCharacterAtEveryOffset) {
  for (std::size_t before = 0; before < 12; ++before)
    for (const char* text : {"a", "\xC4\x81", "\xE2\x82\xAC", "\xF0\x9F\x8C\xBF", "\xED\x9F\xBF",
                             "\xEE\x80\x80", "\xF4\x8F\xBF\xBF"})
      EXPECT_TRUE(is_utf8(as_bytes(std::string(before, 'x') + text + "y"))) << before << text;
}

TEST(Utf8, RefusesSecondSpellingsSurrogatesAndWhatIsCutOff) {
  for (const char* text : {"\x80", "\xC0\x80", "\xC1\xBF", "\xC4", "\xE2\x82", "\xE0\x9F\xBF",
                           "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
                           "\xF5\x80\x80\x80", "\xC4\x41", "\xE2\x82\x41", "\xFF"})
    for (std::size_t before = 0; before < 9; ++before)
      EXPECT_FALSE(is_utf8(as_bytes(std::string(before, 'x') + text))) << before;
}

TEST(FirstHeading, IsFoundInBothSpellings) {
  EXPECT_EQ(first_heading("text\n# One #\n## Two\n"), "One");
  EXPECT_EQ(first_heading("Te rohe\r\n=======\r\ntext"), "Te rohe");
  EXPECT_EQ(first_heading("Under\n---\n"), "Under");
  EXPECT_EQ(first_heading("###### Deep"), "Deep");
  EXPECT_EQ(first_heading("\xEF\xBB\xBF# Marked"), "Marked");
}

TEST(FirstHeading, PassesOverCodeAndFrontMatterAndWhatOnlyLooksLikeOne) {
  EXPECT_EQ(first_heading("```\n# comment\n```\n# Real\n"), "Real");
  EXPECT_EQ(first_heading("---\ntitle: x\n---\n# Real\n"), "Real");
  EXPECT_EQ(first_heading("#hashtag\n####### seven\n#\n\n---\n"), "");
  EXPECT_EQ(first_heading(""), "");
}

TEST(FirstHeading, IsCutBetweenCharacters) {
  std::string title;
  while (title.size() < 1000) title += "\xE2\x82\xAC";
  const std::string cut = first_heading("# " + title);
  EXPECT_EQ(cut.size(), 300u);
  EXPECT_TRUE(is_utf8(as_bytes(cut)));
}

TEST(TextDocument, KeepsTheBytesAndIsCalledByItsHeadingOrItsFile) {
  const auto markdown =
      document_of_text({"notes/a.md", DocumentKind::kMarkdown, {}}, to_bytes("# Kia ora\nbody\n"));
  ASSERT_TRUE(markdown) << describe(markdown.error());
  EXPECT_EQ(markdown->media_type, "text/markdown");
  EXPECT_EQ(value_of(*markdown, "title"), "Kia ora");
  EXPECT_EQ(value_of(*markdown, "body"), "# Kia ora\nbody\n");
  EXPECT_EQ(value_of(*markdown, "path"), "notes/a.md");
  const auto text =
      document_of_text({"notes/b.c.txt", DocumentKind::kText, {}}, to_bytes("# no\n"));
  ASSERT_TRUE(text);
  EXPECT_EQ(value_of(*text, "title"), "b.c");
  EXPECT_EQ(text->media_type, "text/plain");
}

TEST(TextDocument, RefusesWhatIsNoText) {
  const SourceItem item{"a.txt", DocumentKind::kText, {}};
  EXPECT_EQ(document_of_text(item, {}).error().what, "empty");
  EXPECT_EQ(document_of_text(item, to_bytes("\xFF\xFE")).error().what, "not UTF-8");
  EXPECT_EQ(document_of_text(item, to_bytes(std::string_view("a\0b", 3))).error().what, "binary");
}

TEST(JsonDocument, HasTheMembersSortedAndWhereItCameFrom) {
  const auto document = json(R"({"title":"T","body":"a\n\u0101","author":""})");
  ASSERT_TRUE(document) << describe(document.error());
  std::vector<std::string> names;
  for (const model::Field& field : document->content.fields) names.push_back(field.name);
  EXPECT_EQ(names, (std::vector<std::string>{"author", "body", "path", "title"}));
  EXPECT_EQ(value_of(*document, "body"), "a\n\xC4\x81");
  EXPECT_EQ(value_of(*document, "path"), "a.jsonl#7");
  EXPECT_EQ(value_of(*json(R"({"path":"own"})"), "path"), "own");
}

TEST(JsonDocument, RefusesAnythingButOneObjectOfStrings) {
  for (const char* line : {"",
                           "[]",
                           "\"text\"",
                           "7",
                           "null",
                           "{}",
                           R"({"a":1})",
                           R"({"a":null})",
                           R"({"a":true})",
                           R"({"a":["b"]})",
                           R"({"a":{"b":"c"}})",
                           R"({"a":"b")",
                           R"({"a":"b"} x)",
                           R"({"a":"b"}{})",
                           R"({"a":"b","a":"c"})",
                           R"({"A":"b"})",
                           R"({"":"b"})",
                           R"({"a b":"c"})",
                           "{\"a\":\"\xFF\"}",
                           R"({"a":1e400})",
                           R"({"a":"\ud800"})",
                           R"({'a':'b'})"}) {
    const auto refused = json(line);
    ASSERT_FALSE(refused) << line;
    EXPECT_EQ(refused.error().what, "not a JSON object of strings") << line;
    EXPECT_FALSE(refused.error().found.empty()) << line;
  }
}

// The parser of any JSON that we have, as the reference: on lines made of JSON's own pieces, ours
// takes exactly those that it reads as one flat object of strings without a name twice, and the
// same values.
TEST(JsonDocument, AgreesWithAParserOfAnyJson) {
  const std::vector<std::string> pieces = {"{",
                                           "}",
                                           "\"a\"",
                                           "\"b\"",
                                           ":",
                                           ",",
                                           "\"x\"",
                                           "\"\\n\"",
                                           "\"\\u0101\"",
                                           "\"\\ud83c\\udf3f\"",
                                           "\"\\ud83c\"",
                                           "\"\\udf3f\"",
                                           " ",
                                           "\t",
                                           "1",
                                           "null",
                                           "[",
                                           "]",
                                           "\"",
                                           "\\",
                                           "\"\\x\"",
                                           "\"\\u12g4\"",
                                           "\"\xC4\x81\"",
                                           "\"\x01\"",
                                           "\"\xFF\"",
                                           "\"\\/\"",
                                           "\"\\\"\"",
                                           "\x7F"};
  std::mt19937 random(7);
  std::size_t taken = 0;
  for (int round = 0; round < 200'000; ++round) {
    std::string line = round % 2 == 0 ? "{\"a\":\"x\"" : "{\"c\":";
    for (unsigned i = random() % 8; i > 0; --i) line += pieces[random() % pieces.size()];
    if (round % 3 != 0) line += "}";
    const auto ours = json(line);
    std::size_t names = 0;
    const auto count_names = [&names](int, nlohmann::json::parse_event_t event, nlohmann::json&) {
      if (event == nlohmann::json::parse_event_t::key) ++names;
      return true;
    };
    const auto theirs = nlohmann::json::parse(line, count_names, false);
    bool flat = theirs.is_object() && !theirs.empty() && names == theirs.size();
    for (const auto& [name, value] : theirs.items())
      flat =
          flat && value.is_string() && (name == "a" || name == "b" || name == "c" || name == "x");
    ASSERT_EQ(ours.has_value(), flat) << line << (ours ? "" : describe(ours.error()));
    if (!flat) continue;
    ++taken;
    for (const auto& [name, value] : theirs.items())
      ASSERT_EQ(value_of(*ours, name), value.get<std::string>()) << line;
  }
  EXPECT_GT(taken, 1000u);
}

// Values are read eight characters at a time up to one that does not stand for itself.
TEST(JsonDocument, FindsEveryCharacterThatEndsAPlainValueAtEveryOffset) {
  for (std::size_t before = 0; before < 20; ++before)
    for (int c = 1; c < 0x80; ++c) {
      const std::string value = std::string(before, 'x') + static_cast<char>(c) + "yz\xC4\x81 tail";
      const std::string written = nlohmann::json(value).dump();  // escaped where it must be
      const auto document = json("{\"a\":" + written + "}");
      ASSERT_TRUE(document) << before << " " << c;
      EXPECT_EQ(value_of(*document, "a"), value) << before << " " << c;
      const bool ends = c < 0x20 || c == '"' || c == '\\';
      EXPECT_EQ(json("{\"a\":\"" + value + "\"}").has_value(), !ends) << before << " " << c;
    }
}

TEST(JsonDocument, SurvivesDeepNestingAndManyFields) {
  EXPECT_FALSE(json(std::string(100'000, '[')));
  EXPECT_FALSE(json("{\"a\":" + std::string(100'000, '{')));
  std::string many = "{";
  for (int i = 0; i < 300; ++i) many += "\"f" + std::to_string(i) + "\":\"\",";
  many.back() = '}';
  EXPECT_EQ(json(many).error().found, "over 255 fields");
}

}  // namespace
}  // namespace holdfast::log
