// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/verifier/forging.h"
#include "tests/verifier/large_village.h"

// Histories that are whole as bytes, chain, tree and signatures, and that no honest sequencer would
// have made.
namespace holdfast::testing {
namespace {

using verifier::Outcome;
using verifier::Verdict;

TEST(ForgedHistory, OfAThiefWhoRotatesWithTodaysKeysIsRefuted) {
  LargeVillage large;
  FoundedVillage& v = large.village;
  // Key of the authority subject, with a value that the thief likes better.
  const StateKey authority = model::state_key(model::StateClass::kAuthority, v.domain);
  large.force(large.statement(v.rotation({&v.stranger}, {&v.auditor})),
              {&v.guardian1, &v.guardian2, &v.stranger},
              {{authority, some_pair("authority").value}});
  large.force(large.statement(v.record("taken")), {&v.stranger}, {some_pair("record")});
  expect_refuted(replay(large.files(), large.trust()), 4, "SIGN-1");
}

TEST(ForgedHistory, OfTooFewGuardiansIsRefuted) {
  LargeVillage large;
  large.force(large.statement(large.village.record("alone")), {&large.village.guardian1},
              {some_pair("record")});
  expect_refuted(replay(large.files(), large.trust()), 4, "SIGN-2");
}

TEST(ForgedHistory, OfTheCouncilSigningForADomainIsRefuted) {
  LargeVillage large;
  FoundedVillage& v = large.village;
  large.force(large.statement(v.record("ours")), {&v.council1, &v.council2}, {some_pair("record")});
  expect_refuted(replay(large.files(), large.trust()), 4, "SIGN-1");
}

TEST(ForgedHistory, OfAKeyThatNobodyKnowsIsRefuted) {
  LargeVillage large;
  large.force(large.statement(large.village.record("who")), {&large.village.stranger},
              {some_pair("record")});
  expect_refuted(replay(large.files(), large.trust()), 4, "SIG-3");
}

TEST(ForgedHistory, ThatChangesOtherSubjectsThanItsStatementIsRefuted) {
  LargeVillage large;
  FoundedVillage& v = large.village;
  large.force(large.statement(v.record("seen")), {&v.guardian1, &v.guardian2},
              {some_pair("record"), some_pair("second")});
  EXPECT_EQ(replay(large.files(), large.trust()).outcome, Outcome::kRefuted);
  LargeVillage other;
  other.force(other.statement(other.village.record("seen")),
              {&other.village.guardian1, &other.village.guardian2}, {some_pair("record")});
  expect_refuted(replay(other.files(), other.trust()), 4, "ENTRY-6");
}

TEST(ForgedHistory, WithAnotherStateUnderTheSealIsRefuted) {
  LargeVillage large;
  large.force(large.statement(model::Seal{TreeSize{4}, StateRoot{}}), {&large.village.operator_key},
              {});
  expect_refuted(replay(large.files(), large.trust()), 4, "SEAL-3");
}

TEST(ForgedHistory, WithAStatementFromAForkIsRefuted) {
  LargeVillage large;
  FoundedVillage& v = large.village;
  model::Statement statement = large.statement(v.record("forked"));
  statement.basis.root.bytes[0] ^= std::byte{1};
  large.force(statement, {&v.guardian1, &v.guardian2}, {some_pair("record")});
  expect_refuted(replay(large.files(), large.trust()), 4, "BASIS-3");
}

TEST(ForgedHistory, WithTheSameStatementTwiceIsRefuted) {
  LargeVillage large;
  FoundedVillage& v = large.village;
  const model::Statement statement = large.statement(v.record("twice"));
  large.admit(sign(statement, {&v.guardian1, &v.guardian2}));
  // With another subset of signatures it is another signed statement, and still the same statement.
  large.force(statement, {&v.guardian2, &v.guardian3}, {some_pair("record")});
  expect_refuted(replay(large.files(), large.trust()), 5, "STATE-1");
}

TEST(ForgedHistory, WithTheSameStatementAgainInALargerBatchIsRefuted) {
  LargeVillage large;
  FoundedVillage& v = large.village;
  const model::Statement statement = large.statement(v.record("twice"));
  const model::SignedStatement alone = sign(statement, {&v.guardian1, &v.guardian2});
  large.admit(alone);
  const Bytes other = model::encode_statement(large.statement(v.record("beside it")));
  const std::vector<StatementId> batch{model::statement_id(other),
                                       model::statement_id(alone.statement)};
  model::SignedStatement again{alone.statement, {}};
  for (const auto& signature : alone.signatures)
    again.signatures.push_back(model::sign_batch(
        batch, signature.key_id == v.guardian1.id() ? v.guardian1 : v.guardian2)[1]);
  large.force_signed(again, {some_pair("record")});
  expect_refuted(replay(large.files(), large.trust()), 5, "STATE-1");
}

TEST(ForgedHistory, WithHolesInItsChainIsRefuted) {
  const SmallVillage small;
  std::vector<LogRow> rows = small.rows();
  rows.erase(rows.begin() + 12);  // the revocation
  expect_refuted(
      replay(export_files(rows, SmallVillage::kOrigin, small.new_operator), small.by_village()), 12,
      "ENTRY-1");
}

TEST(ForgedHistory, WithTimeGoingBackIsRefuted) {
  LargeVillage large;
  large.village.now -= kHour;
  large.add_records(1);
  expect_refuted(replay(large.files(), large.trust()), 4, "ENTRY-3");
}

// To rules that nobody knows yet, one after another.
void upgrade_beyond(LargeVillage& large) {
  const FoundedVillage& v = large.village;
  for (std::uint32_t rules = 2; rules <= rules::kRulesVersion + 1; ++rules)
    large.admit(sign(large.statement(model::Upgrade{rules}), {&v.council1, &v.council2}));
}

TEST(NewerHistory, CannotBeToldFromTheUpgradeOn) {
  LargeVillage large;
  FoundedVillage& v = large.village;
  upgrade_beyond(large);  // 4 and 5
  large.force(large.statement(v.record("by new rules")), {&v.guardian1}, {some_pair("record")});
  Verdict verdict = replay(large.files(), large.trust());
  EXPECT_EQ(verdict.outcome, Outcome::kCannotTell);
  EXPECT_EQ(verdict.entry, LeafIndex{6});
  EXPECT_EQ(verdict.error->rule, "RULES-1");
  EXPECT_EQ(verdict.counts.entries, 7U);
  EXPECT_EQ(verdict.counts.statements, 6U);

  // Bytes are bytes under any rules.
  Files files = large.files();
  files["tile/entries/000.p/7"].back() ^= std::byte{1};
  EXPECT_EQ(replay(files, large.trust()).outcome, Outcome::kRefuted);
}

TEST(NewerHistory, WithAStatementOfANewerVersionCannotBeTold) {
  LargeVillage large;
  FoundedVillage& v = large.village;
  large.force(large.statement(v.record("new")), {&v.guardian1, &v.guardian2},
              {some_pair("record")});
  std::vector<LogRow> rows = large.rows();
  // The version is in the first word of the struct's data: behind the root pointer.
  rows.back().signed_statement[8] = std::byte{2};
  auto entry = model::decode_entry(rows.back().entry);
  entry->statement = model::statement_hash(rows.back().signed_statement);
  rows.back().entry = model::encode_entry(*entry);
  const Verdict verdict =
      replay(export_files(rows, SmallVillage::kOrigin, v.operator_key), large.trust());
  EXPECT_EQ(verdict.outcome, Outcome::kCannotTell);
  EXPECT_EQ(verdict.entry, LeafIndex{4});
  EXPECT_EQ(verdict.error->code, Code::kUnknownVersion);
}

// The last entry's statement with `bytes` in all, of this version, and the entry that it stands
// for.
std::vector<LogRow> with_larger_statement(LargeVillage& large, std::size_t bytes,
                                          std::uint8_t version) {
  FoundedVillage& v = large.village;
  large.force(large.statement(v.record("new")), {&v.guardian1, &v.guardian2},
              {some_pair("record")});
  std::vector<LogRow> rows = large.rows();
  rows.back().signed_statement[8] = std::byte{version};
  rows.back().signed_statement.resize(bytes);
  auto entry = model::decode_entry(rows.back().entry);
  entry->statement = model::statement_hash(rows.back().signed_statement);
  rows.back().entry = model::encode_entry(*entry);
  return rows;
}

// The file is malformed, whatever entry that is about.
void expect_malformed_file(const Verdict& verdict) {
  EXPECT_EQ(verdict.outcome, Outcome::kRefuted);
  ASSERT_TRUE(verdict.error);
  EXPECT_EQ(verdict.error->rule, "EXPORT-1");
}

TEST(NewerHistory, WithAStatementOfANewerVersionLargerThanOursCannotBeTold) {
  constexpr std::size_t kLarger = model::kSignedStatementBytesMax + 8;
  LargeVillage newer;
  std::vector<LogRow> rows = with_larger_statement(newer, kLarger, 2);
  expect_cannot_tell(replay_rows(rows, newer.village.operator_key, newer.trust()), 4, "BYTES-1");
  LargeVillage ours;
  rows = with_larger_statement(ours, kLarger, 1);
  expect_malformed_file(replay_rows(rows, ours.village.operator_key, ours.trust()));
}

TEST(NewerHistory, WithAnEntryOfANewerVersionLargerThanOursCannotBeTold) {
  LargeVillage large;
  std::vector<LogRow> rows = large.rows();
  rows.back().entry.resize(model::kEntryBytesMax + 8);
  expect_malformed_file(replay_rows(rows, large.village.operator_key, large.trust()));
  rows.back().entry[8] = std::byte{2};
  expect_cannot_tell(replay_rows(rows, large.village.operator_key, large.trust()), 3, "BYTES-1");
}

TEST(NewerHistory, MayHaveOpeningsThatWeKnowNothingOf) {
  LargeVillage large;
  FoundedVillage& v = large.village;
  upgrade_beyond(large);  // 4 and 5
  large.force(large.statement(v.record("by new rules")), {&v.guardian1}, {some_pair("record")});
  Files files = large.files();
  std::vector<Bytes> openings(7);
  openings[6] = to_bytes("opened");
  files["openings/000.p/7"] = join_items(openings);
  expect_cannot_tell(replay(files, large.trust()), 6, "RULES-1");
  // The upgrade itself stands under the rules before it.
  openings[5] = to_bytes("opened");
  files["openings/000.p/7"] = join_items(openings);
  expect_refuted(replay(files, large.trust()), 5, "EXPORT-1");
}

TEST(ForgedHistory, WithAStatementForAnotherVillageIsRefuted) {
  LargeVillage large;
  FoundedVillage& v = large.village;
  large.force(large.statement(v.record("hidden")), {&v.guardian1}, {some_pair("record")});
  model::Statement statement = large.statement(v.record("elsewhere"));
  statement.village.bytes[0] ^= std::byte{1};
  large.force(statement, {&v.guardian1, &v.guardian2}, {some_pair("second")});
  std::vector<LogRow> rows = large.rows();
  rows[4].signed_statement.clear();
  expect_refuted(replay_rows(rows, v.operator_key, large.trust()), 5, "STMT-1");
  // Also where the state is not known any more.
  rows[4].pairs.clear();
  expect_refuted(replay_rows(rows, v.operator_key, large.trust()), 5, "STMT-1");
}

TEST(NewerHistory, WithAnEntryOfANewerVersionCannotBeTold) {
  LargeVillage large;
  std::vector<LogRow> rows = large.rows();
  rows.back().entry[8] = std::byte{2};
  const Verdict verdict =
      replay(export_files(rows, SmallVillage::kOrigin, large.village.operator_key), large.trust());
  EXPECT_EQ(verdict.outcome, Outcome::kCannotTell);
  EXPECT_EQ(verdict.entry, LeafIndex{3});
}

}  // namespace
}  // namespace holdfast::testing
