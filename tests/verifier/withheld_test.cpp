// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/verifier/forging.h"
#include "tests/verifier/large_village.h"
#include "verifier/withheld.h"

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

verifier::Trust by_key(const crypto::SigningKey& key) {
  return {std::nullopt, model::VerifierKey{SmallVillage::kOrigin, model::NoteKeyType::kEd25519,
                                           key.public_key()}};
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

TEST(WithheldStatements, LeaveOnlyWhatRestsOnThemUnjudged) {
  const SmallVillage small;
  // Record 0 is made by entry 4, withdrawn by 13 and erased by 19. Both note it in its domain,
  // which 14, 15, 17 and 22 need: what they note follows from their kind.
  const Verdict verdict = replay(without(small, {4}), small.by_village());
  EXPECT_EQ(verdict.outcome, Outcome::kVerified);
  EXPECT_EQ(verdict.unchecked_entries, 3U);
  ASSERT_EQ(verdict.unchecked.size(), 3U);
  EXPECT_EQ(verdict.unchecked[0].first, LeafIndex{4});
  EXPECT_EQ(verdict.unchecked[1].first, LeafIndex{13});
  EXPECT_EQ(verdict.unchecked[2].first, LeafIndex{19});
  EXPECT_EQ(verdict.counts.seals, 8U);
}

TEST(WithheldStatements, ThatMustBeOpenCannotBeTold) {
  const SmallVillage small;
  for (const std::size_t i : {0, 1, 2, 3, 9, 17, 20, 21, 23})
    for (const verifier::Trust& trust : {small.by_village(), small.by_vkey()}) {
      const Verdict verdict = replay(without(small, {6, i}), trust);
      expect_cannot_tell(verdict, i, "WITHHELD-1");
      EXPECT_EQ(verdict.counts.entries, SmallVillage::kEntries);
    }
}

TEST(WithheldStatements, ThatMustBeOpenAreThoseOfTheRules) {
  // Found where a statement that only peers may see is refused, and where it is not.
  const SmallVillage small;
  const FoundedVillage& v = small.village;
  const std::vector<model::Body> bodies{v.genesis(),     model::Seal{},       model::KeyEvent{},
                                        model::Domain{}, v.record("seen"),    model::RecordChange{},
                                        v.audit_grant(), model::Revocation{}, model::Upgrade{}};
  for (const model::Body& body : bodies) {
    rules::Authored authored;
    authored.statement.visibility = model::Visibility::kPeers;
    authored.statement.body = body;
    model::Entry entry;
    entry.kind = authored.statement.kind();
    entry.index = LeafIndex{entry.kind == model::Kind::kGenesis ? 0U : 5U};
    const auto applied = rules::apply(verifier::ReplayedState(), entry, authored);
    ASSERT_FALSE(applied.has_value());
    EXPECT_EQ(applied.error().rule == "STMT-2", verifier::must_be_open(entry.kind))
        << model::kind_name(entry.kind);
    EXPECT_TRUE(rules::has_rules(entry.kind));
  }
  EXPECT_TRUE(verifier::must_be_open(model::Kind::kReport));
  EXPECT_TRUE(verifier::must_be_open(model::Kind::kExit));
}

TEST(WithheldStatements, OfAnUpgradeLeaveTheRulesBehindItUnknown) {
  LargeVillage large;
  FoundedVillage& v = large.village;
  large.admit(sign(large.statement(model::Upgrade{2}), {&v.council1, &v.council2}));  // 4
  // What a record does under rules 2 is not for us to say.
  large.force(large.statement(v.record("by new rules")), {&v.guardian1},
              sorted({some_pair("a"), some_pair("b"), some_pair("c")}));
  std::vector<LogRow> rows = large.rows();
  rows[4].signed_statement.clear();
  expect_cannot_tell(replay_rows(rows, v.operator_key, large.trust()), 4, "WITHHELD-1");
  rows[5].signed_statement.clear();
  expect_cannot_tell(replay_rows(rows, v.operator_key, large.trust()), 4, "WITHHELD-1");
}

TEST(WithheldStatements, OfKindsWithoutRulesCannotBeTold) {
  for (const unsigned kind : {23U, 24U, 255U, 60000U}) {
    LargeVillage large;
    large.force(large.statement(large.village.record("new")), {&large.village.guardian1},
                sorted({some_pair("a"), some_pair("b")}));
    std::vector<LogRow> rows = large.rows();
    rows[4].signed_statement.clear();
    set_kind(rows[4], static_cast<model::Kind>(kind));
    expect_cannot_tell(replay_rows(rows, large.village.operator_key, large.trust()), 4, "RULES-1");
  }
}

TEST(WithheldStatements, OfKindsThatTheRulesInForceDoNotHaveAreRefuted) {
  for (const auto kind : {model::Kind::kInference, model::Kind::kDeliberation}) {
    LargeVillage large;  // under rules 1
    large.force(large.statement(large.village.record("new")), {&large.village.guardian1},
                sorted({some_pair("a"), some_pair("b")}));
    std::vector<LogRow> rows = large.rows();
    rows[4].signed_statement.clear();
    set_kind(rows[4], kind);
    expect_refuted(replay_rows(rows, large.village.operator_key, large.trust()), 4, "RULES-2");
  }
}

TEST(WithheldStatements, StillSayTheirPlaceByTheirKind) {
  const SmallVillage small;
  const auto with_kind = [&](std::vector<std::size_t> withheld, std::size_t i, model::Kind kind) {
    std::vector<LogRow> rows = small.rows();
    for (const std::size_t w : withheld) rows[w].signed_statement.clear();
    set_kind(rows[i], kind);
    return replay_rows(rows, small.new_operator, small.by_vkey());
  };
  expect_refuted(with_kind({0}, 0, model::Kind::kRecord), 0, "GENESIS-1");
  expect_refuted(with_kind({1}, 1, model::Kind::kRecord), 1, "SEAL-1");
  expect_refuted(with_kind({0, 1}, 1, model::Kind::kDomain), 1, "SEAL-1");
  expect_refuted(with_kind({1}, 1, model::Kind::kGenesis), 1, "GENESIS-1");
  expect_refuted(with_kind({6}, 6, model::Kind::kGenesis), 6, "GENESIS-1");
  expect_refuted(with_kind({6}, 6, model::Kind::kNone), 6, "ENTRY-4");
}

// The bay's first records, one of them withdrawn (6) without showing how.
LargeVillage with_a_withdrawal() {
  LargeVillage large;
  large.add_records(1);  // 4, 5
  large.admit(sign(large.statement(model::RecordChange{large.records()[0], 0, model::Withdraw{}}),
                   {&large.village.guardian1}));
  return large;
}

TEST(WithheldStatements, DoNotCoverAForgedRotationBehindThem) {
  LargeVillage large = with_a_withdrawal();
  FoundedVillage& v = large.village;
  const StateKey authority = model::state_key(model::StateClass::kAuthority, v.domain);
  large.force(large.statement(v.rotation({&v.stranger}, {&v.auditor})),
              {&v.guardian1, &v.guardian2, &v.stranger},
              {{authority, some_pair("authority").value}});
  large.seal();
  std::vector<LogRow> rows = large.rows();
  rows[6].signed_statement.clear();
  expect_refuted(replay_rows(rows, v.operator_key, large.trust()), 7, "SIGN-1");
  // Without the pairs nobody can say what the guardians were: and nobody does.
  rows[6].pairs.clear();
  expect_cannot_tell(replay_rows(rows, v.operator_key, large.trust()), 6, "WITHHELD-6");
  expect_cannot_tell(replay_rows(rows, v.operator_key, by_key(v.operator_key)), 6, "WITHHELD-6");
}

TEST(WithheldStatements, OfARotationDoNotCoverAForgedSignatureBehindIt) {
  LargeVillage large;
  FoundedVillage& v = large.village;
  const Keys spares{&v.guardian_spare1, &v.guardian_spare2};
  large.admit(sign(large.statement(v.rotation(spares, {&v.stranger})), spares));  // 4
  // Whether the next rotation is right cannot be judged, but whose signature it bears.
  model::SignedStatement forged =
      sign(large.statement(v.rotation({&v.stranger}, {&v.auditor})), {&v.stranger});
  forged.signatures[0].signature[0] ^= std::byte{1};
  large.force_signed(forged, {some_pair("authority")});
  std::vector<LogRow> rows = large.rows();
  rows[4].signed_statement.clear();
  expect_refuted(replay_rows(rows, v.operator_key, large.trust()), 5, "SIG-4");
}

TEST(WithheldStatements, DoNotLetAKeySignBeforeItIsKnown) {
  LargeVillage large;
  FoundedVillage& v = large.village;
  const model::Statement hidden = large.statement(v.record("hidden"));
  const StatementId id = model::statement_id(model::encode_statement(hidden));
  const rules::ChangePair record{model::state_key(model::StateClass::kRecord, id),
                                 some_pair("record").value};
  large.force(hidden, {&v.guardian1, &v.guardian2}, {record});
  large.force(large.statement(model::RecordChange{id, 0, model::Withdraw{}}), {&v.stranger},
              {record});
  large.admit(sign(large.statement(v.domain_named("songs", {&v.stranger})),
                   {&v.council1, &v.council2, &v.stranger}));
  large.seal();
  std::vector<LogRow> rows = large.rows();
  rows[4].signed_statement.clear();
  expect_refuted(replay_rows(rows, v.operator_key, large.trust()), 5, "SIG-3");
}

TEST(WithheldStatements, DoNotHideAWrongStateRoot) {
  const SmallVillage small;
  std::vector<LogRow> rows = small.rows();
  rows[22].signed_statement.clear();
  // The operator claims another change of state for what he withholds; entry and pairs agree.
  auto pairs = rules::decode_change_pairs(rows[22].pairs);
  (*pairs)[0].value.bytes[0] ^= std::byte{1};
  set_pairs(rows[22], *pairs);
  link(rows, 23);
  expect_refuted(replay_rows(rows, small.new_operator, small.by_village()), 23, "SEAL-3");
}

TEST(WithheldPairs, AreComputedWhereTheStatementIsThere) {
  const SmallVillage small;
  const Verdict verdict = replay(without(small, {}, {4, 5, 6}), small.by_village(), 1, true);
  EXPECT_EQ(verdict.outcome, Outcome::kVerified);
}

TEST(WithheldPairs, OfAWithheldStatementCannotBeTold) {
  const SmallVillage small;
  const Files files = without(small, {22}, {22});
  for (const verifier::Trust& trust : {small.by_village(), small.by_vkey()}) {
    const Verdict verdict = replay(files, trust);
    expect_cannot_tell(verdict, 22, "WITHHELD-6");
    EXPECT_EQ(verdict.counts.seals, 7U);
    EXPECT_EQ(verdict.unchecked_entries, 2U);
  }
}

TEST(WithheldStatements, OfEverythingCannotBeToldThoughTheStructureIsLookedAt) {
  const SmallVillage small;
  std::vector<std::size_t> all(SmallVillage::kEntries);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  const Verdict verdict = replay(without(small, all, all), small.by_vkey());
  expect_cannot_tell(verdict, 0, "WITHHELD-1");
  EXPECT_EQ(verdict.unchecked_entries, SmallVillage::kEntries);
  EXPECT_EQ(verdict.counts.entries, SmallVillage::kEntries);
  // Chain and tree are refuted all the same.
  Files files = without(small, all, all);
  files["tile/0/000.p/24"][700] ^= std::byte{1};
  expect_refuted(replay(files, small.by_vkey()), 21, "EXPORT-2");
}

}  // namespace
}  // namespace holdfast::testing
