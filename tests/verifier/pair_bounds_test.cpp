// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/pair_bounds.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/verifier/forging.h"
#include "tests/verifier/large_village.h"
#include "verifier/withheld.h"

namespace holdfast::testing {
namespace {

using model::Kind;
using model::StateClass;
using verifier::Outcome;
using verifier::Verdict;
using Pairs = std::vector<rules::ChangePair>;

rules::ChangePair some_value(StateClass state_class, ByteView id) {
  return {model::state_key(state_class, id), some_pair("value").value};
}

// A village with two records (4, 5), their seal (6), a grant (7) and its revocation (8); behind
// them a withheld entry (9) that claims to be of a kind, and to set what a test likes.
class WithheldEntry : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kAt = 9;

  explicit WithheldEntry(std::uint32_t rules = 1) : large_(rules) {
    large_.add_records(2);
    const auto grant = sign(large_.statement(v_.audit_grant()), {&v_.guardian1, &v_.guardian2});
    grant_ = model::statement_id(grant.statement);
    large_.admit(grant);
    large_.admit(sign(large_.statement(model::Revocation{v_.domain, grant_}), {&v_.guardian1}));
    large_.force(large_.statement(v_.record("claimed")), {&v_.guardian1, &v_.guardian2}, {});
    rows_ = large_.rows();
    rows_.back().signed_statement.clear();
  }

  Verdict claim(Kind kind, Pairs pairs) {
    set_pairs(rows_.back(), sorted(std::move(pairs)));
    set_kind(rows_.back(), kind);
    return replay_rows(rows_, v_.operator_key, large_.trust());
  }
  void refuses(const char* rule, Kind kind, Pairs pairs) {
    SCOPED_TRACE(std::string(model::kind_name(kind)) + " " + std::to_string(pairs.size()));
    expect_refuted(claim(kind, std::move(pairs)), kAt, rule);
  }
  // All that is wrong is that no seal comes behind.
  void fits(Kind kind, Pairs pairs) { refuses("EXPORT-4", kind, std::move(pairs)); }

  rules::ChangePair village() const { return some_value(StateClass::kVillage, v_.village); }
  rules::ChangePair council() const { return some_value(StateClass::kAuthority, v_.village); }
  rules::ChangePair guardians() const { return some_value(StateClass::kAuthority, v_.domain); }
  rules::ChangePair slug() const { return some_value(StateClass::kSlug, as_bytes("records")); }
  rules::ChangePair domain() const { return some_value(StateClass::kDomain, v_.domain); }
  rules::ChangePair grant() const { return some_value(StateClass::kGrant, grant_); }
  rules::ChangePair grantee() const { return some_value(StateClass::kGrantee, v_.auditor.id()); }
  rules::ChangePair record(std::size_t i) const {
    return some_value(StateClass::kRecord, large_.records()[i]);
  }

