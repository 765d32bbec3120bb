// SPDX-License-Identifier: AGPL-3.0-or-later
#include <thread>

#include "ledger/crypto/sealed_box.h"
#include "tests/attacks/asked_bay.h"

// Whoever carries envelopes keeps them, and sends them again: to the same village, or another.
namespace holdfast::attacks {
namespace {

using ::testing::SizeIs;

class Replay : public AskedBay {
 protected:
  // Whichever is first: the look at what it rests on, or that it is forgotten for that.
  static ::testing::Matcher<std::string> gone() {
    return ::testing::AnyOf(federation::reason::kRevoked, federation::reason::kWithdrawn,
                            federation::reason::kRepeated);
  }
  // What the bay says to it now: whoever sends it again need not be who may read that.
  std::string said_to(const Asking& asking) {
    const auto body = clinic_.opened(reply_to(asking)).envelope.body;
    const auto* refusal = std::get_if<model::Refusal>(&body);
    return refusal != nullptr ? refusal->reason : "answered";
  }
};

TEST_F(Replay, OfAQueryAfterARestartHasOneEffect) {
  const Asking asking = clinic_.ask(bay_, how_many());
  ASSERT_EQ(clinic_.believe(asking, reply_to(asking)).outcome(), "answered");
  const auto first = bay_.answers();
  ASSERT_THAT(first, SizeIs(1));
  bay_.restart();
  const TreeSize size = bay_.size();
  for (int i = 0; i < 3; ++i) {
    const Reply again = clinic_.believe(asking, reply_to(asking));
    ASSERT_EQ(again.outcome(), federation::reason::kRepeated);
    ASSERT_TRUE(again.refusal->behind);
    EXPECT_EQ(std::get<model::Inference>(again.refusal->behind->body).query_id, asking.id)
        << "it says what became of the first";
  }
  EXPECT_EQ(bay_.size(), size);
  EXPECT_THAT(bay_.answers(), SizeIs(1));
  EXPECT_EQ(outcome(how_many()), "answered") << "asked anew";
  EXPECT_THAT(bay_.answers(), SizeIs(2));
}

TEST_F(Replay, OfAQueryThatWasRefusedIsNotAnsweredAfterTheReasonIsGone) {
  model::Grant later = bay_.grant_for(clinic_, {count_});
  later.not_before += kMinute;
  grant_ = bay_.grant(later);
  const Asking asking = clinic_.ask(bay_, how_many());
  ASSERT_EQ(clinic_.believe(asking, reply_to(asking)).outcome(), federation::reason::kNotNow);
  bay_.clock.advance(kMinute);
  EXPECT_EQ(clinic_.believe(asking, reply_to(asking)).outcome(), federation::reason::kRepeated);
  EXPECT_EQ(outcome(how_many()), "answered") << "asked anew";
}

TEST_F(Replay, ByManyAtOnceHasOneEffect) {
  constexpr int kRounds = 200;
  constexpr std::size_t kAtOnce = 4;
  bay_.settle();
  for (int round = 0; round < kRounds; ++round) {
    const Asking asking = clinic_.ask(bay_, how_many());
    std::vector<std::thread> threads;
    std::vector<std::string> outcomes(kAtOnce);
    for (std::size_t i = 0; i < kAtOnce; ++i)
      threads.emplace_back([&, i] {
        // They come one by one while the first of them is being answered, and as it is done.
        for (std::size_t wait = 0; wait < 40 * i; ++wait) std::this_thread::yield();
        const auto reply = bay_.peering().holder().take(asking.sealed);
        outcomes[i] = reply ? clinic_.believe(asking, **reply).outcome() : reply.error().rule;
      });
    for (std::thread& thread : threads) thread.join();
    for (const std::string& outcome : outcomes)
      EXPECT_THAT(outcome, ::testing::AnyOf("answered", "ENV-8"));
    EXPECT_THAT(outcomes, ::testing::Contains("answered"));
  }
  EXPECT_THAT(bay_.answers(), SizeIs(kRounds));
}

TEST_F(Replay, AfterARevocationIsRefusedWithAndWithoutWhatIsInMemory) {
  const Asking asking = clinic_.ask(bay_, what_of_it());
  ASSERT_EQ(clinic_.believe(asking, reply_to(asking)).outcome(), "answered");
  ASSERT_EQ(said_to(asking), "answered") << "while it is live";
  bay_.revoke(grant_);
  EXPECT_THAT(said_to(asking), gone());
  bay_.restart();
  EXPECT_EQ(said_to(asking), federation::reason::kRevoked);
  EXPECT_THAT(bay_.answers(), SizeIs(1));
}

TEST_F(Replay, AfterARecordWasTakenBackIsRefused) {
  const Asking asking = clinic_.ask(bay_, what_of_it());
  ASSERT_EQ(clinic_.believe(asking, reply_to(asking)).outcome(), "answered");
  ASSERT_EQ(said_to(asking), "answered") << "while it is there";
  bay_.withdraw(thick_);
  EXPECT_THAT(said_to(asking), gone());
  EXPECT_THAT(bay_.answers(), SizeIs(1));
}

// --- to somebody else ---------------------------------------------------------------------------

class Redirection : public AskedBay {
 protected:
  Redirection() {
    meet(inlet_, clinic_);
    meet(inlet_, bay_);
    const StatementId count = inlet_.publish(testing::count_shape());
    inlet_.add_many(10, {{"title", "Kelp"}});
    const StatementId grant = inlet_.grant(inlet_.grant_for(clinic_, {count}));
    of_inlet_ = inlet_.query_by(clinic_, grant, count);
    asking_ = clinic_.ask(bay_, how_many());
  }
  std::string rule(const Bytes& sealed) {
    const TreeSize size = inlet_.size();
    const auto reply = inlet_.peering().holder().take(sealed);
    EXPECT_EQ(inlet_.size(), size);
    return reply ? "taken" : reply.error().rule;
  }

