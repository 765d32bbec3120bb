// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "api/cli/output.h"

namespace holdfast::cli {
namespace {

const Error kError{Code::kInvalid, "SEAL-2", "seal", "3", "4"};

class ReportForPrograms : public ::testing::Test {
 protected:
  ReportForPrograms() : file_(std::tmpfile()), report_(file_) { report_.set_format(Format::kJson); }
  ~ReportForPrograms() override { std::fclose(file_); }
  // What was printed, which must be one object.
  nlohmann::json printed() {
    std::rewind(file_);
    return nlohmann::json::parse(file_);
  }
  std::FILE* file_;
  Report report_;
};

TEST_F(ReportForPrograms, IsOneObjectWhereNothingWasPrintedBeforeARefusal) {
  ASSERT_TRUE(report_.fail(kError, "invalid", "h"));
  const auto json = printed();
  EXPECT_EQ(json["error"]["rule"], "SEAL-2");
  EXPECT_EQ(json["error"]["hint"], "h");
  EXPECT_EQ(json.size(), 1u);
}

TEST_F(ReportForPrograms, KeepsWhatWasSetBeforeARefusal) {
  report_.set("added", 3);
  ASSERT_TRUE(report_.fail(kError, "invalid", ""));
  EXPECT_EQ(printed()["added"], 3);
}

TEST_F(ReportForPrograms, IsOneObjectWhereAListWasBroughtToNoEnd) {
  for (const bool with_items : {false, true}) {
    Report report(file_);
    std::rewind(file_);
    report.set_format(Format::kJson);
    report.set("size", 2);
    report.begin_list("entries");
    if (with_items) report.item({{"index", 1}});
    ASSERT_TRUE(report.fail(kError, "invalid", ""));
    const auto json = printed();
    EXPECT_EQ(json["entries"].size(), with_items ? 1u : 0u);
    EXPECT_EQ(json["error"]["found"], "3");
  }
}

TEST_F(ReportForPrograms, IsOneObjectWhereAListHadEnded) {
  report_.begin_list("entries");
  report_.end_list();
  ASSERT_TRUE(report_.fail(kError, "invalid", ""));
  EXPECT_EQ(printed()["error"]["want"], "4");
}

TEST(RefusalInWords, PutsTheRuleBehindTheWords) {
  EXPECT_EQ(refusal_in_words(kError), "seal: found 3, want 4 [SEAL-2]");
  EXPECT_EQ(refusal_in_words({Code::kConflict, "STATE-1", "grant 8c", "already revoked", ""}),
            "grant 8c: already revoked [STATE-1]");
  EXPECT_EQ(refusal_in_words({Code::kConflict, "", "x", "", "y"}), "x: want y");
  EXPECT_EQ(refusal_in_words({Code::kConflict, "", "x", "", ""}), "x");
}

// What a signal's handler then adds (fault.cpp) must make one object of it.
TEST_F(ReportForPrograms, SendsWholeItemsOfALongListSoThatItCanBeEndedAtAnyTime) {
  report_.begin_list("entries");
  json_place = kNothing;
  std::size_t items = 0;
  for (; json_place != kWithinList; ++items) report_.item({{"body", std::string(1000, 'b')}});
  report_.item({{"body", "waits"}});
  std::fputs(("\n  ],\n  " + error_member(kError, "invalid", "h") + "\n}\n").c_str(), file_);
  const auto json = printed();
  EXPECT_EQ(json["entries"].size(), items);
  EXPECT_EQ(json["error"]["rule"], "SEAL-2");
}

TEST(ReportForProgramsOnAFullDisk, SaysSoAlsoWhereOnlyTheFirstPartDidNotGoThrough) {
  std::FILE* const full = std::fopen("/dev/full", "w");
  Report report(full);
  report.set_format(Format::kJson);
  report.begin_list("entries");
  for (int i = 0; i < 40; ++i) report.item({{"body", std::string(1000, 'b')}});
  const auto finished = report.finish();
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().code, Code::kUnavailable);
  EXPECT_EQ(finished.error().found, "No space left on device");
  std::fclose(full);
}

}  // namespace
}  // namespace holdfast::cli
