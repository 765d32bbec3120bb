// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "ledger/merkle/hash.h"
#include "tests/verifier/small_village.h"

namespace holdfast::testing {
namespace {

using verifier::Outcome;
using verifier::Verdict;

// The small village's export without the statements, and the pairs, of these entries.
Files without(const SmallVillage& small, const std::vector<std::size_t>& statements,
              const std::vector<std::size_t>& pairs = {}) {
  std::vector<LogRow> rows = small.rows();
  for (const std::size_t i : statements) rows[i].signed_statement.clear();
  for (const std::size_t i : pairs) rows[i].pairs.clear();
  return export_files(rows, SmallVillage::kOrigin, small.new_operator);
}

TEST(WithheldStatements, LeaveTheStructureAndEveryStateRootVerified) {
  const SmallVillage small;
  const Files files = without(small, {6, 10, 12});
  const Verdict verdict = replay(files, small.by_village());
  EXPECT_EQ(verdict.outcome, Outcome::kVerified);
  EXPECT_EQ(verdict.counts.withheld, 3U);
  EXPECT_EQ(verdict.counts.statements, 21U);
  EXPECT_EQ(verdict.counts.seals, 8U);
  EXPECT_EQ(verdict.unchecked_entries, 3U);
  ASSERT_EQ(verdict.unchecked.size(), 3U);
  EXPECT_EQ(verdict.unchecked[0].first, LeafIndex{6});
  EXPECT_EQ(verdict.unchecked[0].why, "statement withheld");
}

TEST(WithheldStatements, CannotBeToldWhereAllIsRequired) {
  const SmallVillage small;
  const Verdict verdict = replay(without(small, {6}), small.by_village(), 1, true);
  EXPECT_EQ(verdict.outcome, Outcome::kCannotTell);
  EXPECT_EQ(verdict.entry, LeafIndex{6});
}

TEST(WithheldStatements, LeaveWhatRestsOnThemUnjudged) {
  const SmallVillage small;
  // Record 0 is made by entry 4. That 13 withdraws it is noted in its domain, which all others
  // need: 14 and 15, 17, 19, 22.
  const Verdict verdict = replay(without(small, {4}), small.by_village());
  EXPECT_EQ(verdict.outcome, Outcome::kVerified);
  EXPECT_EQ(verdict.unchecked_entries, 7U);
  EXPECT_EQ(verdict.unchecked[0].first, LeafIndex{4});
  EXPECT_EQ(verdict.unchecked[1].first, LeafIndex{13});
  EXPECT_EQ(verdict.counts.seals, 8U);
}

TEST(WithheldStatements, OfADomainLeaveItsGuardiansSignaturesUnchecked) {
  const SmallVillage small;
  const Verdict verdict = replay(without(small, {2}), small.by_village());
  EXPECT_EQ(verdict.outcome, Outcome::kVerified) << (verdict.error ? describe(*verdict.error) : "");
  EXPECT_GT(verdict.unchecked_entries, 5U);
}

TEST(WithheldStatements, DoNotHideAWrongStateRoot) {
  const SmallVillage small;
  std::vector<LogRow> rows = small.rows();
  rows[22].signed_statement.clear();
  // The operator claims another change of state for what he withholds; entry and pairs agree.
  auto pairs = rules::decode_change_pairs(rows[22].pairs);
  (*pairs)[0].value.bytes[0] ^= std::byte{1};
  rows[22].pairs[32] ^= std::byte{1};
  auto entry = model::decode_entry(rows[22].entry);
  entry->changes = rules::changes_root(*pairs);
  rows[22].entry = model::encode_entry(*entry);
  auto last = model::decode_entry(rows[23].entry);
  last->previous = merkle::leaf_hash(rows[22].entry);
  rows[23].entry = model::encode_entry(*last);
  const Verdict verdict =
      replay(export_files(rows, SmallVillage::kOrigin, small.new_operator), small.by_village());
  EXPECT_EQ(verdict.outcome, Outcome::kRefuted);
  EXPECT_EQ(verdict.entry, LeafIndex{23});
  EXPECT_EQ(verdict.error->rule, "SEAL-3");
}

TEST(WithheldPairs, AreComputedWhereTheStatementIsThere) {
  const SmallVillage small;
  const Verdict verdict = replay(without(small, {}, {4, 5, 6}), small.by_village(), 1, true);
  EXPECT_EQ(verdict.outcome, Outcome::kVerified);
}

TEST(WithheldPairs, OfAWithheldStatementLeaveTheStateUnknown) {
  const SmallVillage small;
  const Files files = without(small, {22}, {22});
  // Who trusts the village follows its keys through the state; who trusts the key need not.
  EXPECT_EQ(replay(files, small.by_village()).outcome, Outcome::kCannotTell);
  const Verdict verdict = replay(files, small.by_vkey());
  EXPECT_EQ(verdict.outcome, Outcome::kVerified) << (verdict.error ? describe(*verdict.error) : "");
  EXPECT_EQ(verdict.counts.seals, 7U);
  EXPECT_EQ(verdict.unchecked_entries, 2U);
}

TEST(WithheldGenesis, CannotBeToldByTheVillagesId) {
  const SmallVillage small;
  const Files files = without(small, {0});
  EXPECT_EQ(replay(files, small.by_village()).outcome, Outcome::kCannotTell);
  EXPECT_EQ(replay(files, small.by_vkey()).outcome, Outcome::kVerified);
}

TEST(WithheldStatements, OfEverythingLeaveTheLogsStructure) {
  const SmallVillage small;
  std::vector<std::size_t> all(SmallVillage::kEntries);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  const Verdict verdict = replay(without(small, all, all), small.by_vkey());
  EXPECT_EQ(verdict.outcome, Outcome::kVerified);
  EXPECT_EQ(verdict.unchecked_entries, SmallVillage::kEntries);
  EXPECT_EQ(verdict.counts.entries, SmallVillage::kEntries);
}

}  // namespace
}  // namespace holdfast::testing
