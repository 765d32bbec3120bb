// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/json/submission.h"

#include <gmock/gmock.h>

#include "ledger/model/codec.h"
#include "tests/log/village_fixture.h"

namespace holdfast::json {
namespace {

using ::holdfast::testing::VillageOnDisk;
using ::testing::HasSubstr;

TEST(SubmissionJson, HasTheFilesOfADraft) {
  const auto files = parse_submission(
      R"({"contents": {"aa": "AQ=="}, "statements": "AAAB", "signatures": {"bb": "", "cc": "Ag=="}})");
  ASSERT_TRUE(files) << describe(files.error());
  EXPECT_EQ(files->draft.statements.size(), 3u);
  EXPECT_EQ(files->draft.contents.at("aa"), Bytes(1, std::byte{1}));
  EXPECT_EQ(files->draft.signatures.size(), 2u);
  EXPECT_FALSE(files->draft.imports);
  EXPECT_FALSE(files->signed_statements);
}

struct Bad {
  const char* text;
  const char* why;
};

TEST(SubmissionJson, IsRefusedForWhatADraftDoesNotHave) {
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
                                  {R"({"signatures": {"a": true}})", "a boolean"},
                                  {R"({"statements": "", "signedStatements": ""})", "one of them"},
                                  {R"({"imports": "", "signedStatements": ""})", "one of them"},
                                  {R"({"sideRows": ""})", "signedStatements"},
                                  {R"({"openings": {"a": ""}})", "signedStatements"}}) {
    const auto files = parse_submission(bad.text);
    ASSERT_FALSE(files) << bad.text;
    EXPECT_EQ(files.error().code, Code::kMalformed) << bad.text;
    EXPECT_THAT(describe(files.error()), HasSubstr(bad.why)) << bad.text;
  }
}

TEST(SubmissionJson, OfAnyDepthTakesNoStack) {
  const std::string deep(1'000'000, '[');
  EXPECT_FALSE(parse_submission(deep));
  EXPECT_FALSE(parse_submission("{\"contents\": " + deep));
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"contents\":";
  EXPECT_FALSE(parse_submission(objects));
}

TEST(SubmissionJson, GivesBackWhatWasAdmitted) {
  VillageOnDisk village;
  std::vector<log::Admission> admissions;
  admissions.push_back(village.audit_grant());
  admissions.push_back(village.record("a text"));
  admissions.back().side_rows = {{log::SideRow::Table::kImport, to_bytes("row")},
                                 {log::SideRow::Table::kImport, {}},
                                 {log::SideRow::Table::kAnswered, to_bytes("which records")},
                                 {log::SideRow::Table::kEnvelope, to_bytes("for a peer")}};
  admissions.push_back(village.record("another"));
  admissions.back().opening = to_bytes("what a sequencer looks at");
  auto files = parse_submission(format_submission(admissions));
  ASSERT_TRUE(files) << describe(files.error());
  ASSERT_TRUE(files->signed_statements);
  const auto back = admissions_of(*std::move(files));
  ASSERT_TRUE(back) << describe(back.error());
  ASSERT_EQ(back->size(), admissions.size());
  for (std::size_t i = 0; i < admissions.size(); ++i) {
    EXPECT_EQ((*back)[i].signed_statement, admissions[i].signed_statement);
    EXPECT_EQ((*back)[i].opening, admissions[i].opening);
    ASSERT_EQ((*back)[i].content.has_value(), admissions[i].content.has_value());
    if (admissions[i].content) {
      EXPECT_EQ((*back)[i].content->bytes(), admissions[i].content->bytes());
    }
    ASSERT_EQ((*back)[i].side_rows.size(), admissions[i].side_rows.size());
    for (std::size_t row = 0; row < admissions[i].side_rows.size(); ++row) {
      EXPECT_EQ((*back)[i].side_rows[row].table, admissions[i].side_rows[row].table);
      EXPECT_EQ((*back)[i].side_rows[row].value, admissions[i].side_rows[row].value);
    }
  }
}

// The refusal of files with these signed statements.
std::string refusal(SubmittedFiles files) {
  const auto admissions = admissions_of(std::move(files));
  return admissions ? "none" : describe(admissions.error());
}

TEST(SubmissionJson, IsRefusedForWhatBelongsToNoStatement) {
  VillageOnDisk village;
  const auto files = [&](std::vector<log::Admission> admissions) {
    return *parse_submission(format_submission(admissions));
  };
  const log::Admission grant = village.audit_grant();
  EXPECT_EQ(refusal(files({grant})), "none");
  EXPECT_THAT(refusal(files({grant, grant})), HasSubstr("twice"));
  EXPECT_THAT(refusal(files({})), HasSubstr("nothing"));
  SubmittedFiles other = files({grant});
  other.draft.contents[std::string(64, 'a')] = {};
  EXPECT_THAT(refusal(other), HasSubstr("no statement here"));
  SubmittedFiles cut = files({grant});
  cut.signed_statements->pop_back();
  EXPECT_THAT(refusal(cut), HasSubstr("at byte 0"));
  for (const std::size_t length : {1u, 8u, 10u}) {
    SubmittedFiles rows = files({grant});
    rows.side_rows = Bytes(length, std::byte{1});
    EXPECT_THAT(refusal(rows), HasSubstr("sideRows")) << length;
  }
  for (const unsigned table : {0u, 4u, 255u}) {
    SubmittedFiles rows = files({grant});
    rows.side_rows = Bytes(9);
    (*rows.side_rows)[4] = static_cast<std::byte>(table);
    EXPECT_THAT(refusal(rows), HasSubstr("table " + std::to_string(table)));
  }
}

TEST(SubmissionJson, GivesBackAReceipt) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  const log::Admission grant = village.audit_grant();
  const log::Receipt receipt = village.submit(*sequencer, grant);
  const auto back = parse_receipt(dump(to_json(receipt, {testing::id_of(grant)}), -1));
  ASSERT_TRUE(back) << describe(back.error());
  EXPECT_EQ(back->positions.front().index, receipt.positions.front().index);
  EXPECT_EQ(back->positions.front().leaf, receipt.positions.front().leaf);
  EXPECT_EQ(back->checkpoint, receipt.checkpoint);
  EXPECT_EQ(back->size, receipt.size);
  EXPECT_FALSE(back->held);
  for (const char* const text : {"", "[]", "{}", R"({"held": true, "size": -1})",
                                 R"({"held": false, "size": 1, "statements": [1],
                                     "checkpoint": ""})"})
    EXPECT_FALSE(parse_receipt(text)) << text;
}

}  // namespace
}  // namespace holdfast::json
