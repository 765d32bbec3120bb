// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/rules/founded_village.h"

namespace holdfast::testing {
namespace {

// What becomes of an altered genesis in an empty log.
std::string rule_of_genesis(const FoundedVillage& v, const model::Genesis& genesis,
                            const Keys& keys) {
  model::Statement statement;
  statement.issued_at = v.now;
  statement.sequence_by = v.now + kDay;
  statement.body = genesis;
  return rule_of(SimpleLedger().append(sign(statement, keys), v.now));
}

TEST(Genesis, NeedsEveryCouncilKeyAndTheOperator) {
  FoundedVillage v;
  EXPECT_EQ(rule_of_genesis(v, v.genesis(), {&v.council1, &v.council2, &v.operator_key}),
            "admitted");
  EXPECT_EQ(rule_of_genesis(v, v.genesis(), {&v.council1, &v.operator_key}), "SIGN-3");
  EXPECT_EQ(rule_of_genesis(v, v.genesis(), {&v.council1, &v.council2}), "SIGN-3");
}

TEST(Genesis, RefusesAStrangersSignature) {
  FoundedVillage v;
  EXPECT_EQ(
      rule_of_genesis(v, v.genesis(), {&v.council1, &v.council2, &v.operator_key, &v.stranger}),
      "SIG-3");
}

TEST(Genesis, NamesRulesThatExist) {
  FoundedVillage v;
  model::Genesis genesis = v.genesis();
  genesis.rules = 0;
  EXPECT_EQ(rule_of_genesis(v, genesis, {&v.council1, &v.council2, &v.operator_key}), "GENESIS-2");
  genesis.rules = rules::kRulesVersion + 1;
  EXPECT_EQ(rule_of_genesis(v, genesis, {&v.council1, &v.council2, &v.operator_key}), "RULES-1");
}

TEST(Genesis, KeepsOfficesApart) {
  FoundedVillage v;
  model::Genesis genesis = v.genesis();
  genesis.witness_key = genesis.operator_key;
  EXPECT_EQ(rule_of_genesis(v, genesis, {&v.council1, &v.council2, &v.operator_key}), "GENESIS-3");
  genesis = v.genesis();
  genesis.operator_key = v.council1.public_key();
  EXPECT_EQ(rule_of_genesis(v, genesis, {&v.council1, &v.council2}), "AUTH-4");
}

TEST(Genesis, RefusesThresholdsThatNobodyCanMeet) {
  FoundedVillage v;
  model::Genesis genesis = v.genesis();
  genesis.council.threshold = 3;
  EXPECT_EQ(rule_of_genesis(v, genesis, {&v.council1, &v.council2, &v.operator_key}), "AUTH-1");
  genesis = v.genesis();
  genesis.council_next.threshold = 0;
  EXPECT_EQ(rule_of_genesis(v, genesis, {&v.council1, &v.council2, &v.operator_key}), "AUTH-2");
}

TEST(Genesis, RefusesSparesThatItShows) {
  FoundedVillage v;
  model::Genesis genesis = v.genesis();
  genesis.council_next = next_of(1, {&v.council1});
  EXPECT_EQ(rule_of_genesis(v, genesis, {&v.council1, &v.council2, &v.operator_key}), "AUTH-3");
}

TEST(Genesis, IsTheFirstEntryAndOnlyThat) {
  FoundedVillage v;
  EXPECT_EQ(rule_of(v.append(v.genesis(), {&v.council1, &v.council2, &v.operator_key})),
            "GENESIS-1");
  model::Statement statement = v.statement(v.record("a"));
  statement.basis = {};
  EXPECT_EQ(rule_of(SimpleLedger().append(sign(statement, {&v.council1}), v.now)), "SIG-3");
  statement.body = v.genesis();
  const Keys keys{&v.council1, &v.council2, &v.operator_key};
  EXPECT_EQ(rule_of(SimpleLedger().append(sign(statement, keys), v.now)), "STMT-1");
  statement.body = v.domain_named("x", {&v.council1});
  EXPECT_EQ(rule_of(SimpleLedger().append(sign(statement, {&v.council1}), v.now)), "GENESIS-1");
}

TEST(Genesis, IsFollowedByASeal) {
  FoundedVillage v;
  SimpleLedger ledger;
  model::Statement genesis;
  genesis.issued_at = v.now;
  genesis.sequence_by = v.now + kDay;
  genesis.body = v.genesis();
  const model::SignedStatement made = sign(genesis, {&v.council1, &v.council2, &v.operator_key});
  ASSERT_EQ(rule_of(ledger.append(made, v.now)), "admitted");
  model::Statement upgrade = v.statement(model::Upgrade{2});
  upgrade.basis = {};
  upgrade.village = model::statement_id(made.statement);
  EXPECT_EQ(rule_of(ledger.append(sign(upgrade, {&v.council1, &v.council2}), v.now)), "SEAL-1");
}

}  // namespace
}  // namespace holdfast::testing
