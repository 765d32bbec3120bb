// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/attacks/asked_bay.h"

// A key that a council has taken out of office, in the hands of somebody who kept it.
namespace holdfast::attacks {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class RetiredAgent : public AskedBay {};

TEST_F(RetiredAgent, OfTheAskerCannotAskInItsName) {
  ASSERT_EQ(outcome(how_many()), "answered");
  clinic_.set_agent(clinic_.agent, model::Capability::kNever);
  const TreeSize size = bay_.size();
  EXPECT_EQ(outcome(how_many()), "ENV-6");
  EXPECT_EQ(bay_.size(), size) << "nor is it written down";
  EXPECT_THAT(bay_.answers(), SizeIs(1));
}

TEST_F(RetiredAgent, ThatMayOnlyProposeFromNowOnCannotAskEither) {
  clinic_.set_agent(clinic_.agent, model::Capability::kPropose);
  EXPECT_EQ(outcome(how_many()), "ENV-6");
  clinic_.set_agent(clinic_.agent, model::Capability::kAct);
  EXPECT_EQ(outcome(how_many()), "answered") << "let act again";
}

TEST_F(RetiredAgent, OfTheHolderCannotAnswerOrRefuseInItsName) {
  const Asking asking = clinic_.ask(bay_, how_many());
  const Bytes honest = reply_to(asking);
  ASSERT_EQ(clinic_.believe(asking, honest).outcome(), "answered");
  bay_.set_agent(bay_.agent, model::Capability::kNever);
  const TreeSize size = bay_.size();
  const auto reply = bay_.peering().holder().take(clinic_.ask(bay_, how_many()).sealed);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().rule, "AGENT-1");
  EXPECT_EQ(bay_.size(), size);
  EXPECT_THAT(bay_.answers(), SizeIs(1));
  // What it writes is not believed, whatever it writes.
  const auto peer = federation::acquaintance_with(*bay_.read(), clinic_.village).value();
  const auto written = bay_.peering().correspondence().write(
      *bay_.read(), peer,
      {model::Refusal{federation::reason::kNothing, {}, {}}, {}, asking.id, std::nullopt, kHour});
  EXPECT_EQ(clinic_.believe(asking, written.value().bytes).outcome(), "ENV-6");
}

// The thief of its key kept what the clinic showed of itself before, and has no newer checkpoint.
TEST_F(RetiredAgent, CannotAskUnderWhatWasShownBeforeForLongerThanADay) {
  const crypto::SigningKey successor = testing::key_named("clinic successor");
  clinic_.set_agent(successor, model::Capability::kAct);
  const auto by_successor = [&] {
    const auto reader = clinic_.read();
    const auto bay = federation::acquaintance_with(*reader, bay_.village).value();
    auto written = clinic_.peering().correspondence().write(
        *reader, bay,
        {how_many(), {log::subject_ref(model::StateClass::kAgent, successor.id())}, {}, {}, kHour});
    const model::Envelope envelope = bay_.opened(written.value().bytes).envelope;
    return Asking{how_many(), envelope.id, clinic_.sealed(envelope, bay_, successor)};
  };
  const Asking before = clinic_.ask(bay_, how_many());
  ASSERT_EQ(clinic_.believe(before, reply_to(before)).outcome(), "answered");
  const model::Envelope shown = bay_.opened(before.sealed).envelope;
  // Written at a later time, and never sent.
  clinic_.add({{"title", "Since then"}});
  const model::Envelope unseen = bay_.opened(clinic_.ask(bay_, how_many()).sealed).envelope;
  clinic_.set_agent(clinic_.agent, model::Capability::kNever);
  // By the successor the bay sees the log that says so.
  const Asking after = by_successor();
  ASSERT_EQ(clinic_.believe(after, reply_to(after)).outcome(), "answered");
  const auto by_thief = [&](model::Envelope stolen) {
    clinic_.random.fill(stolen.id);
    stolen.sent_at = bay_.clock.now();
    stolen.expires_at = stolen.sent_at + kHour;
    const auto reply = bay_.peering().holder().take(clinic_.sealed(stolen, bay_));
    const auto body = clinic_.opened(reply.value().value()).envelope.body;
    const auto* refusal = std::get_if<model::Refusal>(&body);
    return refusal == nullptr ? "answered" : refusal->reason;
  };
  for (MetVillage* village : {&bay_, &clinic_}) village->clock.advance(kDay + 1);
  const std::size_t answers = bay_.answers().size();
  EXPECT_EQ(by_thief(shown), federation::reason::kProof);
  EXPECT_EQ(by_thief(unseen), federation::reason::kProof);
  EXPECT_THAT(bay_.answers(), SizeIs(answers));
  const Asking later = by_successor();
  EXPECT_EQ(clinic_.believe(later, reply_to(later)).outcome(), "answered");
  EXPECT_EQ(by_thief(unseen), federation::reason::kProof) << "also where the newest is of now";
}

// Who has the replaced sealing key as well would read what is sealed to it.
TEST_F(RetiredAgent, CannotHaveRepliesSealedToAKeyThatWasReplaced) {
  const Asking before = clinic_.ask(bay_, how_many());
  ASSERT_EQ(clinic_.believe(before, reply_to(before)).outcome(), "answered");
  const model::Envelope kept = bay_.opened(before.sealed).envelope;
  const auto newer = crypto::SealingKey::generate(clinic_.random);
  const auto village = clinic_.find(model::StateClass::kVillage, clinic_.village);
  clinic_.admit(clinic_.admission(
      model::KeyEvent{village->value.version, model::SealingChange{newer.public_key()}},
      clinic_.council));
  const auto sealed_to = [&](const Bytes& reply) {
    return model::decode_sealed_envelope(reply).value().sealing_key;
  };
  EXPECT_EQ(sealed_to(reply_to(clinic_.ask(bay_, how_many()))), crypto::key_id(newer.public_key()));
  model::Envelope stolen = kept;
  clinic_.random.fill(stolen.id);
  const auto reply = bay_.peering().holder().take(clinic_.sealed(stolen, bay_));
  ASSERT_TRUE(reply && *reply);
  EXPECT_EQ(sealed_to(**reply), crypto::key_id(newer.public_key()));
}

TEST_F(RetiredAgent, CannotTakeNoteOfAnythingInItsVillagesLog) {
  ASSERT_EQ(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, grant_)), "");
  ASSERT_THAT(clinic_.all<model::Receipt>(), SizeIs(1));
  const StatementId second = grant();
  clinic_.set_agent(clinic_.agent, model::Capability::kNever);
  EXPECT_THAT(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, second)),
              ::testing::HasSubstr("AGENT-1"));
  EXPECT_THAT(clinic_.all<model::Receipt>(), SizeIs(1));
}

}  // namespace
}  // namespace holdfast::attacks
