// SPDX-License-Identifier: AGPL-3.0-or-later
#include <atomic>
#include <chrono>
#include <random>
#include <thread>

#include "ledger/rules/use.h"
#include "tests/attacks/asked_bay.h"

// Consent that is taken back while it is made use of. However the two fall together, in the log no
// answer stands behind the revocation of what it was given under.
namespace holdfast::attacks {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

// Of this grant, behind this entry.
std::size_t answers_behind(const MetVillage& village, const StatementId& grant, LeafIndex entry) {
  std::size_t count = 0;
  for (const auto& one : village.answers())
    if (one.body.grant == grant && one.index > entry) ++count;
  return count;
}

// --- at every place in between ------------------------------------------------------------------

// Takes back what the test says at the moment when a model begins to speak.
class WhileAModelSpeaks : public AskedBay {
 protected:
  WhileAModelSpeaks() : AskedBay(options(*this)) {
    speaker_ = bay_.publish_model("extractive 1");
    steering_ = bay_.steer({speaker_});
  }
  static federation::PeeringOptions options(WhileAModelSpeaks& test) {
    federation::PeeringOptions out = MetVillage::patient();
    out.on_model_asked = [&test](const StatementId&) {
      ++test.asked_;
      if (test.meanwhile_) test.meanwhile_();
    };
    return out;
  }

  int asked_ = 0;
  std::function<void()> meanwhile_;
  StatementId speaker_;
  StatementId steering_;
};

TEST_F(WhileAModelSpeaks, ARevocationTurnsTheFinishedAnswerIntoARefusal) {
  ASSERT_EQ(outcome(say_it()), "answered") << "where nothing happens meanwhile";
  LeafIndex revocation;
  meanwhile_ = [&] { revocation = bay_.revoke(grant_); };
  const Reply reply = ask(say_it());
  ASSERT_EQ(reply.outcome(), federation::reason::kRevoked);
  EXPECT_EQ(asked_, 2) << "the model had spoken";
  EXPECT_THAT(bay_.answers(), SizeIs(1));
  EXPECT_EQ(answers_behind(bay_, grant_, revocation), 0u);
  ASSERT_TRUE(reply.refusal->behind);
  EXPECT_EQ(std::get<model::Revocation>(reply.refusal->behind->body).grant, grant_);
}

TEST_F(WhileAModelSpeaks, AWithdrawnSteeringTurnsTheFinishedAnswerIntoSilence) {
  meanwhile_ = [&] { bay_.withdraw_steering(steering_); };
  EXPECT_EQ(outcome(say_it()), federation::reason::kSilent);
  EXPECT_EQ(asked_, 1);
  EXPECT_THAT(bay_.answers(), IsEmpty());
}

TEST_F(WhileAModelSpeaks, ASuspendedAgreementTurnsTheFinishedAnswerIntoARefusal) {
  meanwhile_ = [&] {
    bay_.admit(model::Agreement{bay_.agreement_with(clinic_.village), 0, model::Suspension{}},
               bay_.council);
  };
  EXPECT_EQ(outcome(say_it()), federation::reason::kAgreement);
  EXPECT_EQ(asked_, 1);
  EXPECT_THAT(bay_.answers(), IsEmpty());
}

// It was trained on it, too: no model is left that may speak.
TEST_F(WhileAModelSpeaks, AWithdrawnRecordIsNotInTheAnswer) {
  meanwhile_ = [&] {
    meanwhile_ = nullptr;
    bay_.withdraw(thick_);
  };
  EXPECT_NE(outcome(say_it()), "answered");
  EXPECT_THAT(bay_.answers(), IsEmpty());
  const Reply later = ask(what_of_it());
  ASSERT_EQ(later.outcome(), "answered");
  for (const auto& part : later.answer->text.parts) EXPECT_NE(part.record, thick_);
}

// --- at any moment ------------------------------------------------------------------------------

class RacingRevocation : public AskedBay {
 protected:
  static constexpr int kRounds = 100;
  static constexpr int kAskers = 3;
  static constexpr int kQuestions = 8;  // of each, and until it is refused
  static constexpr int kQuestionsMax = 2000;

