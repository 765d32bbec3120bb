// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <filesystem>

#include "ledger/log/export.h"
#include "tests/tools/asked_village.h"
#include "tests/tools/temporary_directory.h"
#include "verifier/replay.h"
#include "verifier/source/directory.h"

namespace holdfast::testing {
namespace {

using verifier::Outcome;
using verifier::Verdict;

class CountedVillage : public AskedVillage {
 protected:
  Verdict exported(log::ExportView view) {
    const auto summary = log::export_log(*village_.read(), out_, view, nullptr);
    if (!summary) ADD_FAILURE() << describe(summary.error());
    return replay();
  }
  Verdict replay() const {
    const auto source = verifier::DirectorySource::open(out_);
    CHECK(source.has_value());
    return verifier::replay(*source, {village_.village, std::nullopt}, {});
  }

  tests::TemporaryDirectory target_;
  const std::string out_ = target_ / "out";
};

TEST_F(CountedVillage, KeepsTheOpeningBesideTheAnswer) {
  const auto receipt = village_.submit(*sequencer_, count());
  const auto reader = village_.read();
  EXPECT_EQ(*reader->opening(receipt.positions[0].index), model::encode_opening(opening()));
  EXPECT_TRUE(reader->opening({0})->empty());
}

TEST_F(CountedVillage, AdmitsNoCountWhoseOpeningIsMissingOrWrong) {
  log::Admission without = count();
  without.opening.clear();
  EXPECT_EQ(rule_of(without), "INFER-10");
  log::Admission other = count();
  other.opening = model::encode_opening({{}, {}});
  EXPECT_EQ(rule_of(other), "INFER-10");
  log::Admission broken = count();
  broken.opening.pop_back();
  EXPECT_EQ(rule_of(broken), "BYTES-2");
  log::Admission beside = village_.record("another");
  beside.opening = model::encode_opening(opening());
  EXPECT_NE(rule_of(beside), "admitted");
  EXPECT_EQ(rule_of(count()), "admitted");
}

TEST_F(CountedVillage, IsVerifiedInFullWithItsOpenings) {
  village_.submit(*sequencer_, count());
  const Verdict verdict = exported(log::ExportView::kFull);
  EXPECT_EQ(verdict.outcome, Outcome::kVerified);
  EXPECT_TRUE(verdict.unchecked.empty());
}

TEST_F(CountedVillage, IsVerifiedButForWhatAWithheldOpeningHides) {
  const auto receipt = village_.submit(*sequencer_, count());
  exported(log::ExportView::kFull);
  std::filesystem::remove_all(out_ + "/openings");
  const Verdict verdict = replay();
  EXPECT_EQ(verdict.outcome, Outcome::kVerified);
  ASSERT_EQ(verdict.unchecked.size(), 1u);
  EXPECT_EQ(verdict.unchecked[0].first, receipt.positions[0].index);
}

TEST_F(CountedVillage, ShowsNoOpeningInAnOpenExport) {
  village_.submit(*sequencer_, count());
  EXPECT_EQ(exported(log::ExportView::kFull).outcome, Outcome::kVerified);
  EXPECT_TRUE(std::filesystem::exists(out_ + "/openings"));
  EXPECT_EQ(exported(log::ExportView::kOpen).outcome, Outcome::kVerified);
  EXPECT_FALSE(std::filesystem::exists(out_ + "/openings"));
}

}  // namespace
}  // namespace holdfast::testing
