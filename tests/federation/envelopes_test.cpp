// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include "ledger/crypto/sealed_box.h"
#include "tests/federation/met_villages.h"

// What is not taken from whom, and that nothing comes of it. Source: spec/envelopes.md, "What is
// taken".
namespace holdfast::federation {
namespace {

using testing::Asking;
using ::testing::IsEmpty;
using testing::MetVillage;

// The clinic has a question for the bay, which would be answered.
class SentEnvelope : public ::testing::Test {
 protected:
  SentEnvelope() {
    meet(bay_, clinic_);
    bay_.add_many(10, {{"title", "Kelp"}});
    count_ = bay_.publish(testing::count_shape());
    grant_ = bay_.grant(bay_.grant_for(clinic_, {count_}));
    bay_.settle();
    asking_ = clinic_.ask(bay_, bay_.query_by(clinic_, grant_, count_));
  }

  model::Envelope envelope() const { return bay_.opened(asking_.sealed).envelope; }
  // The rule that it breaks; "" where it is taken.
  std::string rule(MetVillage& of, const Bytes& sealed) {
    const TreeSize size = of.size();
    const std::uint64_t unknown = of.peering().holder().figures().unknown;
    const auto reply = of.peering().holder().take(sealed);
    if (reply) return "";
    EXPECT_EQ(of.size(), size) << "nothing is written down";
    EXPECT_EQ(of.peering().holder().figures().unknown, unknown + 1);
    return reply.error().rule;
  }
  std::string rule(const Bytes& sealed) { return rule(bay_, sealed); }
  // What the bay answers to it, as the clinic reads it.
  std::string outcome(const Bytes& sealed) {
    const auto reply = bay_.peering().holder().take(sealed);
    return reply ? clinic_.believe(asking_, **reply).outcome() : reply.error().rule;
  }