  MetVillage inlet_{"inlet"};
  model::Query of_inlet_;
  Asking asking_;
};

TEST_F(Redirection, OfAnEnvelopeToAnotherVillageIsRefused) {
  EXPECT_EQ(rule(asking_.sealed), "ENV-1");
  model::SealedEnvelope relabelled = model::decode_sealed_envelope(asking_.sealed).value();
  relabelled.to = inlet_.village;
  EXPECT_EQ(rule(model::encode_sealed_envelope(relabelled)), "ENV-2") << "the key is the bay's";
  relabelled.sealing_key = crypto::key_id(inlet_.sealing_key().public_key());
  EXPECT_EQ(rule(model::encode_sealed_envelope(relabelled)), "ENV-2") << "the box is not";
  EXPECT_EQ(outcome(how_many()), "answered");
  EXPECT_EQ(testing::ask(clinic_, inlet_, of_inlet_).outcome(), "answered");
}

// As the bay could do it, whose envelope it was.
TEST_F(Redirection, ByWhoeverHasOpenedAnEnvelopeIsRefusedUnderItsOldSignature) {
  const auto key = bay_.sealing_key();
  const auto box = model::decode_sealed_envelope(asking_.sealed).value().box;
  const Bytes opened = crypto::open_sealed(key, box).value();
  const auto resealed = [&](const Bytes& inner) {
    return model::encode_sealed_envelope(
        {inlet_.village, crypto::key_id(inlet_.sealing_key().public_key()),
         crypto::seal_to(inlet_.sealing_key().public_key(), inner, bay_.random).value()});
  };
  EXPECT_EQ(rule(resealed(opened)), "ENV-3");
  // With other words, the signature is not the clinic's any more.
  model::SignedEnvelope parts = model::decode_signed_envelope(opened).value();
  model::Envelope changed = model::decode_envelope(parts.envelope).value();
  changed.to = inlet_.village;
  changed.sealing_key = crypto::key_id(inlet_.sealing_key().public_key());
  changed.body = of_inlet_;
  parts.envelope = model::encode_envelope(changed);
  EXPECT_EQ(rule(resealed(model::encode_signed_envelope(parts))), "ENV-6");
  EXPECT_EQ(rule(bay_.sealed(changed, inlet_)), "ENV-6") << "nor is the bay's agent the clinic's";
  inlet_.settle();
  const auto reply = inlet_.peering().holder().take(clinic_.sealed(changed, inlet_));
  ASSERT_TRUE(reply && *reply);
  const model::Envelope answer = clinic_.opened(**reply).envelope;
  EXPECT_TRUE(std::holds_alternative<model::Answer>(answer.body)) << "by the clinic's agent";
}

}  // namespace
}  // namespace holdfast::attacks
