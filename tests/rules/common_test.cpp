// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/rules/founded_village.h"

namespace holdfast::testing {
namespace {

TEST(EveryStatement, IsRefusedInAnotherVillage) {
  FoundedVillage v;
  model::Statement statement = v.statement(v.record("a"));
  statement.village.bytes[0] ^= std::byte{1};
  EXPECT_EQ(rule_of(v.ledger.append(sign(statement, {&v.guardian1, &v.guardian2}), v.now)),
            "STMT-1");
}

TEST(EveryStatement, IsRefusedWhenItIsMoreHiddenThanItsKindMayBe) {
  FoundedVillage v;
  model::Statement seal = v.statement(model::Seal{v.ledger.size(), *v.ledger.state_root()});
  seal.visibility = model::Visibility::kPeers;
  EXPECT_EQ(rule_of(v.ledger.append(sign(seal, {&v.operator_key}), v.now)), "STMT-2");
  model::Statement grant = v.statement(v.audit_grant());
  grant.visibility = model::Visibility::kGuardians;
  EXPECT_EQ(rule_of(v.ledger.append(sign(grant, {&v.guardian1, &v.guardian2}), v.now)), "STMT-2");
  model::Statement record = v.statement(v.record("a"));
  record.visibility = model::Visibility::kGuardians;
  EXPECT_EQ(rule_of(v.ledger.append(sign(record, {&v.guardian1, &v.guardian2}), v.now)),
            "admitted");
}

TEST(EveryStatement, MayBeIssuedTenMinutesAheadOfTheEntryAndNoMore) {
  FoundedVillage v;
  model::Statement statement = v.statement(v.record("a"));
  statement.issued_at = v.now + 10 * kMinute + 1;
  EXPECT_EQ(rule_of(v.ledger.append(sign(statement, {&v.guardian1, &v.guardian2}), v.now)),
            "TIME-1");
  statement.issued_at = v.now + 10 * kMinute;
  EXPECT_EQ(rule_of(v.ledger.append(sign(statement, {&v.guardian1, &v.guardian2}), v.now)),
            "admitted");
}

TEST(EveryStatement, IsRefusedOneSecondAfterItsSequenceBy) {
  FoundedVillage v;
  const model::SignedStatement hoarded =
      sign(v.statement(v.record("a")), {&v.guardian1, &v.guardian2});
  EXPECT_EQ(rule_of(v.ledger.append(hoarded, v.now + kDay + 1)), "TIME-2");
  EXPECT_EQ(rule_of(v.ledger.append(hoarded, v.now + kDay)), "admitted");
}

TEST(EveryStatement, CannotBeSignedToWaitForYears) {
  FoundedVillage v;
  model::Statement statement = v.statement(v.record("a"));
  statement.sequence_by = statement.issued_at + 366 * kDay + 1;
  EXPECT_EQ(rule_of(v.ledger.append(sign(statement, {&v.guardian1, &v.guardian2}), v.now)),
            "TIME-3");
}

TEST(Basis, OfAnythingBeforeTheFirstSealIsRefused) {
  FoundedVillage v;
  SimpleLedger ledger;
  model::Statement genesis;
  genesis.issued_at = v.now;
  genesis.sequence_by = v.now + kDay;
  genesis.body = v.genesis();
  const Keys founders{&v.council1, &v.council2, &v.operator_key};
  genesis.basis.size = TreeSize{1};
  EXPECT_EQ(rule_of(ledger.append(sign(genesis, founders), v.now)), "BASIS-1");
  genesis.basis = {TreeSize{0}, v.ledger.root()};
  EXPECT_EQ(rule_of(ledger.append(sign(genesis, founders), v.now)), "BASIS-1");
  genesis.basis = {};
  ASSERT_EQ(rule_of(ledger.append(sign(genesis, founders), v.now)), "admitted");

  model::Statement seal = genesis;
  seal.village = model::statement_id(model::encode_statement(genesis));
  seal.body = model::Seal{ledger.size(), *ledger.state_root()};
  seal.basis = {ledger.size(), ledger.root()};
  EXPECT_EQ(rule_of(ledger.append(sign(seal, {&v.operator_key}), v.now)), "BASIS-1");
  seal.basis = {};
  EXPECT_EQ(rule_of(ledger.append(sign(seal, {&v.operator_key}), v.now)), "admitted");
}

TEST(Basis, FromAForkIsRefused) {
  FoundedVillage v;
  model::Statement statement = v.statement(v.record("a"));
  statement.basis.root.bytes[31] ^= std::byte{1};
  EXPECT_EQ(rule_of(v.ledger.append(sign(statement, {&v.guardian1, &v.guardian2}), v.now)),
            "BASIS-3");
}

TEST(Basis, AtASizeThatWasNeverSealedIsRefused) {
  FoundedVillage v;
  model::Statement statement = v.statement(v.record("a"));
  statement.basis = {TreeSize{3}, v.ledger.root_of_first(TreeSize{3})};
  EXPECT_EQ(rule_of(v.ledger.append(sign(statement, {&v.guardian1, &v.guardian2}), v.now)),
            "BASIS-2");
  statement.basis = {TreeSize{1000}, v.ledger.root()};
  EXPECT_EQ(rule_of(v.ledger.append(sign(statement, {&v.guardian1, &v.guardian2}), v.now)),
            "BASIS-2");
  statement.basis = {};
  EXPECT_EQ(rule_of(v.ledger.append(sign(statement, {&v.guardian1, &v.guardian2}), v.now)),
            "BASIS-2");
}

TEST(Basis, MayBeAnyOlderSealedSize) {
  FoundedVillage v;
  model::Statement statement = v.statement(v.record("a"));
  statement.basis = {TreeSize{2}, v.ledger.root_of_first(TreeSize{2})};
  EXPECT_EQ(rule_of(v.ledger.append(sign(statement, {&v.guardian1, &v.guardian2}), v.now)),
            "admitted");
}

TEST(Position, RefusesAGapABrokenChainAndTimeThatRunsBackwards) {
  FoundedVillage v;
  const auto last = v.ledger.last();
  model::Entry entry;
  entry.index = LeafIndex{v.ledger.size().value};
  entry.previous = last->leaf;
  entry.time = last->time;
  EXPECT_TRUE(rules::check_position(entry, last));
  model::Entry gap = entry;
  gap.index.value += 1;
  EXPECT_EQ(rules::check_position(gap, last).error().rule, "ENTRY-1");
  model::Entry broken = entry;
  broken.previous.bytes[5] ^= std::byte{4};
  EXPECT_EQ(rules::check_position(broken, last).error().rule, "ENTRY-2");
  model::Entry backwards = entry;
  backwards.time -= 1;
  EXPECT_EQ(rules::check_position(backwards, last).error().rule, "ENTRY-3");
}

TEST(Commitments, RefuseAnotherKindStatementOrChanges) {
  model::Entry entry;
  entry.kind = model::Kind::kSeal;
  const auto seal = model::Kind::kSeal;
  EXPECT_TRUE(rules::check_commitments(entry, seal, entry.statement, entry.changes));
  EXPECT_EQ(rules::check_commitments(entry, model::Kind::kRecord, entry.statement, entry.changes)
                .error()
                .rule,
            "ENTRY-4");
  StatementHash other_statement{};
  other_statement.bytes[0] = std::byte{1};
  EXPECT_EQ(rules::check_commitments(entry, seal, other_statement, entry.changes).error().rule,
            "ENTRY-5");
  ChangesRoot other_changes{};
  other_changes.bytes[0] = std::byte{1};
  EXPECT_EQ(rules::check_commitments(entry, seal, entry.statement, other_changes).error().rule,
            "ENTRY-6");
}

TEST(ChangePairs, ReadBackInOrderAndRefuseDisorderAndHalfPairs) {
  FoundedVillage v;
  const auto& changes = v.ledger.items()[0].changes;
  ASSERT_EQ(changes.size(), 2u);
  Bytes bytes = rules::encode_change_pairs(changes);
  const auto pairs = rules::decode_change_pairs(bytes);
  ASSERT_TRUE(pairs);
  EXPECT_EQ(rules::changes_root(*pairs), rules::changes_root(changes));
  Bytes swapped(bytes.begin() + 64, bytes.end());
  swapped.insert(swapped.end(), bytes.begin(), bytes.begin() + 64);
  EXPECT_EQ(rules::decode_change_pairs(swapped).error().rule, "PAIRS-1");
  bytes.pop_back();
  EXPECT_EQ(rules::decode_change_pairs(bytes).error().rule, "PAIRS-1");
  EXPECT_EQ(rules::decode_change_pairs(Bytes(65 * 64)).error().rule, "PAIRS-1");
}

}  // namespace
}  // namespace holdfast::testing
