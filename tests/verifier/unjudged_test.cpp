// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "tests/verifier/forging.h"
#include "tests/verifier/large_village.h"

// Statements that are shown and signed, and rest on a withheld one: what they set follows from them
// all the same.
namespace holdfast::testing {
namespace {

using model::StateClass;
using verifier::Outcome;
using verifier::Verdict;

rules::ChangePair any_value(StateClass state_class, ByteView id, const char* name = "value") {
  return {model::state_key(state_class, id), some_pair(name).value};
}
StatementId id_of(const model::SignedStatement& statement) {
  return model::statement_id(statement.statement);
}

rules::ChangePair granted(const StatementId& id, const model::Grant& terms, std::uint64_t at) {
  const Bytes detail = model::encode_detail(model::GrantDetail{terms, 0, 0, 0});
  const model::StateValue value{StateClass::kGrant,        model::Status::kActive, 1, {at}, {at},
                                model::detail_hash(detail)};
  return {model::state_key(StateClass::kGrant, id), model::value_hash(value)};
}

// A village with a withheld grant at entry 4, so that its auditor's count of grants is unknown.
class Unjudged : public ::testing::Test {
 protected:
  Unjudged() {
    large.force(large.statement(v.audit_grant()), guardians,
                sorted({some_pair("hidden grant"), auditor()}));
  }
  rules::ChangePair auditor() { return any_value(StateClass::kGrantee, v.auditor.id()); }
  rules::ChangePair revoked(const StatementId& grant) {
    Bytes id;
    append(id, v.domain);
    append(id, grant);
    return any_value(StateClass::kRevocation, id);
  }
  Verdict replay_without(std::initializer_list<std::size_t> withheld) {
    auto rows = large.rows();
    for (const std::size_t i : withheld) rows[i].signed_statement.clear();
    return replay_rows(rows, v.operator_key, large.trust());
  }

