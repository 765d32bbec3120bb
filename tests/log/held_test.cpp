// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/held_share.h"
#include "tests/log/held_fixture.h"

namespace holdfast::testing {
namespace {

namespace fs = std::filesystem;
using model::StateClass;

void hold(VillageOnDisk& village, log::Sequencer& sequencer, const log::Admission& admission) {
  const auto held = village.try_submit(sequencer, admission);
  ASSERT_TRUE(held) << describe(held.error());
  ASSERT_TRUE(held->held);
}

model::Status status_of(const VillageOnDisk& village, StateClass state_class,
                        const StatementId& id) {
  return village.read()->find(state_class, id)->value().value.status;
}

// A village whose grant, record and second domain are known to the newer copy of its database only.
class TwoCopies : public ::testing::Test {
 protected:
  TwoCopies() {
    copy(village_.paths.ledger(), older_);
    const auto sequencer = village_.open();
    auto given = village_.audit_grant();
    grant_ = id_of(given);
    auto kept = village_.record("kept");
    record_ = id_of(kept);
    auto second = other_domain();
    other_domain_ = id_of(second);
    village_.submit(*sequencer, {given, kept, second});
  }
  void SetUp() override { copy(village_.paths.ledger(), newer_); }

  void put_back_the_older() { copy(older_, village_.paths.ledger()); }
  void put_back_the_newer() { copy(newer_, village_.paths.ledger()); }

  static void copy(const std::string& from, const std::string& to) {
    fs::remove_all(to);
    fs::copy(from, to, fs::copy_options::recursive);
  }

  log::Admission other_domain() {
    const crypto::SigningKey spare = key_named("another spare");
    model::Domain domain;
    domain.slug = "another";
    domain.title = "Another domain";
    domain.guardians = authority_of(1, {&other_guardian_});
    domain.next = next_of(1, {&spare});
    domain.tikanga = "Ask.";
    domain.disclosure = {5, 5};
    return village_.admission(domain, {&village_.council1, &village_.council2, &other_guardian_});
  }