  MetVillage bay_{"bay"};
  MetVillage clinic_{"clinic"};
  StatementId count_;
  StatementId grant_;
  Asking asking_;
};

TEST_F(SentEnvelope, IsNotTakenByAnotherVillage) {
  MetVillage inlet("inlet");
  meet(inlet, clinic_);
  EXPECT_EQ(rule(inlet, asking_.sealed), "ENV-1");
  EXPECT_EQ(rule(asking_.sealed), "");
}

TEST_F(SentEnvelope, IsNotTakenUnderAnotherKeyOrWithAnyByteOfItsBoxChanged) {
  model::SealedEnvelope parts = model::decode_sealed_envelope(asking_.sealed).value();
  parts.sealing_key = clinic_.agent.id();
  EXPECT_EQ(rule(model::encode_sealed_envelope(parts)), "ENV-2");
  for (std::size_t at = 0; at < parts.box.size(); at += 397) {
    parts = model::decode_sealed_envelope(asking_.sealed).value();
    parts.box[at] ^= std::byte{1};
    EXPECT_EQ(rule(model::encode_sealed_envelope(parts)), "ENV-2") << at;
  }
  EXPECT_EQ(rule(asking_.sealed), "");
}

TEST_F(SentEnvelope, IsNotTakenWhereTheBoxNamesSomebodyElse) {
  model::Envelope inner = envelope();
  inner.to = clinic_.village;
  model::SealedEnvelope parts = model::decode_sealed_envelope(clinic_.sealed(inner, bay_)).value();
  parts.to = bay_.village;
  EXPECT_EQ(rule(model::encode_sealed_envelope(parts)), "ENV-3");
  EXPECT_EQ(rule(clinic_.sealed(envelope(), bay_)), "");
}

TEST_F(SentEnvelope, IsNotTakenTooLateOrTooEarlyOrWithTooLongALife) {
  const Seconds now = bay_.clock.now();
  const auto sent = [&](Seconds at, Seconds until) {
    model::Envelope out = envelope();
    out.sent_at = at;
    out.expires_at = until;
    return rule(clinic_.sealed(out, bay_));
  };
  EXPECT_EQ(sent(now + kClockSkew + 1, now + kHour), "ENV-4");
  EXPECT_EQ(sent(now - kDay, now - kClockSkew), "ENV-4");
  EXPECT_EQ(sent(now, now + kDay + 1), "ENV-4");
  EXPECT_EQ(sent(now + kClockSkew, now + kHour), "") << "clocks differ by so much";
}

TEST_F(SentEnvelope, IsNotTakenFromAStranger) {
  MetVillage inlet("inlet");
  model::Envelope from_inlet = envelope();
  from_inlet.from = inlet.village;
  const auto reply = bay_.peering().holder().take(inlet.sealed(from_inlet, bay_));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().rule, "ENV-5");
  EXPECT_EQ(reply.error().code, Code::kUnauthorised);
}

TEST_F(SentEnvelope, IsNotTakenUnsignedOrBySomebodyWhoIsNoAgentThatMayAct) {
  EXPECT_EQ(rule(clinic_.sealed(envelope(), bay_, clinic_.council_key)), "ENV-6");
  const crypto::SigningKey proposer = testing::key_named("clinic proposer");
  clinic_.set_agent(proposer, model::Capability::kPropose);
  EXPECT_EQ(rule(clinic_.sealed(envelope(), bay_, proposer)), "ENV-6");
  model::Envelope other = envelope();
  other.sent_at += 1;
  const Bytes plain = model::encode_envelope(other);
  // The signature of the first under the second.
  const OpenedEnvelope opened = bay_.opened(asking_.sealed);
  model::SignedEnvelope swapped{plain, clinic_.agent.id(), opened.signature};
  model::SealedEnvelope parts = model::decode_sealed_envelope(asking_.sealed).value();
  parts.box = crypto::seal_to(bay_.sealing_key().public_key(),
                              model::encode_signed_envelope(swapped), bay_.random)
                  .value();
  EXPECT_EQ(rule(model::encode_sealed_envelope(parts)), "ENV-6");
  EXPECT_EQ(rule(clinic_.sealed(other, bay_)), "");
}

TEST_F(SentEnvelope, IsNotTakenWithAStateThatHasNothingToDoWithTheSender) {
  MetVillage inlet("inlet");
  meet(bay_, inlet);
  model::Envelope borrowed = envelope();
  borrowed.state = bay_.opened(inlet.ask(bay_, asking_.query).sealed).envelope.state;
  EXPECT_EQ(rule(clinic_.sealed(borrowed, bay_)), "PEER-2");
}

// --- two histories ------------------------------------------------------------------------------

TEST_F(SentEnvelope, IsAskedForAProofWhereTheSendersLogHasGrownAndBroughtNone) {
  EXPECT_EQ(outcome(asking_.sealed), "answered");
  clinic_.add({{"title", "Of the clinic"}});
  asking_ = clinic_.ask(bay_, asking_.query);
  model::Envelope unproved = envelope();
  ASSERT_FALSE(unproved.consistency.empty()) << "the clinic knows what the bay has seen";
  unproved.consistency.clear();
  EXPECT_EQ(outcome(clinic_.sealed(unproved, bay_)), reason::kProof);
  EXPECT_EQ(outcome(asking_.sealed), "answered");
}

TEST_F(SentEnvelope, IsRefusedAsForkedWhereTheSenderHasTwoHistories) {
  MetVillage twin(clinic_);
  clinic_.add({{"title", "One history"}});
  twin.add({{"title", "Another history"}});
  asking_ = clinic_.ask(bay_, asking_.query);
  ASSERT_EQ(outcome(asking_.sealed), "answered");
  const Asking other = twin.ask(bay_, asking_.query);
  const TreeSize size = bay_.size();
  const auto reply = bay_.peering().holder().take(other.sealed);
  ASSERT_TRUE(reply);
  EXPECT_EQ(twin.believe(other, **reply).outcome(), reason::kForked);
  EXPECT_EQ(bay_.size(), size);
}

// --- repeats ------------------------------------------------------------------------------------

TEST_F(SentEnvelope, IsRefusedAsRepeatedUnderAnIdThatAnotherHad) {
  ASSERT_EQ(outcome(asking_.sealed), "answered");
  model::Envelope other = envelope();
  other.sent_at += 1;
  const auto reply = bay_.peering().holder().take(clinic_.sealed(other, bay_));
  ASSERT_TRUE(reply);
  const auto refused = clinic_.believe(asking_, **reply);
  ASSERT_EQ(refused.outcome(), reason::kRepeated);
  EXPECT_FALSE(refused.refusal->inference) << "it learns nothing of the first";
  EXPECT_FALSE(refused.refusal->behind);
}

TEST_F(SentEnvelope, WithAReplyWantsNoReply) {
  model::Envelope told = envelope();
  told.body = model::CheckpointOnly{};
  told.in_reply_to = asking_.id;
  const auto reply = bay_.peering().holder().take(clinic_.sealed(told, bay_));
  ASSERT_TRUE(reply);
  EXPECT_FALSE(*reply);
}

TEST_F(SentEnvelope, WithACheckpointThatRepliesToNothingIsAcknowledged) {
  model::Envelope told = envelope();
  told.body = model::CheckpointOnly{};
  const auto reply = bay_.peering().holder().take(clinic_.sealed(told, bay_));
  ASSERT_TRUE(reply && *reply);
  const model::Envelope back = clinic_.opened(**reply).envelope;
  EXPECT_EQ(back.in_reply_to, told.id);
  EXPECT_TRUE(std::holds_alternative<model::Acknowledgement>(back.body));
}

}  // namespace
}  // namespace holdfast::federation
