// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/replay.h"

#include <gtest/gtest.h>

#include "tests/verifier/large_village.h"
#include "tests/verifier/small_village.h"

namespace holdfast::testing {
namespace {

using verifier::Outcome;
using verifier::Verdict;

std::string why(const Verdict& verdict) {
  return verdict.error ? describe(*verdict.error) : "nothing";
}

TEST(Replay, VerifiesAVillageByItsId) {
  const SmallVillage small;
  const Verdict verdict = replay(small.files(), small.by_village());
  ASSERT_EQ(verdict.outcome, Outcome::kVerified) << why(verdict);
  EXPECT_EQ(verdict.village, small.village.village);
  EXPECT_EQ(verdict.village_name, "Kelp Bay");
  EXPECT_EQ(verdict.operator_key, small.new_operator.public_key());
  EXPECT_TRUE(verdict.unchecked.empty());
  EXPECT_TRUE(verdict.missing.empty());
}

TEST(Replay, VerifiesAVillageByItsOperatorsKey) {
  const SmallVillage small;
  const Verdict verdict = replay(small.files(), small.by_vkey());
  EXPECT_EQ(verdict.outcome, Outcome::kVerified) << why(verdict);
}

TEST(Replay, CountsWhatItChecked) {
  const SmallVillage small;
  const Verdict verdict = replay(small.files(), small.by_village());
  EXPECT_EQ(verdict.counts.entries, SmallVillage::kEntries);
  EXPECT_EQ(verdict.counts.statements, SmallVillage::kEntries);
  EXPECT_EQ(verdict.counts.withheld, 0U);
  EXPECT_EQ(verdict.counts.seals, 8U);
  EXPECT_EQ(verdict.counts.tiles, 1U);
  // Four records carry the same two signatures: six verifications less than signatures.
  EXPECT_EQ(verdict.counts.signatures, verdict.counts.verifications + 6);
}

TEST(Replay, GivesTheSameAnswerOnAnyNumberOfThreads) {
  LargeVillage large;
  for (int i = 0; i < 4; ++i) large.add_records(400);
  const Files files = large.files();
  for (const unsigned jobs : {1U, 2U, 3U, 8U}) {
    const Verdict verdict = replay(files, large.trust(), jobs);
    ASSERT_EQ(verdict.outcome, Outcome::kVerified) << why(verdict);
    EXPECT_EQ(verdict.counts.entries, large.rows().size());
    EXPECT_EQ(verdict.counts.statements, large.rows().size());
  }
}

TEST(Replay, NamesTheFirstOfSeveralFaultsOnAnyNumberOfThreads) {
  LargeVillage large;
  for (int i = 0; i < 4; ++i) large.add_records(400);
  std::vector<LogRow> rows = large.rows();
  for (const std::size_t at : {300U, 700U, 1300U}) rows[at].signed_statement.back() ^= std::byte{1};
  const Files files = export_files(rows, SmallVillage::kOrigin, large.village.operator_key);
  for (const unsigned jobs : {1U, 2U, 4U}) {
    const Verdict verdict = replay(files, large.trust(), jobs);
    EXPECT_EQ(verdict.outcome, Outcome::kRefuted);
    EXPECT_EQ(verdict.entry, LeafIndex{300});
    EXPECT_EQ(verdict.error->rule, "ENTRY-5");
  }
}

TEST(Replay, ChecksTilesOfEveryLevel) {
  LargeVillage large;
  for (int i = 0; i < 3; ++i) large.add_records(300);
  Files files = large.files();
  ASSERT_TRUE(files.contains("tile/1/000.p/3"));
  files["tile/1/000.p/3"][40] ^= std::byte{4};
  const Verdict verdict = replay(files, large.trust());
  EXPECT_EQ(verdict.outcome, Outcome::kRefuted);
  EXPECT_EQ(verdict.error->rule, "EXPORT-2");
  EXPECT_NE(verdict.error->found, verdict.error->want);
}

TEST(Replay, TakesTheBeginningOfAFullFileForAPartialOne) {
  LargeVillage large;
  large.add_records(100);
  const auto early = export_files(large.rows(), SmallVillage::kOrigin, large.village.operator_key);
  large.add_records(200);
  Files files = large.files();
  files["checkpoint"] = early.at("checkpoint");
  const Verdict verdict = replay(files, large.trust());
  EXPECT_EQ(verdict.outcome, Outcome::kVerified) << why(verdict);
  EXPECT_EQ(verdict.counts.entries, 105U);
}

TEST(Replay, RefutesAnotherVillage) {
  const SmallVillage small;
  verifier::Trust trust = small.by_village();
  trust.village->bytes[0] ^= std::byte{1};
  const Verdict verdict = replay(small.files(), trust);
  EXPECT_EQ(verdict.outcome, Outcome::kRefuted);
  EXPECT_EQ(verdict.entry, LeafIndex{0});
  EXPECT_EQ(verdict.error->rule, "EXPORT-5");
}

TEST(Replay, RefutesACheckpointThatTheTrustedKeyDidNotSign) {
  const SmallVillage small;
  verifier::Trust trust = small.by_vkey();
  trust.vkey->key = small.village.stranger.public_key();
  EXPECT_EQ(replay(small.files(), trust).error->rule, "NOTE-3");
  // Both kinds of trust at once: each has to hold.
  trust.village = small.village.village;
  EXPECT_EQ(replay(small.files(), trust).outcome, Outcome::kRefuted);
}

TEST(Replay, RefutesACheckpointSignedByTheDismissedOperator) {
  const SmallVillage small;
  const Files files = export_files(small.rows(), SmallVillage::kOrigin, small.village.operator_key);
  const Verdict verdict = replay(files, small.by_village());
  EXPECT_EQ(verdict.outcome, Outcome::kRefuted);
  EXPECT_EQ(verdict.error->rule, "NOTE-3");
}

TEST(Replay, RefutesACheckpointWithoutASealUnderIt) {
  const SmallVillage small;
  std::vector<LogRow> rows = small.rows();
  rows.pop_back();
  const Verdict verdict =
      replay(export_files(rows, SmallVillage::kOrigin, small.new_operator), small.by_village());
  EXPECT_EQ(verdict.outcome, Outcome::kRefuted);
  EXPECT_EQ(verdict.entry, LeafIndex{22});
  EXPECT_EQ(verdict.error->rule, "EXPORT-4");
}

TEST(Replay, RefutesACheckpointWithAnotherRoot) {
  const SmallVillage small;
  Files files = small.files();
  model::Note note;
  note.text = model::format_checkpoint({SmallVillage::kOrigin, {24}, Root{}, {}});
  note.signatures = {model::sign_note(note.text, SmallVillage::kOrigin, small.new_operator)};
  files["checkpoint"] = to_bytes(model::format_note(note));
  const Verdict verdict = replay(files, small.by_village());
  EXPECT_EQ(verdict.outcome, Outcome::kRefuted);
  EXPECT_EQ(verdict.error->rule, "EXPORT-3");
}

TEST(Replay, AcceptsOpeningsOnlyWhereTheyAreEmpty) {
  const SmallVillage small;
  Files files = small.files();
  std::vector<Bytes> openings(SmallVillage::kEntries);
  files["openings/000.p/24"] = join_items(openings);
  EXPECT_EQ(replay(files, small.by_village()).outcome, Outcome::kVerified);
  openings[5] = to_bytes("something");
  files["openings/000.p/24"] = join_items(openings);
  const Verdict verdict = replay(files, small.by_village());
  EXPECT_EQ(verdict.outcome, Outcome::kRefuted);
  EXPECT_EQ(verdict.entry, LeafIndex{5});
}

}  // namespace
}  // namespace holdfast::testing
