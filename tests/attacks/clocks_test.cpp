// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/use.h"
#include "tests/attacks/asked_bay.h"

// Clocks that are a day off, by accident or on purpose, on either side.
namespace holdfast::attacks {
namespace {

class WrongClock : public AskedBay {
 protected:
  model::Status known_status() const {
    return clinic_
        .find(model::StateClass::kForeignGrant, rules::foreign_grant_id({bay_.village, grant_}))
        ->value.status;
  }
};

TEST_F(WrongClock, OfAnAskerADayAheadIsRefusedAndOneFiveMinutesAheadIsNot) {
  clinic_.clock.advance(kDay);
  EXPECT_EQ(outcome(how_many()), "ENV-4");
  clinic_.clock.advance(-kDay + federation::kClockSkew);
  EXPECT_EQ(outcome(how_many()), "answered");
}

TEST_F(WrongClock, OfAnAskerADayBehindIsRefusedAndOneFiveMinutesBehindIsNot) {
  clinic_.clock.advance(-kDay);
  EXPECT_EQ(outcome(how_many()), "ENV-4") << "it was over an hour after it was sent";
  EXPECT_THAT(bay_.answers(), ::testing::IsEmpty());
  clinic_.clock.advance(kDay - federation::kClockSkew);
  EXPECT_EQ(outcome(how_many()), "answered");
}

// The holder takes it, and the asker does not believe an answer from tomorrow.
TEST_F(WrongClock, OfAHolderADayAheadIsSeenByTheAskerEvenWhereTheEnvelopeLies) {
  bay_.clock.advance(kDay);
  clinic_.clock.advance(kDay);
  const Asking asking = clinic_.ask(bay_, how_many(), kDay);
  const Bytes reply = reply_to(asking);
  clinic_.clock.advance(-kDay);
  EXPECT_EQ(clinic_.believe(asking, reply).outcome(), "ENV-4");
  model::Envelope backdated = clinic_.opened(reply).envelope;
  backdated.sent_at -= kDay;
  backdated.expires_at -= kDay;
  EXPECT_EQ(clinic_.believe(asking, bay_.sealed(backdated, clinic_)).outcome(), "ANSWER-2")
      << "the log's own time is in its seal";
  clinic_.clock.advance(kDay);
  EXPECT_EQ(clinic_.believe(asking, reply).outcome(), "answered");
}

TEST_F(WrongClock, OfAHolderADayBehindMakesItsAnswersTooOld) {
  const Asking asking = clinic_.ask(bay_, how_many(), kDay);
  const Bytes reply = reply_to(asking);
  model::Envelope renewed = clinic_.opened(reply).envelope;
  renewed.sent_at += kDay + 1;
  renewed.expires_at += kDay + 1;
  clinic_.clock.advance(kDay);
  renewed.sent_at -= 1;
  renewed.expires_at -= 1;
  EXPECT_EQ(clinic_.believe(asking, bay_.sealed(renewed, clinic_)).outcome(), "answered");
  clinic_.clock.advance(1);
  EXPECT_EQ(clinic_.believe(asking, bay_.sealed(renewed, clinic_)).outcome(), "ANSWER-2");
}

TEST_F(WrongClock, DoesNotKeepAGrantAliveAtTheAsker) {
  const Asking asking = clinic_.ask(bay_, how_many(), kDay);
  const Bytes reply = reply_to(asking);
  ASSERT_EQ(clinic_.believe(asking, reply).outcome(), "answered");
  // The grant was over for the asker, whatever the holder's clock says.
  model::Grant brief = bay_.grant_for(clinic_, {count_});
  brief.not_after = bay_.clock.now() + kMinute;
  grant_ = bay_.grant(brief);
  const Asking late = clinic_.ask(bay_, how_many(), kDay);
  const Bytes in_time = reply_to(late);
  EXPECT_EQ(clinic_.believe(late, in_time).outcome(), "answered");
  clinic_.clock.advance(kMinute);
  EXPECT_EQ(clinic_.believe(late, in_time).outcome(), "ANSWER-4");
}

TEST_F(WrongClock, DoesNotKeepARevocationFromBeingTaken) {
  for (MetVillage* wrong : {&clinic_, &bay_}) {
    ASSERT_EQ(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, grant_)), "");
    EXPECT_EQ(known_status(), model::Status::kActive);
    wrong->clock.advance(2 * kDay);
    const LeafIndex revocation = bay_.revoke(grant_);
    EXPECT_EQ(tell(clinic_, bay_, bay_.notice_of_revocation(clinic_, revocation)), "")
        << wrong->name;
    EXPECT_EQ(known_status(), model::Status::kRevoked);
    grant_ = grant();
  }
}

// Notices are taken whatever their time is: one from far ahead must not count as the newest word of
// how far the other has seen.
TEST_F(WrongClock, OfANoticeDoesNotKeepLaterAnswersFromBeingProved) {
  ASSERT_EQ(outcome(how_many()), "answered");
  const StatementId shape = clinic_.publish(testing::count_shape());
  const StatementId of_clinic = clinic_.grant(clinic_.grant_for(bay_, {shape}));
  model::Envelope ahead = bay_.opened(clinic_.notice_of_grant(bay_, of_clinic)).envelope;
  ahead.sent_at += 3650 * kDay;
  ahead.expires_at += 3650 * kDay;
  ASSERT_EQ(tell(bay_, clinic_, clinic_.sealed(ahead, bay_)), "");
  for (int i = 0; i < 72; ++i)
    ASSERT_EQ(ask_once(clinic_, bay_, clinic_.ask(bay_, how_many())).outcome(), "answered") << i;
}

}  // namespace
}  // namespace holdfast::attacks