  LargeVillage large_;
  FoundedVillage& v_ = large_.village;
  StatementId grant_;
  std::vector<LogRow> rows_;
  const rules::ChangePair a_ = some_pair("a");
  const rules::ChangePair b_ = some_pair("b");
  const rules::ChangePair c_ = some_pair("c");
};

TEST_F(WithheldEntry, OfARecordMakesOneSubjectAndChangesNone) {
  fits(Kind::kRecord, {a_});
  refuses("WITHHELD-2", Kind::kRecord, {});
  refuses("WITHHELD-2", Kind::kRecord, {a_, b_});
  for (const auto& pair : {village(), council(), guardians(), slug(), domain(), record(0)})
    refuses("WITHHELD-3", Kind::kRecord, {pair});
}

TEST_F(WithheldEntry, OfAChangeOfRecordTouchesNoOffice) {
  fits(Kind::kRecordChange, {record(0)});
  fits(Kind::kRecordChange, {record(0), a_});
  refuses("WITHHELD-2", Kind::kRecordChange, {});
  refuses("WITHHELD-2", Kind::kRecordChange, {a_});
  refuses("WITHHELD-2", Kind::kRecordChange, {record(0), a_, b_});
  refuses("WITHHELD-2", Kind::kRecordChange, {record(0), a_, b_, c_});
  refuses("WITHHELD-3", Kind::kRecordChange, {record(0), record(1)});
  for (const auto& pair : {village(), council(), guardians(), slug(), grant()}) {
    refuses("WITHHELD-3", Kind::kRecordChange, {pair});
    refuses("WITHHELD-3", Kind::kRecordChange, {record(0), pair});
  }
}

TEST_F(WithheldEntry, OfAChangeOfRecordSetsADomainToItsTrainingMarkAlone) {
  refuses("WITHHELD-4", Kind::kRecordChange, {record(0), domain()});
  const auto [value, detail] = v_.ledger.get<model::DomainDetail>(v_.domain);
  model::DomainDetail marked = detail;
  marked.training_changed = kAt + 1;
  model::StateValue after = value;
  after.version += 1;
  after.last_index = {kAt};
  after.detail = model::detail_hash(model::encode_detail(marked));
  const rules::ChangePair mark{domain().key, model::value_hash(after)};
  fits(Kind::kRecordChange, {record(0), mark});
  fits(Kind::kRecordChange, {record(0), a_, mark});
  refuses("WITHHELD-3", Kind::kRecordChange, {mark});
  refuses("WITHHELD-3", Kind::kRecordChange, {a_, mark});
  refuses("WITHHELD-3", Kind::kRecord, {mark});
}

TEST_F(WithheldEntry, OfAGrantMakesItAndCountsItsGrantee) {
  fits(Kind::kGrant, {a_, b_});
  refuses("WITHHELD-2", Kind::kGrant, {a_});
  refuses("WITHHELD-2", Kind::kGrant, {a_, b_, c_});
  refuses("WITHHELD-2", Kind::kGrant, {a_, b_, grantee()});
  refuses("WITHHELD-4", Kind::kGrant, {a_, grantee()});
  for (const auto& pair : {council(), slug(), domain(), record(0), grant()})
    refuses("WITHHELD-3", Kind::kGrant, {a_, pair});
}

TEST_F(WithheldEntry, OfARevocationBringsNoGrantBack) {
  fits(Kind::kRevocation, {a_});
  refuses("WITHHELD-2", Kind::kRevocation, {});
  refuses("WITHHELD-2", Kind::kRevocation, {a_, b_});
  refuses("WITHHELD-4", Kind::kRevocation, {a_, grant()});
  refuses("WITHHELD-3", Kind::kRevocation, {grantee()});
  for (const auto& pair : {guardians(), domain(), record(0)})
    refuses("WITHHELD-3", Kind::kRevocation, {a_, pair});
}

TEST_F(WithheldEntry, OfAKindThatMustBeOpenIsHeldToItsRulesToo) {
  expect_cannot_tell(claim(Kind::kSeal, {}), kAt, "WITHHELD-1");
  refuses("WITHHELD-2", Kind::kSeal, {a_});
  fits(Kind::kDomain, {a_, b_, c_});
  fits(Kind::kKeyEvent, {guardians()});
  refuses("WITHHELD-2", Kind::kDomain, {a_, b_});
  refuses("WITHHELD-3", Kind::kDomain, {a_, b_, slug()});
  refuses("WITHHELD-2", Kind::kKeyEvent, {council(), guardians()});
  refuses("WITHHELD-3", Kind::kKeyEvent, {domain()});
  refuses("WITHHELD-2", Kind::kUpgrade, {a_});
  refuses("WITHHELD-3", Kind::kUpgrade, {council()});
}

TEST_F(WithheldEntry, OfAKindWithoutRulesTouchesNoVillageAuthorityOrSlug) {
  constexpr auto kUnknown = static_cast<Kind>(23);
  for (const auto& pair : {village(), council(), guardians(), slug()})
    refuses("WITHHELD-3", kUnknown, {a_, pair});
  expect_cannot_tell(claim(kUnknown, {a_, domain(), record(0)}), kAt, "RULES-1");
}

struct WithheldOfRulesTwo : WithheldEntry {
  WithheldOfRulesTwo() : WithheldEntry(2) {}
  const rules::ChangePair d_ = some_pair("d");
};

TEST_F(WithheldOfRulesTwo, TouchesNothingOfAnotherKind) {
  for (const Kind kind :
       {Kind::kAgreement, Kind::kShape, Kind::kModel, Kind::kSteering, Kind::kInference,
        Kind::kReceipt, Kind::kComposition, Kind::kTransfer, Kind::kDecision, Kind::kObservation})
    for (const auto& pair : {village(), council(), guardians(), slug(), domain(), record(0)})
      refuses("WITHHELD-3", kind, {a_, pair});
  refuses("WITHHELD-3", Kind::kReport, {domain()});
  refuses("WITHHELD-3", Kind::kExit, {council()});
}

TEST_F(WithheldOfRulesTwo, SetsAsManySubjectsAsItsKindCan) {
  fits(Kind::kAgreement, {a_, b_});
  refuses("WITHHELD-2", Kind::kAgreement, {});
  refuses("WITHHELD-2", Kind::kAgreement, {a_, b_, c_});
  for (const Kind kind : {Kind::kShape, Kind::kModel, Kind::kSteering}) {
    fits(kind, {a_});
    refuses("WITHHELD-2", kind, {});
    refuses("WITHHELD-2", kind, {a_, b_});
  }
  fits(Kind::kInference, {a_, b_});
  refuses("WITHHELD-2", Kind::kInference, {a_});
  refuses("WITHHELD-2", Kind::kInference, {a_, b_, c_});
  fits(Kind::kReceipt, {a_, b_, c_});
  refuses("WITHHELD-2", Kind::kReceipt, {a_});
  refuses("WITHHELD-2", Kind::kReceipt, {a_, b_, c_, d_});
  for (const Kind kind : {Kind::kComposition, Kind::kTransfer, Kind::kDecision}) {
    fits(kind, {a_, b_});
    refuses("WITHHELD-2", kind, {a_});
    refuses("WITHHELD-2", kind, {a_, b_, c_});
  }
  fits(Kind::kDeliberation, {a_});
  refuses("WITHHELD-2", Kind::kDeliberation, {a_, b_});
  fits(Kind::kObservation, {a_});
  refuses("WITHHELD-2", Kind::kObservation, {a_, b_});
}

TEST_F(WithheldOfRulesTwo, ThatMustBeOpenIsHeldToItsRulesToo) {
  fits(Kind::kReport, {a_});
  refuses("WITHHELD-2", Kind::kReport, {a_, b_});
  auto exited = v_.ledger.get<model::VillageDetail>(v_.village).first;
  exited.status = model::Status::kExited;
  exited.version += 1;
  exited.last_index = {kAt};
  fits(Kind::kExit, {{village().key, model::value_hash(exited)}});
  refuses("WITHHELD-4", Kind::kExit, {village()});
}

// An answer counts on its grant, and cannot bring back one that is revoked.
TEST_F(WithheldOfRulesTwo, AnswersUnderNoRevokedGrant) {
  refuses("WITHHELD-4", Kind::kInference, {a_, b_, grant()});
}

TEST_F(WithheldEntry, IsBoundedByWhatItSetsEvenWhereItsPairsAreWithheld) {
  set_pairs(rows_.back(), {a_});
  set_kind(rows_.back(), Kind::kSeal);
  rows_.back().pairs.clear();
  expect_refuted(replay_rows(rows_, v_.operator_key, large_.trust()), kAt, "WITHHELD-2");
}

TEST_F(WithheldEntry, IsBoundedByClassesWhereTheStateWasLost) {
  rows_[4].signed_statement.clear();
  rows_[4].pairs.clear();
  expect_cannot_tell(claim(Kind::kSeal, {}), 4, "WITHHELD-6");
  for (const auto& pair : {council(), guardians(), slug()})
    refuses("WITHHELD-3", Kind::kRecord, {pair});
  refuses("WITHHELD-2", Kind::kRecord, {a_, b_});
  // Record 0 may be there or not: nobody can say whether this makes it.
  for (const auto& pair : {record(0), a_}) {
    fits(Kind::kRecordChange, {pair});
    fits(Kind::kRecord, {pair});
  }
}

TEST(WithheldGenesis, MakesTwoSubjects) {
  const SmallVillage small;
  std::vector<LogRow> rows = small.rows();
  rows[0].signed_statement.clear();
  set_pairs(rows[0], {some_pair("a")});
  expect_refuted(replay_rows(rows, small.new_operator, small.by_vkey()), 0, "WITHHELD-2");
}

TEST(WithheldEntries, BringNothingBackThatWasErased) {
  const SmallVillage small;
  std::vector<LogRow> rows = small.rows();
  rows[22].signed_statement.clear();
  set_kind(rows[22], Kind::kRecordChange);
  set_pairs(rows[22], {some_value(StateClass::kRecord, small.records[0])});
  expect_refuted(replay_rows(rows, small.new_operator, small.by_village()), 22, "WITHHELD-4");
}

// That a withdrawal is spent follows from it alone, whoever sees the record.
rules::ChangePair spent_by(const StatementId& withdrawal, const StatementId& record,
                           model::Status status = model::Status::kSpent) {
  const Bytes detail = model::encode_detail(model::SpentDetail{record});
  return {model::state_key(StateClass::kSpent, withdrawal),
          model::value_hash({StateClass::kSpent, status, 1, {7}, {7}, model::detail_hash(detail)})};
}

TEST(ShownStatements, OfAWithheldRecordSetOnlyWhatTheyName) {
  for (const auto& [honest, status] :
       {std::pair(true, model::Status::kSpent), std::pair(false, model::Status::kSpent),
        std::pair(false, model::Status::kActive)}) {
    LargeVillage large;
    FoundedVillage& v = large.village;
    large.add_records(1);  // 4, 5
    const model::Statement hidden = large.statement(v.record("hidden"));
    const StatementId id = model::statement_id(model::encode_statement(hidden));
    large.force(hidden, {&v.guardian1, &v.guardian2}, {some_value(StateClass::kRecord, id)});
    const auto change =
        sign(large.statement(model::RecordChange{id, 0, model::Withdraw{}}), {&v.guardian1});
    const StatementId spent = model::statement_id(change.statement);
    const bool of_another = !honest && status == model::Status::kSpent;
    const StatementId set = of_another ? large.records()[0] : id;
    large.force_signed(change,
                       sorted({some_value(StateClass::kRecord, set), spent_by(spent, id, status)}));
    large.seal();
    std::vector<LogRow> rows = large.rows();
    rows[6].signed_statement.clear();
    const Verdict verdict = replay_rows(rows, v.operator_key, large.trust());
    if (!honest) {
      expect_refuted(verdict, 7, "WITHHELD-5");
      continue;
    }
    EXPECT_EQ(verdict.outcome, Outcome::kVerified);
    EXPECT_EQ(verdict.unchecked_entries, 2U);
  }
}

TEST(ShownStatements, CannotTakeWhatAWithheldOneHasTaken) {
  LargeVillage large;
  FoundedVillage& v = large.village;
  // Hidden as a record: the slug of a domain that somebody else is about to found.
  const rules::ChangePair squatted = some_value(StateClass::kSlug, as_bytes("songs"));
  large.force(large.statement(v.record("hidden")), {&v.guardian1, &v.guardian2}, {squatted});
  large.force(large.statement(v.domain_named("songs", {&v.guardian1})),
              {&v.council1, &v.council2, &v.guardian1},
              sorted({squatted, some_pair("domain"), some_pair("authority")}));
  std::vector<LogRow> rows = large.rows();
  rows[4].signed_statement.clear();
  expect_refuted(replay_rows(rows, v.operator_key, large.trust()), 5, "STATE-1");
}

// A village's log with every step that a record, a grant and an office can take.
std::vector<LogRow> every_step() {
  FoundedVillage v;
  const Keys guardians{&v.guardian1, &v.guardian2};
  const Keys council{&v.council1, &v.council2};
  std::vector<StatementId> records;
  for (const char* text : {"first", "second", "third"})
    records.push_back(v.admit(v.record(text), guardians));
  const StatementId songs = v.admit(v.domain_named("songs", {&v.guardian1, &v.guardian3}),
                                    {&v.council1, &v.council2, &v.guardian1, &v.guardian3});
  v.seal();
  v.admit(v.change(records[0], model::HandOver{songs}), guardians);
  v.admit(v.change(records[1], model::Withdraw{}), {&v.guardian1});
  v.admit(v.change(records[1], model::Restore{}), guardians);
  v.admit(v.change(records[1], model::Supersede{records[2]}), guardians);
  v.admit(v.change(records[1], model::Withdraw{}), {&v.guardian3});
  v.seal();
  v.admit(v.change(records[1], model::Restore{}), guardians);
  v.admit(v.change(records[1], model::Erase{}), guardians);
  model::Grant councils = v.audit_grant();
  councils.domain = v.village;
  v.admit(councils, council);
  const StatementId grant = v.admit(v.audit_grant(), guardians);
  v.admit(model::Revocation{songs, grant}, {&v.guardian3});  // void
  v.admit(model::Revocation{v.domain, grant}, {&v.guardian3});
  v.admit(model::Revocation{v.domain, songs}, {&v.guardian1});  // of no grant
  v.admit(model::KeyEvent{0, model::AgentChange{v.stranger.public_key(), model::Capability::kAct}},
          council);
  v.seal();
  std::vector<LogRow> rows;
  for (const SimpleLedger::Item& item : v.ledger.items())
    rows.push_back(
        {item.entry_bytes, item.signed_statement, rules::encode_change_pairs(item.changes)});
  return rows;
}

TEST(WithheldEntries, OfAnHonestVillageAreNeverRefuted) {
  const std::vector<LogRow> whole = every_step();
  const FoundedVillage v;
  const verifier::Trust trust{v.village, std::nullopt};
  std::vector<std::size_t> may_be_hidden;
  for (std::size_t i = 0; i < whole.size(); ++i)
    if (!verifier::must_be_open(model::decode_entry(whole[i].entry)->kind))
      may_be_hidden.push_back(i);
  ASSERT_EQ(may_be_hidden.size(), 15U);
  const auto check = [&](std::uint32_t hidden) {
    std::vector<LogRow> rows = whole;
    for (std::size_t k = 0; k < may_be_hidden.size(); ++k)
      if ((hidden >> k & 1U) != 0) rows[may_be_hidden[k]].signed_statement.clear();
    const Verdict verdict = replay_rows(rows, v.operator_key, trust);
    EXPECT_EQ(verdict.outcome, Outcome::kVerified)
        << hidden << (verdict.error ? describe(*verdict.error) : "");
    EXPECT_EQ(verdict.counts.seals, 5U);
  };
  check(0);
  check((1U << may_be_hidden.size()) - 1);
  for (std::size_t k = 0; k < may_be_hidden.size(); ++k) check(1U << k);
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same choices every time
  for (int i = 0; i < 60; ++i)
    check(static_cast<std::uint32_t>(random()) % (1U << may_be_hidden.size()));
}

}  // namespace
}  // namespace holdfast::testing