  LargeVillage large;
  FoundedVillage& v = large.village;
  const Keys guardians{&v.guardian1, &v.guardian2};
};

TEST_F(Unjudged, GrantsAreKnownSoThatTheirRevocationsMustRevokeThem) {
  const model::Grant terms = v.audit_grant();
  const auto grant = sign(large.statement(terms), guardians);
  large.force_signed(grant, sorted({granted(id_of(grant), terms, 5), auditor()}));
  large.seal();
  const auto revocation =
      sign(large.statement(model::Revocation{v.domain, id_of(grant)}), {&v.guardian1});
  large.force_signed(revocation, {revoked(id_of(grant))});
  large.seal();
  const Verdict verdict = replay_without({4});
  EXPECT_EQ(verdict.outcome, Outcome::kRefuted);
  EXPECT_EQ(verdict.entry, LeafIndex{7});
}

TEST_F(Unjudged, GrantsCannotStandForOtherTermsThanWereSigned) {
  model::Grant terms = v.audit_grant();
  const auto grant = sign(large.statement(terms), guardians);
  terms.operations.mirror = true;
  large.force_signed(grant, sorted({granted(id_of(grant), terms, 5), auditor()}));
  large.seal();
  expect_refuted(replay_without({4}), 5, "WITHHELD-5");
}

TEST_F(Unjudged, GrantsOfTheTermsThatWereSignedAreVerified) {
  const model::Grant terms = v.audit_grant();
  const auto grant = sign(large.statement(terms), guardians);
  large.force_signed(grant, sorted({granted(id_of(grant), terms, 5), auditor()}));
  large.seal();
  EXPECT_EQ(replay_without({4}).outcome, Outcome::kVerified);
}

TEST_F(Unjudged, GrantsCannotFollowTheirRevocation) {
  const model::Grant terms = v.audit_grant();
  const auto grant = sign(large.statement(terms), guardians);
  // Hidden as a record: the subject that the revocation will make.
  large.force(large.statement(v.record("hidden")), guardians, {revoked(id_of(grant))});
  const auto revocation =
      sign(large.statement(model::Revocation{v.domain, id_of(grant)}), {&v.guardian1});
  large.force_signed(revocation, {any_value(StateClass::kGrant, id_of(grant))});
  large.seal();
  expect_refuted(replay_without({4, 5}), 6, "STATE-1");
}

TEST_F(Unjudged, WithdrawalsCannotBeLeftWithoutEffect) {
  const auto record = sign(large.statement(v.record("shown")), guardians);
  large.force_signed(record, {any_value(StateClass::kRecord, id_of(record))});
  const auto withdrawal = sign(
      large.statement(model::RecordChange{id_of(record), 0, model::Withdraw{}}), {&v.guardian1});
  const auto spent = any_value(StateClass::kSpent, id_of(withdrawal));
  large.force_signed(withdrawal, sorted({auditor(), spent}));
  large.seal();
  // The record withheld, its withdrawal shown: it must change the record.
  expect_refuted(replay_without({4, 5}), 6, "WITHHELD-5");
}

TEST_F(Unjudged, ChangesCannotFallOnAnotherRecord) {
  const auto first = sign(large.statement(v.record("hidden 1")), guardians);
  const auto second = sign(large.statement(v.record("hidden 2")), guardians);
  large.force_signed(first, {any_value(StateClass::kRecord, id_of(first))});
  large.force_signed(second, {any_value(StateClass::kRecord, id_of(second))});
  large.seal();
  const auto erasure =
      sign(large.statement(model::RecordChange{id_of(first), 1, model::Erase{}}), guardians);
  large.force_signed(erasure, {any_value(StateClass::kRecord, id_of(second), "erased")});
  large.seal();
  expect_refuted(replay_without({4, 5, 6}), 8, "WITHHELD-5");
}

// A village as grantee is counted under its id, which stands in the agreement alone.
TEST(UnjudgedGrants, ToAVillageWhoseAgreementIsWithheldAreNotRefuted) {
  LargeVillage large(2);
  FoundedVillage& v = large.village;
  const Keys guardians{&v.guardian1, &v.guardian2};
  const StatementId agreement = v.domain;  // any id
  large.force(large.statement(v.record("stands for the offer")), guardians,
              sorted({any_value(StateClass::kAgreement, agreement), some_pair("peer")}));
  model::Grant terms = v.audit_grant();
  terms.grantee = model::AgreementGrantee{agreement};
  const auto grant = sign(large.statement(terms), guardians);
  large.force_signed(grant, sorted({granted(id_of(grant), terms, 5), some_pair("grantee")}));
  large.seal();
  auto rows = large.rows();
  rows[4].signed_statement.clear();
  set_kind(rows[4], model::Kind::kAgreement);
  link(rows, 5);
  const Verdict verdict = replay_rows(rows, v.operator_key, large.trust());
  EXPECT_NE(verdict.outcome, Outcome::kRefuted) << describe(*verdict.error);
}

TEST(UnjudgedUpgrades, RaiseTheRulesForWhatIsWithheldBehindThem) {
  LargeVillage large;
  FoundedVillage& v = large.village;
  large.admit(sign(large.statement(v.record("hidden")), {&v.guardian1, &v.guardian2}));       // 4
  large.admit(sign(large.statement(model::Upgrade{2}), {&v.council1, &v.council2}));          // 5
  large.admit(sign(large.statement(v.record("deliberated")), {&v.guardian1, &v.guardian2}));  // 6
  large.seal();
  auto rows = large.rows();
  rows[4].signed_statement.clear();
  rows[4].pairs.clear();
  rows[6].signed_statement.clear();
  set_kind(rows[6], model::Kind::kDeliberation);
  link(rows, 7);
  expect_cannot_tell(replay_rows(rows, v.operator_key, large.trust()), 4, "WITHHELD-6");
}

TEST(UnjudgedMarks, InADomainThatWasFoundedAfterTheStateWasLostAreNotRefuted) {
  FoundedVillage v;
  const Keys guardians{&v.guardian1, &v.guardian2};
  v.admit(v.record("first"), guardians);
  const StatementId songs = v.admit(v.domain_named("songs", {&v.guardian1, &v.guardian3}),
                                    {&v.council1, &v.council2, &v.guardian1, &v.guardian3});
  model::Record record = v.record("song");
  record.domain = songs;
  record.policy.train = true;
  record.guardianship.guardians = {v.guardian1.id()};
  v.seal();
  const StatementId id = v.admit(record, {&v.guardian1, &v.guardian3});
  v.admit(v.change(id, model::Withdraw{}), {&v.guardian1});
  v.seal();
  std::vector<LogRow> rows;
  for (const SimpleLedger::Item& item : v.ledger.items())
    rows.push_back(
        {item.entry_bytes, item.signed_statement, rules::encode_change_pairs(item.changes)});
  const verifier::Trust trust{v.village, std::nullopt};
  EXPECT_EQ(replay_rows(rows, v.operator_key, trust).outcome, Outcome::kVerified);
  rows[4].signed_statement.clear();
  rows[4].pairs.clear();
  EXPECT_EQ(replay_rows(rows, v.operator_key, trust).outcome, Outcome::kCannotTell);
}

// Its other threads have read, and found fault with, what lies behind a hole by the time that the
// hole is found.
class SlowAtOneFile : public verifier::Source {
 public:
  SlowAtOneFile(const MemorySource& files, std::string slow)
      : files_(files), slow_(std::move(slow)) {}
  Result<Bytes> read(const std::string& path, std::size_t bytes_max) const override {
    if (path == slow_) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return files_.read(path, bytes_max);
  }
  std::optional<std::uint64_t> size(const std::string& path) const override {
    return files_.size(path);
  }
  std::vector<std::string> list(const std::string& folder) const override {
    return files_.list(folder);
  }

 private:
  const MemorySource& files_;
  std::string slow_;
};

TEST(Holes, HideWhatLiesBehindThemFromAnyNumberOfThreads) {
  LargeVillage large;
  large.add_records(2000);
  Files files = large.files();
  ASSERT_TRUE(files.erase("tile/entries/001"));
  ASSERT_TRUE(files.erase("tile/0/001"));
  files["changes/003"].push_back(std::byte{1});
  const MemorySource memory(files);
  const SlowAtOneFile slow(memory, "tile/entries/001");
  for (const unsigned jobs : {1U, 2U, 8U}) {
    verifier::ReplayOptions options;
    options.jobs = jobs;
    const Verdict verdict = verifier::replay(slow, large.trust(), options);
    EXPECT_EQ(verdict.outcome, Outcome::kCannotTell) << jobs;
    EXPECT_EQ(verdict.missing, (std::vector<std::string>{"tile/0/001", "tile/entries/001"}))
        << jobs;
  }
}

}  // namespace
}  // namespace holdfast::testing
