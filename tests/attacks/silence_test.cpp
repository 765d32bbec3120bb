// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/attacks/asked_bay.h"

// A holder that would have another model speak where guardians let none.
namespace holdfast::attacks {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Two models are published, and what is asked of either is seen.
class SecondModel : public AskedBay {
 protected:
  SecondModel() : AskedBay(watched(*this)) {
    first_ = bay_.publish_model("extractive 1");
    second_ = bay_.publish_model("extractive 1, again");
  }
  static federation::PeeringOptions watched(SecondModel& test) {
    federation::PeeringOptions out = MetVillage::patient();
    out.on_model_asked = [&test](const StatementId& model) { test.asked_.push_back(model); };
    return out;
  }
  // An answer as the bay's agent would have it sequenced: "" or the rule that it breaks.
  std::string rule_of_speaking(const StatementId& model, const StatementId& steering) {
    model::Inference inference;
    bay_.random.fill(inference.query_id);
    inference.agreement = bay_.agreement_with(clinic_.village);
    inference.grant = grant_;
    inference.shape = answer_;
    inference.purpose = "teaching";
    inference.model = model;
    inference.steering = steering;
    model::Answered answered;
    answered.used = model::UsedRecords{{thick_}};
    answered.cited = {thick_};
    answered.items = 1;
    inference.outcome = answered;
    const auto act = bay_.peering().correspondence().agent().act(inference);
    return act ? "" : act.error().rule;
  }

  std::vector<StatementId> asked_;
  StatementId first_;
  StatementId second_;
};

TEST_F(SecondModel, IsNotCalledWhileTheSteeringOfBothIsWithdrawn) {
  const StatementId steering = bay_.steer({first_, second_});
  ASSERT_EQ(outcome(say_it()), "answered");
  ASSERT_THAT(asked_, SizeIs(1));
  bay_.withdraw_steering(steering);
  const Reply reply = ask(say_it());
  ASSERT_EQ(reply.outcome(), federation::reason::kSilent);
  EXPECT_THAT(asked_, SizeIs(1)) << "nothing was called";
  ASSERT_TRUE(reply.refusal->inference);
  const auto refusal = bay_.refusals().back();
  EXPECT_EQ(refusal.id, reply.refusal->inference);
  EXPECT_FALSE(refusal.body.model);
  EXPECT_FALSE(refusal.body.steering);
}

TEST_F(SecondModel, IsNotCalledInPlaceOfTheOneThatIsSteered) {
  const StatementId steering = bay_.steer({first_});
  ASSERT_EQ(outcome(say_it()), "answered");
  bay_.withdraw_steering(steering);
  EXPECT_EQ(outcome(say_it()), federation::reason::kSilent) << "the second was never steered";
  EXPECT_THAT(asked_, ElementsAre(first_));
  bay_.steer({second_});
  EXPECT_EQ(outcome(say_it()), "answered") << "once guardians let it";
  EXPECT_THAT(asked_, ElementsAre(first_, second_));
}

TEST_F(SecondModel, IsNotSequencedBehindTheHoldersOwnBackEither) {
  const StatementId steering = bay_.steer({first_});
  EXPECT_EQ(rule_of_speaking(second_, steering), "INFER-4");
  EXPECT_EQ(rule_of_speaking(first_, steering), "");
  bay_.withdraw_steering(steering);
  EXPECT_EQ(rule_of_speaking(first_, steering), "INFER-4");
  EXPECT_THAT(bay_.answers(), SizeIs(1));
}

// What it was trained on is in its weights: it is silent until it is trained and published anew.
TEST_F(SecondModel, IsSilentOnceARecordThatItWasTrainedOnIsTakenBack) {
  bay_.steer({first_, second_});
  ASSERT_EQ(outcome(say_it()), "answered");
  bay_.withdraw(other_);
  EXPECT_EQ(outcome(say_it()), federation::reason::kUnavailable) << "steered, and not usable";
  EXPECT_THAT(asked_, SizeIs(1));
  bay_.steer({bay_.publish_model("extractive 1, anew")});
  EXPECT_EQ(outcome(say_it()), "answered");
}

}  // namespace
}  // namespace holdfast::attacks