  // Asks until it is refused; counts what was answered.
  void ask_on(const model::Query& query) {
    std::string outcome;
    for (int i = 0; i < kQuestions || outcome == "answered"; ++i) {
      ASSERT_LT(i, kQuestionsMax) << "the revocation has not come, or does not count";
      const Asking asking = clinic_.ask(bay_, query);
      // Replies cross on their way: what cannot be followed is asked for again, as askers do.
      outcome = "ENV-7";
      for (int tries = 0; outcome == "ENV-7" && tries < 4; ++tries) {
        const auto reply = bay_.peering().holder().take(asking.sealed);
        ASSERT_TRUE(reply) << describe(reply.error());
        // It shows that the grant was live in the very log that it stands in.
        outcome = clinic_.believe(asking, **reply).outcome();
      }
      ++asked_;
      if (outcome == "answered") ++answered_;
      EXPECT_THAT(outcome, ::testing::AnyOf("answered", federation::reason::kRevoked));
    }
  }

  std::mt19937 random_{20260101};  // NOLINT(cert-msc51-cpp): the same races every time
  std::atomic<int> asked_{0};
  std::atomic<int> answered_{0};
};

TEST_F(RacingRevocation, LeavesNoAnswerBehindTheRevocationInTwoThousandInterleavings) {
  bay_.settle();
  std::vector<std::pair<StatementId, LeafIndex>> revoked;
  for (int round = 0; round < kRounds; ++round) {
    grant_ = grant();
    const model::Query query = random_() % 2 == 0 ? how_many() : what_of_it();
    log::Admission revocation = bay_.revocation(grant_);
    const int after = asked_ + static_cast<int>(random_() % (kAskers * kQuestions));
    const unsigned yields = random_() % 64;
    std::vector<std::thread> askers;
    for (int i = 0; i < kAskers; ++i) askers.emplace_back([&] { ask_on(query); });
    while (asked_ < after) std::this_thread::yield();
    for (unsigned i = 0; i < yields; ++i) std::this_thread::yield();
    revoked.emplace_back(grant_, bay_.admit(std::move(revocation)));
    for (std::thread& asker : askers) asker.join();
  }
  const auto answers = bay_.answers();
  EXPECT_GE(asked_, kRounds * kAskers * kQuestions);
  EXPECT_GT(answered_, kRounds) << "or nothing has raced";
  EXPECT_LE(answered_, asked_ - kRounds * kAskers);
  EXPECT_GE(answers.size(), static_cast<std::size_t>(answered_));
  for (const auto& [grant, entry] : revoked)
    for (const auto& one : answers)
      if (one.body.grant == grant) {
        EXPECT_LT(one.index, entry);
      }
}

// --- over sockets -------------------------------------------------------------------------------

class RacingOverSockets : public AskedBay {
 protected:
  RacingOverSockets() : AskedBay(MetVillage::patient(), true) {}
};

TEST_F(RacingOverSockets, LeavesNoAnswerBehindTheRevocation) {
  constexpr std::size_t kAtOnce = 4;
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same moments every time
  std::size_t answered = 0;
  std::size_t refused = 0;
  for (int round = 0; round < 8; ++round) {
    grant_ = grant();
    ASSERT_EQ(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, grant_)), "");
    bay_.settle();
    federation::AskedOf question{bay_.village, grant_, count_, "teaching", {}, 0, 0, {}};
    std::vector<federation::Told> told;
    std::thread asking([&] {
      told = clinic_.peering().asker().ask_all(std::vector<federation::AskedOf>(kAtOnce, question));
      const auto more =
          clinic_.peering().asker().ask_all(std::vector<federation::AskedOf>(kAtOnce, question));
      told.insert(told.end(), more.begin(), more.end());
    });
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 60'000));
    const LeafIndex revocation = bay_.revoke(grant_);
    asking.join();
    EXPECT_EQ(answers_behind(bay_, grant_, revocation), 0u);
    for (const federation::Told& one : told) {
      if (one.answer) {
        ++answered;
        EXPECT_LT(one.answer->index, revocation);
        EXPECT_TRUE(one.receipt);
      } else if (one.refusal) {
        ++refused;
        EXPECT_EQ(one.refusal->reason, federation::reason::kRevoked);
      }
    }
    // The clinic has taken note of it, if it was refused after it knew the grant.
    const auto known = clinic_.find(model::StateClass::kForeignGrant,
                                    rules::foreign_grant_id({bay_.village, grant_}));
    ASSERT_TRUE(known);
    if (!told.back().answer) {
      EXPECT_EQ(known->value.status, model::Status::kRevoked);
    }
  }
  EXPECT_GT(answered, 0u);
  EXPECT_GT(refused, 0u);
}

}  // namespace
}  // namespace holdfast::attacks