  VillageOnDisk village_;
  crypto::SigningKey other_guardian_ = key_named("another guardian");
  std::string older_ = village_.directory.path() + "/older";
  std::string newer_ = village_.directory.path() + "/newer";
  StatementId grant_;
  StatementId record_;
  StatementId other_domain_;
};

TEST_F(TwoCopies, WhatIsHeldOutlivesTheDatabaseItWasHeldBeside) {
  const auto revocation = village_.revocation(grant_);
  const auto withdrawal = village_.withdrawal(record_);
  put_back_the_older();
  {
    const auto sequencer = village_.open();
    hold(village_, *sequencer, revocation);
    hold(village_, *sequencer, withdrawal);
  }
  EXPECT_EQ(held_names(village_).size(), 2u);
  put_back_the_newer();
  EXPECT_TRUE(is_enforced(village_, grant_));
  EXPECT_TRUE(is_enforced(village_, record_));
  village_.open();
  EXPECT_EQ(status_of(village_, StateClass::kGrant, grant_), model::Status::kRevoked);
  EXPECT_EQ(status_of(village_, StateClass::kRecord, record_), model::Status::kWithdrawn);
  EXPECT_TRUE(held_names(village_).empty());
}

TEST_F(TwoCopies, ARevocationByAnotherDomainCountsOnlyWhereTheGrantIsUnknown) {
  const auto revocation =
      village_.admission(model::Revocation{other_domain_, grant_}, {&village_.council1});
  put_back_the_older();
  hold(village_, *village_.open(), revocation);
  EXPECT_TRUE(is_enforced(village_, grant_)) << "this copy knows neither";
  put_back_the_newer();
  EXPECT_FALSE(is_enforced(village_, grant_));
}

TEST_F(TwoCopies, WhatTheRulesRefuseForGoodEndsWithItsReason) {
  // Nobody's guardian, which the older copy could not tell.
  const auto revocation =
      village_.admission(model::Revocation{other_domain_, grant_}, {&village_.council1});
  put_back_the_older();
  hold(village_, *village_.open(), revocation);
  put_back_the_newer();
  village_.open();
  EXPECT_TRUE(held_names(village_).empty());
  EXPECT_TRUE(fs::exists(village_.paths.held() + "/refused/" + name_of(revocation)));
  const std::string reasons = read_text(village_.paths.refused());
  EXPECT_NE(reasons.find(name_of(revocation)), std::string::npos) << reasons;
  EXPECT_NE(reasons.find("the domain of the grant"), std::string::npos) << reasons;
  EXPECT_EQ(status_of(village_, StateClass::kGrant, grant_), model::Status::kActive);
}

TEST_F(TwoCopies, WhatIsNotKnownYetStaysHeldAndEnforced) {
  const auto withdrawal = village_.withdrawal(record_);  // builds on a checkpoint lost here
  put_back_the_older();
  {
    village_.build_on(village_.read()->checkpoint());
    const auto sequencer = village_.open();
    hold(village_, *sequencer, withdrawal);
    hold(village_, *sequencer, village_.withdrawal(StatementId::from(village_.basis.root)));
  }
  village_.options.accept_rollback = true;
  for (int opening = 0; opening < 2; ++opening) {
    const auto sequencer = village_.open();
    village_.submit(*sequencer, village_.record("another " + std::to_string(opening)));
    EXPECT_EQ(held_names(village_).size(), 2u);
    EXPECT_TRUE(is_enforced(village_, record_));
  }
}

TEST_F(TwoCopies, WhatWaitsForARecordGoesInOnceItIsThere) {
  put_back_the_older();
  village_.build_on(village_.read()->checkpoint());
  auto again = village_.record("the same again");
  const StatementId record = id_of(again);
  hold(village_, *village_.open(), village_.withdrawal(record));
  village_.options.accept_rollback = true;
  auto sequencer = village_.open();
  EXPECT_EQ(held_names(village_).size(), 1u);
  village_.submit(*sequencer, std::move(again));
  sequencer = nullptr;
  EXPECT_TRUE(held_names(village_).empty());
  EXPECT_EQ(status_of(village_, StateClass::kRecord, record), model::Status::kWithdrawn);
}

TEST_F(TwoCopies, AReaderThatIsOpenAlreadyEnforcesWhatIsHeldLater) {
  const auto reader = village_.read();
  EXPECT_FALSE(reader->held_against(grant_)->has_value());
  village_.clock.advance(-kDay);
  const auto sequencer = village_.open();
  hold(village_, *sequencer, village_.revocation(grant_));
  EXPECT_TRUE(reader->held_against(grant_)->has_value());
  // And goes on once it is sequenced: its snapshot is older.
  village_.clock.advance(kDay);
  village_.submit(*sequencer, village_.record("one"));
  EXPECT_TRUE(held_names(village_).empty());
  EXPECT_TRUE(reader->held_against(grant_)->has_value());
  EXPECT_FALSE(is_enforced(village_, grant_));
}

TEST_F(TwoCopies, AReaderThatLeftAloneWhatIsHeldDoesNotSayThatNothingIs) {
  const auto readers = log::Readers::open(village_.paths);
  ASSERT_TRUE(readers);
  const auto reader = (*readers)->newest(log::HeldStatements::kLeft);
  ASSERT_TRUE(reader);
  const auto held = (*reader)->held_against(grant_);
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().code, Code::kUnavailable);
  EXPECT_TRUE((*(*readers)->newest())->held_against(grant_));
}

TEST_F(TwoCopies, HoldsNothingAgainstAGrantThatIsKnownToBeAnothers) {
  village_.clock.advance(-kDay);
  const auto sequencer = village_.open();
  const auto refused = village_.try_submit(
      *sequencer, village_.admission(model::Revocation{other_domain_, grant_}, {&other_guardian_}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "revocation.domain");
  const auto no_grant = village_.try_submit(
      *sequencer,
      village_.admission(model::Revocation{other_domain_, record_}, {&other_guardian_}));
  ASSERT_FALSE(no_grant);
  EXPECT_EQ(no_grant.error().found, "a record");
  EXPECT_TRUE(held_names(village_).empty());
}

TEST_F(TwoCopies, IsSequencedByAProcessThatWasOpenBeforeItWasHeld) {
  const auto right = village_.open();
  const auto revocation = village_.revocation(grant_);
  put_held(village_, revocation);
  EXPECT_TRUE(is_enforced(village_, grant_));
  const auto receipt = village_.submit(*right, village_.record("one"));
  EXPECT_EQ(receipt.positions[0].index.value, right->head().size.value - 2);
  EXPECT_EQ(status_of(village_, StateClass::kGrant, grant_), model::Status::kRevoked);
  EXPECT_EQ(*village_.read()->signed_statement({receipt.positions[0].index.value - 1}),
            revocation.signed_statement)
      << "before what was submitted";
  EXPECT_TRUE(held_names(village_).empty());
}

TEST_F(TwoCopies, WhatACrashLeftAfterItWasSequencedIsNotSequencedTwice) {
  const auto revocation = village_.revocation(grant_);
  auto sequencer = village_.open();
  const auto size = village_.submit(*sequencer, revocation).size;
  sequencer = nullptr;
  put_held(village_, revocation);
  sequencer = village_.open();
  const auto again = village_.try_submit(*sequencer, revocation);
  ASSERT_TRUE(again) << describe(again.error());
  EXPECT_TRUE(again->positions[0].known_already);
  EXPECT_EQ(sequencer->head().size, size);
  EXPECT_TRUE(held_names(village_).empty());
}

TEST_F(TwoCopies, WhatTheLogHasAlreadyIsNotEnforcedAgainstWhatCameAfterIt) {
  const auto withdrawal = village_.withdrawal(record_);
  {
    const auto sequencer = village_.open();
    village_.submit(*sequencer, withdrawal);
    const auto version = village_.read()->find(StateClass::kRecord, record_)->value().value.version;
    village_.submit(*sequencer,
                    village_.admission(model::RecordChange{record_, version, model::Restore{}},
                                       village_.guardians));
  }
  put_held(village_, withdrawal);  // as an old copy of the directory brings it back
  EXPECT_FALSE(is_enforced(village_, record_));
  village_.open();
  EXPECT_TRUE(held_names(village_).empty());
  EXPECT_EQ(status_of(village_, StateClass::kRecord, record_), model::Status::kActive);
}

TEST_F(TwoCopies, WhatHasNothingLeftToTakeBackEndsWithoutAnEntry) {
  put_held(village_, village_.revocation(grant_));
  const auto size = village_.read()->size();
  auto sequencer = village_.open();
  sequencer = nullptr;
  ASSERT_EQ(village_.read()->size().value, size.value + 2);
  put_held(village_, village_.revocation(grant_));
  village_.open();
  EXPECT_TRUE(held_names(village_).empty());
  EXPECT_EQ(village_.read()->size().value, size.value + 2);
  EXPECT_FALSE(fs::exists(village_.paths.refused()));
}

TEST_F(TwoCopies, ConsentStaysWithdrawnWhereTheStatementWaitedTooLong) {
  const auto revocation = village_.revocation(grant_);
  village_.clock.advance(91 * kDay);  // beyond what its author allowed for sequencing
  hold(village_, *village_.open(), revocation);
  village_.options.accept_clock = true;
  auto sequencer = village_.open();
  village_.submit(*sequencer, village_.record("one"));
  EXPECT_TRUE(is_enforced(village_, grant_));
  village_.submit(*sequencer, village_.revocation(grant_));
  sequencer = nullptr;
  EXPECT_TRUE(held_names(village_).empty());
}

TEST_F(TwoCopies, WaitsForANewOperatorToTakeOffice) {
  const auto fresh = key_named("new operator");
  auto sequencer = *village_.try_open(fresh);
  hold(village_, *sequencer, village_.revocation(grant_));
  model::KeyEvent event;
  event.expected_version = 1;
  event.which = model::OperatorChange{fresh.public_key(), village_.basis};
  village_.submit(*sequencer,
                  village_.admission(event, {&village_.council1, &village_.council2, &fresh}));
  sequencer = nullptr;
  EXPECT_EQ(status_of(village_, StateClass::kGrant, grant_), model::Status::kRevoked);
  EXPECT_TRUE(held_names(village_).empty());
}

TEST_F(TwoCopies, CountsBySignersWhoseKeysThisCopyDoesNotKnow) {
  const crypto::SigningKey new1 = key_named("guardian spare 1");
  const crypto::SigningKey new2 = key_named("guardian spare 2");
  const crypto::SigningKey later = key_named("later");
  put_back_the_newer();
  copy(newer_, older_);
  const model::KeyEvent rotation{
      1, model::DomainRotation{village_.domain,
                               {authority_of(1, {&new1, &new2}), next_of(1, {&later}), {}}}};
  village_.submit(*village_.open(), village_.admission(rotation, {&new1, &new2}));
  copy(village_.paths.ledger(), newer_);
  const auto revocation = village_.admission(model::Revocation{village_.domain, grant_}, {&new1});
  village_.clock.advance(-kDay);
  hold(village_, *village_.open(), revocation);
  village_.clock.advance(kDay);

  put_back_the_older();
  EXPECT_TRUE(is_enforced(village_, grant_));
  village_.options.accept_rollback = true;
  village_.build_on(village_.read()->checkpoint());
  village_.submit(*village_.open(), village_.record("one"));
  EXPECT_EQ(held_names(village_).size(), 1u) << read_text(village_.paths.refused());
  EXPECT_TRUE(is_enforced(village_, grant_));
  put_back_the_newer();
  village_.open();
  EXPECT_EQ(status_of(village_, StateClass::kGrant, grant_), model::Status::kRevoked);
}

StatementId unknown_grant(std::uint64_t number) {
  StatementId id;
  const auto bytes = u64be(number + 1);
  std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
  return id;
}

class OneKeyOfMany : public TwoCopies {
 protected:
  void SetUp() override {
    TwoCopies::SetUp();
    sequencer_ = village_.open();
    village_.clock.advance(-kDay);
  }

  log::Admission revocation_by(const crypto::SigningKey& key, const StatementId& grant) {
    return village_.admission(model::Revocation{village_.domain, grant}, {&key});
  }
  std::vector<log::Admission> about_unknown_grants(const crypto::SigningKey& key,
                                                   std::size_t count) {
    std::vector<log::Admission> made;
    while (made.size() < count) made.push_back(revocation_by(key, unknown_grant(made.size())));
    return made;
  }

  std::unique_ptr<log::Sequencer> sequencer_;
};

TEST_F(OneKeyOfMany, HoldsOnlySoManyAboutWhatIsNotKnown) {
  const auto many = about_unknown_grants(village_.guardian3, log::kHeldOfUnknownPerKeyMax);
  const auto held = village_.try_submit(*sequencer_, many);
  ASSERT_TRUE(held) << describe(held.error());
  EXPECT_TRUE(held->held);
  const auto refused =
      village_.try_submit(*sequencer_, revocation_by(village_.guardian3, unknown_grant(1000)));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
  EXPECT_EQ(refused.error().found, "65");
  EXPECT_NE(refused.error().want.find("64"), std::string::npos);
  EXPECT_NE(refused.error().what.find(village_.guardian3.id().hex()), std::string::npos);
  hold(village_, *sequencer_, many.front());  // it is there already
}

TEST_F(OneKeyOfMany, LeavesRoomForOthersAndForWhatIsKnown) {
  village_.submit(*sequencer_,
                  about_unknown_grants(village_.guardian3, log::kHeldOfUnknownPerKeyMax));
  hold(village_, *sequencer_, revocation_by(village_.guardian1, unknown_grant(1000)));
  hold(village_, *sequencer_, revocation_by(village_.guardian3, grant_));
  hold(village_, *sequencer_, village_.withdrawal(record_));
  EXPECT_TRUE(is_enforced(village_, grant_));
  EXPECT_TRUE(is_enforced(village_, record_));
  EXPECT_FALSE(village_.try_submit(*sequencer_, revocation_by(village_.guardian3, grant_)))
      << "the same again is worth no more than what names nothing";
}

TEST_F(OneKeyOfMany, CountsWhatIsSubmittedTogether) {
  const auto too_many = about_unknown_grants(village_.guardian3, log::kHeldOfUnknownPerKeyMax + 1);
  EXPECT_FALSE(village_.try_submit(*sequencer_, too_many));
  EXPECT_TRUE(held_names(village_).empty());
}

TEST_F(OneKeyOfMany, HoldsNoMoreThanAQuarterOfAllThatMayBeHeld) {
  village_.clock.advance(kDay);
  const auto records = village_.record_batch(log::kHeldPerKeyMax + 1);
  std::vector<log::Admission> withdrawals;
  for (const log::Admission& record : records)
    withdrawals.push_back(village_.admission(
        model::RecordChange{id_of(record), 0, model::Withdraw{}}, {&village_.guardian3}));
  village_.submit(*sequencer_, records);
  village_.clock.advance(-kDay);
  const auto refused = village_.try_submit(*sequencer_, withdrawals);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
  EXPECT_EQ(refused.error().found, "1025");
  EXPECT_TRUE(held_names(village_).empty());
  hold(village_, *sequencer_, withdrawals.back());
}

TEST_F(OneKeyOfMany, HoldsTheSameRevocationOnlySoManyTimes) {
  std::vector<log::Admission> same;
  for (std::size_t i = 0; i < log::kHeldOfUnknownPerKeyMax + 2; ++i)
    same.push_back(revocation_by(village_.guardian3, grant_));
  EXPECT_FALSE(village_.try_submit(*sequencer_, same));
  same.pop_back();  // the first does not count
  EXPECT_TRUE(village_.try_submit(*sequencer_, same));
}

}  // namespace
}  // namespace holdfast::testing
