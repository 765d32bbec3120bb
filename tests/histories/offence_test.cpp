// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/histories/offence.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/histories/history.h"
#include "tests/histories/sequenced_ledger.h"
#include "tests/verifier/rows.h"
#include "tests/verifier/small_village.h"

// Every way to break a rule is refused by the sequencer on real files, by the rules in memory, and,
// in a log that has it all the same, by the verifier; all three name the same rule.
namespace holdfast::testing {

void PrintTo(const Case& broken, std::ostream* out) { *out << broken.rule << " " << broken.name; }
void PrintTo(const RowCase& broken, std::ostream* out) {
  *out << broken.rule << " " << broken.name;
}
void PrintTo(const GrownCase& broken, std::ostream* out) {
  *out << broken.rule << " " << broken.name;
}

namespace {

using verifier::Outcome;
using verifier::Verdict;

// The ledger that the offence is against is in the real sequencer's files; all others in memory.
Scene scene_of(const Case& broken) {
  return Scene([&broken](Side side) -> std::shared_ptr<SimpleLedger> {
    if (side == broken.side && broken.not_handed == nullptr)
      return std::make_shared<SequencedLedger>(operator_of(side));
    return std::make_shared<SimpleLedger>();
  });
}

class Offences : public ::testing::TestWithParam<Case> {};

TEST_P(Offences, AreRefusedBySequencerRulesAndVerifierAlike) {
  const Case& broken = GetParam();
  Scene scene = scene_of(broken);
  const Offence offence = broken.make(scene);
  SimpleLedger& ledger = scene.ledger(broken.side);
  const TreeSize size = ledger.size();
  if (broken.not_handed == nullptr) {
    EXPECT_EQ(rule_of(ledger.append(offence.statement, offence.time)), broken.rule);
    EXPECT_EQ(ledger.size(), size);
  }
  const auto refused =
      ledger.SimpleLedger::append(offence.statement, offence.time, offence.opening);
  EXPECT_EQ(rule_of(refused), broken.rule);
  EXPECT_EQ(ledger.size(), size);

  const Forgery forgery = forge(scene, broken.side, offence);
  const Verdict verdict = replay(forgery.files(), verifier::Trust{forgery.village, std::nullopt});
  EXPECT_EQ(verdict.outcome, broken.cannot_tell ? Outcome::kCannotTell : Outcome::kRefuted);
  ASSERT_TRUE(verdict.error.has_value());
  EXPECT_EQ(verdict.error->rule, broken.rule) << describe(*verdict.error);
  EXPECT_EQ(verdict.entry, forgery.entry) << describe(*verdict.error);
}

// What is wrong may be a signature inside of the statement. The verifier takes those for good until
// it has run them beside everything else, and says no other than the rules do.
TEST_P(Offences, AreRefutedByTheSignaturesInsideOfThemAlike) {
  const Case& broken = GetParam();
  Scene scene([](Side) { return std::make_shared<SimpleLedger>(); });
  const Offence offence = broken.make(scene);
  const SimpleLedger& ledger = scene.ledger(broken.side);
  auto statement = model::decode_statement(offence.statement.statement);
  ASSERT_TRUE(statement);
  model::Entry entry;
  entry.index = {ledger.size().value};
  entry.time = offence.time;
  entry.kind = statement->kind();
  rules::Authored authored = rules::authored(offence.statement, *std::move(statement));
  authored.opening = offence.opening;
  rules::InnerChecks inner;
  const auto changes = rules::apply(ledger, entry, authored, nullptr, &inner);
  if (!changes || inner.empty()) return;  // refused by something else

  const auto failed = rules::run_all(inner);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().rule, broken.rule);
  const Forgery forgery = forge(scene, broken.side, offence, *changes);
  for (const unsigned jobs : {1U, 3U}) {
    const Verdict verdict =
        replay(forgery.files(), verifier::Trust{forgery.village, std::nullopt}, jobs);
    EXPECT_EQ(verdict.outcome, Outcome::kRefuted);
    ASSERT_TRUE(verdict.error.has_value());
    EXPECT_EQ(describe(*verdict.error), describe(failed.error()));
    EXPECT_EQ(verdict.entry, forgery.entry);
  }
}

// RECEIPT-4 and AnAnswerForARefusal become RECEIPT_4_AnAnswerForARefusal.
template <typename C>
std::string name_of(const ::testing::TestParamInfo<C>& info) {
  std::string out = std::string(info.param.rule) + "_" + info.param.name;
  std::replace(out.begin(), out.end(), '-', '_');
  return out;
}

INSTANTIATE_TEST_SUITE_P(Every, Offences, ::testing::ValuesIn(cases()), name_of<Case>);

class RowOffences : public ::testing::TestWithParam<RowCase> {};

TEST_P(RowOffences, AreRefusedByRulesAndVerifierAlike) {
  FoundedVillage v;
  v.admit(v.record("one"), {&v.guardian1, &v.guardian2});
  v.admit(v.record("another"), {&v.guardian1, &v.guardian2});
  v.seal();
  std::vector<LogRow> rows = rows_of(v.ledger);
  const auto refused = GetParam().make(rows);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().rule, GetParam().rule);
  const Verdict verdict = replay(export_files(rows, v.setting.origin, v.operator_key),
                                 verifier::Trust{v.village, std::nullopt});
  EXPECT_EQ(verdict.outcome, Outcome::kRefuted);
  ASSERT_TRUE(verdict.error.has_value());
  EXPECT_EQ(verdict.error->rule, GetParam().rule) << describe(*verdict.error);
}

INSTANTIATE_TEST_SUITE_P(Every, RowOffences, ::testing::ValuesIn(row_cases()), name_of<RowCase>);

class GrownOffences : public ::testing::TestWithParam<GrownCase> {};

TEST_P(GrownOffences, AreRefutedAtTheEndOfAHistory) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    History history(seed, {.exits_from = ~std::uint64_t{0}});
    history.grow_to(60);
    const Forgery forgery = forge(history.village(), GetParam().make(history.village()));
    const Verdict verdict = replay(forgery.files(), history.trust());
    EXPECT_EQ(verdict.outcome, Outcome::kRefuted);
    ASSERT_TRUE(verdict.error.has_value());
    EXPECT_EQ(verdict.error->rule, GetParam().rule) << describe(*verdict.error);
    EXPECT_EQ(verdict.entry, forgery.entry) << describe(*verdict.error);
  }
}

INSTANTIATE_TEST_SUITE_P(Every, GrownOffences, ::testing::ValuesIn(grown_cases()),
                         name_of<GrownCase>);

}  // namespace
}  // namespace holdfast::testing
