// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/attacks/lying_holder.h"

// A holder whose program lies: its operator and its agent sign whatever they like. Each lie fails
// at the asker by the rule that it breaks. Source: spec/envelopes.md, "At the asker".
namespace holdfast::attacks {
namespace {

TEST_F(LyingHolder, IsBelievedWhereItDoesNotLie) {
  EXPECT_EQ(believed(honest()), "answered");
  EXPECT_EQ(believed(honest(how_many())), "answered");
}

// --- another question ---------------------------------------------------------------------------

TEST_F(LyingHolder, CannotPassTheAnswerToAnotherQuestionOff) {
  Honest first = honest();
  ASSERT_EQ(believed(first), "answered");
  const Honest second = honest();
  EXPECT_EQ(believed(second.asking, first.envelope), "ANSWER-1");
  first.envelope.in_reply_to = second.asking.id;
  EXPECT_EQ(believed(second.asking, first.envelope), "ANSWER-3");
  ASSERT_EQ(believed(second), "answered");
}

// The same envelope that asks for something else in the same words.
TEST_F(LyingHolder, CannotAnswerOtherArgumentsThanWereAsked) {
  const Honest told = honest();
  Asking other = told.asking;
  other.query.arguments = {{"question", "where are the kina"}};
  EXPECT_EQ(believed(other, told.envelope), "ANSWER-3");
  other.query = told.asking.query;
  other.query.salt->at(0) ^= std::byte{1};
  EXPECT_EQ(believed(other, told.envelope), "ANSWER-3") << "the same words, and another salt";
  EXPECT_EQ(believed(told), "answered");
}

TEST_F(LyingHolder, CannotPassTheRefusalOfAnotherQuestionOff) {
  const auto refused = [&](const Asking& asking) {
    return clinic_.opened(reply_to(asking)).envelope;
  };
  model::Query nothing = what_of_it();
  nothing.arguments[0].value = "walrus";
  const Asking first = clinic_.ask(bay_, nothing);
  const Asking second = clinic_.ask(bay_, nothing);
  model::Envelope of_first = refused(first);
  EXPECT_EQ(believed(second, of_first), "REFUSAL-1");
  EXPECT_EQ(believed(first, of_first), federation::reason::kNothing);
  // An answer's inference is none of a refusal.
  Honest told = honest();
  model::Refusal denial{federation::reason::kNothing, told.answer().inference, {}};
  told.envelope.body = denial;
  EXPECT_EQ(believed(told), "REFUSAL-1");
}

// --- another log, or an older one ---------------------------------------------------------------

TEST_F(LyingHolder, CannotShowTheProofsOfAnotherLog) {
  MetVillage inlet("inlet");
  meet(inlet, clinic_);
  const StatementId excerpts = inlet.publish(testing::excerpts_shape());
  inlet.add({{"title", "Reef"}, {"body", kSays}});
  const StatementId grant = inlet.grant(inlet.grant_for(clinic_, {excerpts}));
  inlet.settle();
  const Asking of_inlet =
      clinic_.ask(inlet, inlet.query_by(clinic_, grant, excerpts, {{"question", kQuestion}}));
  const Bytes reply = inlet.peering().holder().take(of_inlet.sealed).value().value();
  const model::Envelope borrowed = clinic_.opened(reply).envelope;
  ASSERT_EQ(clinic_.believe(of_inlet, reply).outcome(), "answered");
  Honest told = honest();
  model::Envelope lie = told.envelope;
  lie.state = borrowed.state;
  EXPECT_EQ(believed(told.asking, lie), "PEER-2") << "by no operator of the bay's";
  lie = told.envelope;
  std::get<model::Answer>(lie.body).inference = std::get<model::Answer>(borrowed.body).inference;
  EXPECT_EQ(believed(told.asking, lie), "ANSWER-3");
  lie = told.envelope;
  for (auto& subject : lie.state.subjects)
    if (subject.state_class == static_cast<std::uint16_t>(model::StateClass::kGrant))
      subject.proof = borrowed.state.subjects.front().proof;
  EXPECT_EQ(believed(told.asking, lie), "PEER-5");
  EXPECT_EQ(believed(told), "answered");
}

// Each head on its own is honest: it is the operator's, and was seen.
TEST_F(LyingHolder, CannotAnswerUnderACheckpointFromBeforeTheInference) {
  const Honest before = honest();
  ASSERT_EQ(believed(before), "answered");
  Honest told = honest();
  model::Envelope lie = told.envelope;
  lie.state = before.envelope.state;
  lie.consistency.clear();
  EXPECT_EQ(believed(told.asking, lie), "ANSWER-3");
  EXPECT_EQ(believed(told), "answered");
}

TEST_F(LyingHolder, CannotHoldAnAnswerBackUntilAfterARevocationThatTheAskerHasSeen) {
  const Honest held_back = honest();
  const LeafIndex revocation = bay_.revoke(grant_);
  const Asking asking = clinic_.ask(bay_, how_many());
  const Bytes refused = reply_to(asking);
  const Reply reply = clinic_.believe(asking, refused);
  ASSERT_EQ(reply.outcome(), federation::reason::kRevoked);
  // Its checkpoint is smaller than the one that was seen, and was never seen itself.
  EXPECT_EQ(believed(held_back), "ENV-7");
  // Under the newest one there is, the grant is shown as it is.
  model::Envelope newest = clinic_.opened(refused).envelope;
  newest.in_reply_to = held_back.asking.id;
  newest.body = held_back.envelope.body;
  EXPECT_EQ(believed(held_back.asking, newest), "ANSWER-3") << "the path is of another size";
  EXPECT_GT(bay_.size().value, revocation.value);
}

TEST_F(LyingHolder, CannotShowAGrantThatIsRevokedAsLive) {
  Honest told = honest();
  bay_.revoke(grant_);
  const auto reader = bay_.read();
  log::VillageTurns turns;
  std::vector<log::SubjectRef> shows;
  for (const auto& subject : told.envelope.state.subjects)
    shows.push_back({static_cast<model::StateClass>(subject.state_class), subject.id});
  model::Envelope lie = told.envelope;
  lie.state = log::show_state(*reader, turns, shows, log::FollowedTo{}).value();
  auto& inference = std::get<model::Answer>(lie.body).inference;
  const auto entry = model::decode_entry(inference.entry).value();
  inference = log::prove_entry(*reader, entry.index).value();
  model::Envelope as_it_is = lie;
  EXPECT_EQ(believed(told.asking, as_it_is), "ANSWER-4");
  // With the value from before, which that root does not hold.
  for (auto& subject : lie.state.subjects)
    for (const auto& old : told.envelope.state.subjects)
      if (subject.state_class == static_cast<std::uint16_t>(model::StateClass::kGrant) &&
          old.state_class == subject.state_class)
        subject = old;
  EXPECT_EQ(believed(told.asking, lie), "PEER-5");
}

TEST_F(LyingHolder, CannotLetAModelSpeakWhoseSteeringWasWithdrawn) {
  const StatementId steering = bay_.steer({bay_.publish_model("extractive 1")});
  Honest told = honest(say_it());
  ASSERT_EQ(believed(told), "answered");
  bay_.withdraw_steering(steering);
  const auto reader = bay_.read();
  log::VillageTurns turns;
  std::vector<log::SubjectRef> shows;
  for (const auto& subject : told.envelope.state.subjects)
    shows.push_back({static_cast<model::StateClass>(subject.state_class), subject.id});
  const auto old =
      model::parse_checkpoint(model::parse_note(told.envelope.state.checkpoint).value().text)
          .value();
  told.envelope.consistency = {
      {old.size, reader->prove_consistency(old.size, reader->size()).value()}};
  told.envelope.state = log::show_state(*reader, turns, shows, log::FollowedTo{}).value();
  const auto entry = model::decode_entry(told.answer().inference.entry).value();
  told.answer().inference = log::prove_entry(*reader, entry.index).value();
  EXPECT_EQ(believed(told), "ANSWER-5");
}

// --- other words --------------------------------------------------------------------------------

TEST_F(LyingHolder, CannotChangeAWordOfTheContent) {
  Honest told = honest();
  model::Content content = model::decode_content(told.answer().content).value();
  auto& text = content.fields.at(1);
  ASSERT_EQ(text.name, "part.01.text");
  text.value = to_bytes("The kelp at the reef is gone.");
  model::Envelope lie = told.envelope;
  std::get<model::Answer>(lie.body).content = model::encode_content(content);
  EXPECT_EQ(believed(told.asking, lie), "ANSWER-6");
  EXPECT_EQ(believed(told), "answered");
}

TEST_F(LyingHolder, CannotSayMoreThanWasAskedFor) {
  Honest told = honest();
  ASSERT_GE(told.answer().cited.size(), 2u);
  Asking brief = told.asking;
  brief.query.items_max = 1;
  EXPECT_EQ(believed(brief, told.envelope), "ANSWER-7");
  brief.query.items_max = 0;
  brief.query.characters_max = 10;
  EXPECT_EQ(believed(brief, told.envelope), "ANSWER-7");
  EXPECT_EQ(believed(told), "answered");
}

// --- somebody else ------------------------------------------------------------------------------

TEST_F(LyingHolder, CannotHaveItsAnswerSignedByAnybodyButItsAgent) {
  const Honest told = honest();
  for (const auto* key : {&bay_.council_key, &bay_.operator_key, &bay_.guardian1, &clinic_.agent})
    EXPECT_EQ(clinic_.believe(told.asking, bay_.sealed(told.envelope, clinic_, *key)).outcome(),
              "ENV-6");
  EXPECT_EQ(believed(told), "answered");
}

// It would be shown as the reason for which nothing is told.
TEST_F(LyingHolder, CannotPutAnybodysStatementBehindARefusal) {
  const auto refused = [&](const char* reason, log::Admission behind) {
    Honest told = honest();
    told.envelope.body = model::Refusal{reason, {}, std::move(behind.signed_statement)};
    return believed(told);
  };
  using namespace federation::reason;
  const auto of_clinic =
      clinic_.admission(model::Revocation{clinic_.domain, grant_}, {&bay_.agent});
  EXPECT_EQ(refused(kAgreement, of_clinic), "REFUSAL-1") << "of another village";
  EXPECT_EQ(refused(kRevoked, of_clinic), "REFUSAL-1");
  EXPECT_EQ(refused(kAgreement, bay_.revocation(grant_)), "REFUSAL-1") << "no such reason";
  EXPECT_EQ(refused(kNothing, bay_.revocation(grant_)), "REFUSAL-1") << "it needs none";
  EXPECT_EQ(refused(kRevoked, bay_.revocation(grant_)), kRevoked);
}

}  // namespace
}  // namespace holdfast::attacks
