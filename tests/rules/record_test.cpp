// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/rules/founded_village.h"

namespace holdfast::testing {
namespace {

using model::Status;

// A founded village with one record, and a second domain "clinic" of one guardian.
struct WithRecord : FoundedVillage {
  Keys both{&guardian1, &guardian2};
  crypto::SigningKey nurse = key_named("nurse");
  StatementId record_id = admit(record("kelp beds in spring"), both);
  StatementId clinic = admit(domain_named("clinic", {&nurse}), {&council1, &council2, &nurse});

  Status status() const { return ledger.get<model::RecordDetail>(record_id).first.status; }
  std::uint64_t training_changed() const {
    return ledger.get<model::DomainDetail>(domain).second.training_changed;
  }
  template <typename Step>
  std::string try_step(const Step& step, const Keys& keys) {
    return rule_of(append(change(record_id, step), keys));
  }
};

TEST(Record, NeedsTheThresholdOfItsDomain) {
  FoundedVillage v;
  EXPECT_EQ(rule_of(v.append(v.record("a"), {&v.guardian1})), "SIGN-2");
  EXPECT_EQ(rule_of(v.append(v.record("a"), {&v.guardian3, &v.guardian1})), "admitted");
}

TEST(Record, IsNotTheCouncilsToSign) {
  FoundedVillage v;
  EXPECT_EQ(rule_of(v.append(v.record("a"), {&v.council1, &v.council2})), "SIGN-1");
}

TEST(Record, IsNotTheOperatorsToSign) {
  FoundedVillage v;
  EXPECT_EQ(rule_of(v.append(v.record("a"), {&v.operator_key})), "SIGN-1");
  EXPECT_EQ(rule_of(v.append(v.record("a"), {&v.operator_key, &v.guardian1})), "SIGN-1");
}

TEST(Record, NamesGuardiansWhoAreGuardians) {
  FoundedVillage v;
  model::Record record = v.record("a");
  record.guardianship.guardians = {v.stranger.id()};
  EXPECT_EQ(rule_of(v.append(record, {&v.guardian1, &v.guardian2})), "RECORD-2");
}

TEST(Record, BelongsToADomainOfThisVillage) {
  FoundedVillage v;
  model::Record record = v.record("a");
  record.domain.bytes[0] ^= std::byte{1};
  EXPECT_EQ(rule_of(v.append(record, {&v.guardian1, &v.guardian2})), "RECORD-1");
}

TEST(Record, IsNoCopyOfItsOwnVillagesRecord) {
  FoundedVillage v;
  model::Record record = v.record("a");
  record.origin = model::CopyOrigin{v.village, v.domain, std::nullopt};
  EXPECT_EQ(rule_of(v.append(record, {&v.guardian1, &v.guardian2})), "RECORD-3");
}

TEST(Withdrawal, TakesOneGuardian) {
  WithRecord v;
  EXPECT_EQ(v.try_step(model::Withdraw{}, {&v.council1}), "SIGN-1");
  EXPECT_EQ(v.try_step(model::Withdraw{}, {&v.nurse}), "SIGN-1");
  EXPECT_EQ(v.try_step(model::Withdraw{}, {&v.guardian3}), "admitted");
  EXPECT_EQ(v.status(), Status::kWithdrawn);
}

TEST(Withdrawal, NamesNoVersion) {
  WithRecord v;
  model::RecordChange change = v.change(v.record_id, model::Withdraw{});
  change.expected_version = 1;
  EXPECT_EQ(rule_of(v.append(change, {&v.guardian1})), "CHANGE-2");
}

TEST(Withdrawal, CannotBeReplayedAfterARestore) {
  WithRecord v;
  const auto withdrawal =
      sign(v.statement(v.change(v.record_id, model::Withdraw{})), {&v.guardian1});
  EXPECT_EQ(rule_of(v.ledger.append(withdrawal, v.now)), "admitted");
  EXPECT_EQ(v.try_step(model::Restore{}, v.both), "admitted");
  EXPECT_EQ(v.status(), Status::kActive);
  EXPECT_EQ(rule_of(v.ledger.append(withdrawal, v.now)), "STATE-1");
}

TEST(Restore, TakesTheThreshold) {
  WithRecord v;
  EXPECT_EQ(v.try_step(model::Restore{}, v.both), "CHANGE-3");
  EXPECT_EQ(v.try_step(model::Withdraw{}, {&v.guardian1}), "admitted");
  EXPECT_EQ(v.try_step(model::Restore{}, {&v.guardian1}), "SIGN-2");
  EXPECT_EQ(v.try_step(model::Restore{}, v.both), "admitted");
}

TEST(Erasure, TakesTheThresholdAndIsFinal) {
  WithRecord v;
  EXPECT_EQ(v.try_step(model::Erase{}, {&v.guardian1}), "SIGN-2");
  EXPECT_EQ(v.try_step(model::Erase{}, v.both), "admitted");
  EXPECT_EQ(v.status(), Status::kErased);
  EXPECT_EQ(v.try_step(model::Restore{}, v.both), "CHANGE-3");
  EXPECT_EQ(v.try_step(model::Withdraw{}, {&v.guardian1}), "CHANGE-3");
  EXPECT_EQ(v.try_step(model::Erase{}, v.both), "CHANGE-3");
}

TEST(RecordChange, ExpectsThePresentVersion) {
  WithRecord v;
  model::RecordChange change = v.change(v.record_id, model::Erase{});
  change.expected_version += 1;
  EXPECT_EQ(rule_of(v.append(change, v.both)), "CHANGE-2");
}

TEST(RecordChange, NamesARecordOfThisVillage) {
  WithRecord v;
  EXPECT_EQ(rule_of(v.append(model::RecordChange{v.domain, 1, model::Erase{}}, v.both)),
            "CHANGE-1");
}

TEST(Supersede, PointsToALiveRecordOfTheSameDomain) {
  WithRecord v;
  EXPECT_EQ(v.try_step(model::Supersede{v.record_id}, v.both), "CHANGE-4");
  EXPECT_EQ(v.try_step(model::Supersede{v.clinic}, v.both), "CHANGE-4");
  model::Record elsewhere = v.record("b");
  elsewhere.domain = v.clinic;
  elsewhere.guardianship.guardians = {v.nurse.id()};
  EXPECT_EQ(v.try_step(model::Supersede{v.admit(elsewhere, {&v.nurse})}, v.both), "CHANGE-4");
  const StatementId successor = v.admit(v.record("kelp beds in summer"), v.both);
  EXPECT_EQ(v.try_step(model::Supersede{successor}, v.both), "admitted");
  EXPECT_EQ(v.status(), Status::kSuperseded);
  EXPECT_EQ(v.try_step(model::Withdraw{}, {&v.guardian1}), "admitted");
  EXPECT_EQ(v.try_step(model::Restore{}, v.both), "admitted");
  EXPECT_EQ(v.status(), Status::kSuperseded);
}

TEST(HandOver, TakesTheThresholdOfBothDomains) {
  WithRecord v;
  EXPECT_EQ(v.try_step(model::HandOver{v.clinic}, v.both), "SIGN-2");
  EXPECT_EQ(v.try_step(model::HandOver{v.clinic}, {&v.guardian1, &v.nurse}), "SIGN-2");
  EXPECT_EQ(v.try_step(model::HandOver{v.domain}, v.both), "CHANGE-5");
  EXPECT_EQ(v.try_step(model::HandOver{v.record_id}, v.both), "CHANGE-5");
  EXPECT_EQ(v.try_step(model::HandOver{v.clinic}, {&v.guardian1, &v.guardian2, &v.nurse}),
            "admitted");
  EXPECT_EQ(v.try_step(model::Withdraw{}, {&v.guardian1}), "SIGN-1");
  EXPECT_EQ(v.try_step(model::Withdraw{}, {&v.nurse}), "admitted");
}

TEST(TrainingRecords, LeaveAMarkOnTheirDomainWhenTheyGo) {
  WithRecord v;
  EXPECT_EQ(v.training_changed(), 0u);
  EXPECT_EQ(v.try_step(model::Withdraw{}, {&v.guardian1}), "admitted");
  EXPECT_EQ(v.training_changed(), v.ledger.size().value);
  model::Record kept_out = v.record("b");
  kept_out.policy.train = false;
  const StatementId id = v.admit(kept_out, v.both);
  const std::uint64_t before = v.training_changed();
  EXPECT_EQ(rule_of(v.append(v.change(id, model::Withdraw{}), {&v.guardian1})), "admitted");
  EXPECT_EQ(v.training_changed(), before);
}

}  // namespace
}  // namespace holdfast::testing
