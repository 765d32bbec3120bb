// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/draft_json.h"

#include <gmock/gmock.h>

namespace holdfast::routes {
namespace {

using ::testing::HasSubstr;

TEST(DraftJson, HasTheFilesOfADraft) {
  const auto files = parse_draft_json(
      R"({"contents": {"aa": "AQ=="}, "statements": "AAAB", "signatures": {"bb": "", "cc": "Ag=="}})");
  ASSERT_TRUE(files) << describe(files.error());
  EXPECT_EQ(files->statements.size(), 3u);
  EXPECT_EQ(files->contents.at("aa"), Bytes(1, std::byte{1}));
  EXPECT_EQ(files->signatures.size(), 2u);
  EXPECT_FALSE(files->imports);
}

struct Bad {
  const char* text;
  const char* why;
};

TEST(DraftJson, IsRefusedForWhatADraftDoesNotHave) {
  for (const Bad& bad :
       std::initializer_list<Bad>{{"", "no JSON"},
                                  {"nonsense", "no JSON"},
                                  {R"({"statements": "AAAB"} x)", "no JSON"},
                                  {R"({"statements": "AAAB")", "no JSON"},
                                  {"[]", "a list"},
                                  {"\"AAAB\"", "text"},
                                  {"12", "a number"},
                                  {R"({"statement": "AAAB"})", "statement"},
                                  {R"({"statements": null})", "null"},
                                  {R"({"statements": ["AAAB"]})", "a list"},
                                  {R"({"statements": {"a": "AAAB"}})", "an object"},
                                  {R"({"statements": "AAA"})", "no base64"},
                                  {R"({"statements": "AAAB", "statements": "AAAB"})", "twice"},
                                  {R"({"contents": "AAAB"})", "text"},
                                  {R"({"contents": {"a": {"b": "AAAB"}}})", "an object"},
                                  {R"({"contents": {"a": "AAAB", "a": "AAAB"}})", "twice"},
                                  {R"({"signatures": {"a": 1}})", "a number"},
                                  {R"({"signatures": {"a": true}})", "a boolean"}}) {
    const auto files = parse_draft_json(bad.text);
    ASSERT_FALSE(files) << bad.text;
    EXPECT_EQ(files.error().code, Code::kMalformed) << bad.text;
    EXPECT_THAT(describe(files.error()), HasSubstr(bad.why)) << bad.text;
  }
}

TEST(DraftJson, OfAnyDepthTakesNoStack) {
  const std::string deep(1'000'000, '[');
  EXPECT_FALSE(parse_draft_json(deep));
  EXPECT_FALSE(parse_draft_json("{\"contents\": " + deep));
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"contents\":";
  EXPECT_FALSE(parse_draft_json(objects));
}

}  // namespace
}  // namespace holdfast::routes
