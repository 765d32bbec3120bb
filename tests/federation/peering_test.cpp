// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/peering.h"

#include <gmock/gmock.h>

#include "federation/introduction.h"
#include "federation/trained.h"
#include "ledger/rules/use.h"
#include "tests/federation/met_villages.h"

// Two villages that have met: one asks, the other answers under its grant.
// Source: spec/envelopes.md, "The call".
namespace holdfast::federation {
namespace {

using model::StateClass;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MetVillage;
using testing::Reply;
using ::testing::SizeIs;

const char* const kHowIsTheKelp = "how thick is the kelp at the reef";

// The bay is asked by the clinic.
class AskedByAPeer : public ::testing::Test {
 protected:
  AskedByAPeer() {
    meet(bay_, clinic_);
    bay_.add_many(12, {{"title", "Kelp"}, {"place", "north reef"}});
    bay_.add_many(7, {{"title", "Kina"}, {"place", "south reef"}});
    bay_.add_many(2, {{"title", "Crayfish"}, {"place", "south reef"}});
    thick_ = bay_.add({{"title", "North reef"}, {"body", "The kelp at the reef is thick."}},
                      testing::kMayBeTrainedOn);
    count_ = bay_.publish(testing::count_shape());
    histogram_ = bay_.publish(testing::histogram_shape({"place", "title"}));
    excerpts_ = bay_.publish(testing::excerpts_shape());
    answer_ = bay_.publish(testing::answer_shape());
    grant_ = bay_.grant(bay_.grant_for(clinic_, {count_, histogram_, excerpts_, answer_}));
  }

  Reply ask(const StatementId& shape, std::vector<model::Argument> arguments = {}) {
    return testing::ask(clinic_, bay_, query(shape, std::move(arguments)));
  }
  model::Query query(const StatementId& shape, std::vector<model::Argument> arguments = {}) const {
    return bay_.query_by(clinic_, grant_, shape, std::move(arguments));
  }
  std::string outcome(const StatementId& shape, std::vector<model::Argument> arguments = {}) {
    return ask(shape, std::move(arguments)).outcome();
  }
  std::string reason_in_log() const {
    const auto refusals = bay_.refusals();
    if (refusals.empty()) return "";
    return std::get<model::RefusedAnswer>(refusals.back().body.outcome).reason;
  }

  MetVillage bay_{"bay"};
  MetVillage clinic_{"clinic"};
  StatementId thick_;
  StatementId count_;
  StatementId histogram_;
  StatementId excerpts_;
  StatementId answer_;
  StatementId grant_;
};

// --- answers ------------------------------------------------------------------------------------

TEST_F(AskedByAPeer, TellsARoundedCountAndKeepsWhatItWasOfToItself) {
  const Reply reply = ask(count_, {{"place", "north reef"}});
  ASSERT_EQ(reply.outcome(), "answered");
  EXPECT_EQ(reply.answer->text.count, 10u) << "12, to the nearest 5";
  ASSERT_THAT(bay_.answers(), SizeIs(1));
  const auto logged = bay_.answers()[0];
  EXPECT_EQ(logged.id, reply.answer->inference);
  EXPECT_EQ(logged.index, reply.answer->index);
  const auto& answered = std::get<model::Answered>(logged.body.outcome);
  EXPECT_EQ(std::get<model::HiddenUse>(answered.used).bound, 32u) << "of 22 records, not of 12";
  EXPECT_THAT(answered.cited, IsEmpty());
}

TEST_F(AskedByAPeer, TellsAHistogramWithoutItsSmallCells) {
  const Reply reply = ask(histogram_, {{"by", "title"}});
  ASSERT_EQ(reply.outcome(), "answered");
  std::vector<std::string> values;
  for (const AnswerCell& cell : reply.answer->text.cells) values.push_back(cell.value);
  // Two crayfish and one north reef are too few, and alone they would show in the total.
  EXPECT_THAT(values, ElementsAre("Kelp"));
  EXPECT_TRUE(reply.answer->text.cells_left_out);
}

TEST_F(AskedByAPeer, ShowsExcerptsWithTheRecordsThatTheyStandIn) {
  const Reply reply = ask(excerpts_, {{"question", kHowIsTheKelp}});
  ASSERT_EQ(reply.outcome(), "answered");
  ASSERT_FALSE(reply.answer->text.parts.empty());
  EXPECT_EQ(reply.answer->text.parts[0].record, thick_);
  EXPECT_EQ(reply.answer->text.parts[0].text, "The kelp at the reef is thick.");
  const auto cited = std::find_if(reply.answer->cited.begin(), reply.answer->cited.end(),
                                  [&](const Citation& one) { return one.record == thick_; });
  ASSERT_NE(cited, reply.answer->cited.end());
  EXPECT_EQ(cited->guardians, 2u);
  EXPECT_EQ(cited->terms.guardianship.tikanga, "Say who told you.");
}

TEST_F(AskedByAPeer, LetsAModelSpeakWhileItIsSteeredAndIsSilentOtherwise) {
  const std::vector<model::Argument> question{{"question", kHowIsTheKelp}};
  EXPECT_EQ(outcome(answer_, question), reason::kSilent) << "nothing is steered";
  const StatementId speaker = bay_.publish_model("extractive 1");
  EXPECT_EQ(outcome(answer_, question), reason::kSilent) << "published, and not steered";
  const StatementId steering = bay_.steer({speaker});
  const Reply reply = ask(answer_, question);
  ASSERT_EQ(reply.outcome(), "answered");
  EXPECT_EQ(reply.answer->statement.model, speaker);
  EXPECT_EQ(reply.answer->statement.steering, steering);
  EXPECT_EQ(reply.answer->text.parts[0].record, thick_);
  bay_.withdraw_steering(steering);
  EXPECT_EQ(outcome(answer_, question), reason::kSilent);
}

TEST_F(AskedByAPeer, LetsAModelSpeakAfterARestartThoughARecordWasSupersededThatItWasTrainedOn) {
  bay_.steer({bay_.publish_model("extractive 1")});
  const StatementId newer = bay_.add({{"title", "North reef"}, {"body", "The kelp is thin now."}},
                                     testing::kMayBeTrainedOn);
  bay_.admit(model::RecordChange{thick_, 1, model::Supersede{newer}}, bay_.guardians);
  bay_.restart();
  EXPECT_EQ(outcome(answer_, {{"question", kHowIsTheKelp}}), "answered");
}

TEST_F(AskedByAPeer, LetsAModelSpeakThatWasSignedWhileRecordsWereAdded) {
  const auto reader = bay_.read();
  const TrainingSet set = training_set(*reader, bay_.domain).value();
  model::ModelIdentity identity;
  identity.name = "extractive 1";
  identity.weights = train_on(*reader, set).value()->weights();
  identity.determinism = model::Determinism::kExact;
  identity.training_root = set.root;
  log::Admission signed_slowly =
      bay_.admission(model::Model{bay_.domain, identity}, bay_.guardians);
  bay_.add({{"title", "South reef"}, {"body", "Kina."}}, testing::kMayBeTrainedOn);
  const StatementId speaker = testing::id_of(signed_slowly);
  bay_.admit(std::move(signed_slowly));
  bay_.steer({speaker});
  EXPECT_EQ(outcome(answer_, {{"question", kHowIsTheKelp}}), "answered");
}

TEST_F(AskedByAPeer, GivesTheSameAnswerToTheSameEnvelopeAndLogsItOnce) {
  bay_.settle();
  const auto asking = clinic_.ask(bay_, query(count_));
  const Reply first = ask_once(clinic_, bay_, asking);
  const TreeSize size = bay_.size();
  const Reply again = ask_once(clinic_, bay_, asking);
  ASSERT_EQ(first.outcome(), "answered");
  ASSERT_EQ(again.outcome(), "answered");
  EXPECT_EQ(again.answer->inference, first.answer->inference);
  EXPECT_EQ(again.answer->content, first.answer->content);
  EXPECT_EQ(bay_.size(), size);
  EXPECT_EQ(bay_.peering().holder().figures().repeated, 1u);
}

TEST_F(AskedByAPeer, CountsTheRecordsBehindAnAnswerToWhatIsKeptOfIt) {
  const auto kept = [&] { return bay_.peering().holder().figures().kept_bytes; };
  EXPECT_EQ(kept(), 0u);
  ASSERT_EQ(outcome(count_), "answered");
  EXPECT_GE(kept(), 22 * sizeof(StatementId)) << "of 22 records";
  bay_.revoke(grant_);
  ASSERT_TRUE(bay_.peering().holder().forget_taken_back());
  EXPECT_EQ(kept(), 0u) << "what was taken back is forgotten";
}

// --- refusals -----------------------------------------------------------------------------------

TEST_F(AskedByAPeer, RefusesWhatTheGrantDoesNotCoverByTheFirstThatFails) {
  const StatementId other = bay_.publish(testing::count_shape());
  model::Query unknown = query(other);
  unknown.grant = other;
  EXPECT_EQ(testing::ask(clinic_, bay_, unknown).outcome(), reason::kNotGranted);
  EXPECT_EQ(outcome(other), reason::kShape);
  model::Query selling = query(count_);
  selling.purpose = "selling";
  EXPECT_EQ(testing::ask(clinic_, bay_, selling).outcome(), reason::kPurpose);
  ASSERT_THAT(bay_.refusals(), SizeIs(3));
  EXPECT_EQ(bay_.refusals().back().body.purpose, "none") << "what the asker made up is not kept";
  EXPECT_EQ(outcome(count_, {{"colour", "green"}}), reason::kArguments);
  EXPECT_EQ(outcome(histogram_), reason::kArguments) << "by what?";
  EXPECT_EQ(outcome(count_, {{"words", "crayfish"}}), reason::kInsufficient);
  EXPECT_EQ(outcome(excerpts_, {{"question", "walrus"}}), reason::kNothing);
  EXPECT_THAT(bay_.answers(), IsEmpty());
  EXPECT_THAT(bay_.refusals(), SizeIs(7)) << "each in the log";
  EXPECT_EQ(outcome(count_), "answered");
}

TEST_F(AskedByAPeer, RefusesARetiredShapeAsThatWhateverElseDoesNotFit) {
  bay_.admit(model::Shape{bay_.domain, model::Retire{count_}}, bay_.guardians);
  model::Query selling = query(count_, {{"colour", "green"}});
  selling.purpose = "selling";
  EXPECT_EQ(testing::ask(clinic_, bay_, selling).outcome(), reason::kShape);
}

TEST_F(AskedByAPeer, RefusesAGrantThatWasGivenToSomebodyElseAsIfItWereNone) {
  MetVillage inlet("inlet");
  meet(bay_, inlet);
  const StatementId theirs = bay_.grant(bay_.grant_for(inlet, {count_}));
  model::Query query = bay_.query_by(clinic_, theirs, count_);
  EXPECT_EQ(testing::ask(clinic_, bay_, query).outcome(), reason::kNotGranted);
  ASSERT_THAT(bay_.refusals(), SizeIs(1));
  EXPECT_FALSE(bay_.refusals()[0].body.grant) << "nobody learns of it";
  EXPECT_EQ(testing::ask(inlet, bay_, bay_.query_by(inlet, theirs, count_)).outcome(), "answered");
}

TEST_F(AskedByAPeer, RefusesUnderARevokedGrantAndShowsTheRevocation) {
  EXPECT_EQ(outcome(count_), "answered");
  bay_.revoke(grant_);
  const Reply reply = ask(count_);
  ASSERT_EQ(reply.outcome(), reason::kRevoked);
  ASSERT_TRUE(reply.refusal->behind);
  EXPECT_EQ(std::get<model::Revocation>(reply.refusal->behind->body).grant, grant_);
  EXPECT_EQ(reply.refusal->inference, bay_.refusals().back().id);
}

TEST_F(AskedByAPeer, RefusesBeforeAndAfterTheGrantsTime) {
  model::Grant later = bay_.grant_for(clinic_, {count_});
  later.not_before = bay_.clock.now() + kDay;
  later.not_after = bay_.clock.now() + 2 * kDay;
  grant_ = bay_.grant(later);
  EXPECT_EQ(outcome(count_), reason::kNotNow);
  for (MetVillage* village : {&bay_, &clinic_}) village->clock.advance(kDay);
  EXPECT_EQ(outcome(count_), "answered");
  for (MetVillage* village : {&bay_, &clinic_}) village->clock.advance(kDay);
  EXPECT_EQ(outcome(count_), reason::kNotNow);
}

TEST_F(AskedByAPeer, RefusesWhenTheCallsAreUsedUpByAnswersAndInsufficientAlike) {
  model::Grant few = bay_.grant_for(clinic_, {count_});
  few.limits.calls = 2;
  grant_ = bay_.grant(few);
  EXPECT_EQ(outcome(count_), "answered");
  EXPECT_EQ(outcome(count_, {{"words", "crayfish"}}), reason::kInsufficient);
  EXPECT_EQ(outcome(count_), reason::kBudget);
}

TEST_F(AskedByAPeer, RefusesWhileTheAgreementIsSuspended) {
  const StatementId agreement = bay_.agreement_with(clinic_.village);
  bay_.admit(model::Agreement{agreement, 0, model::Suspension{}}, bay_.council);
  EXPECT_EQ(outcome(count_), reason::kAgreement);
  EXPECT_EQ(reason_in_log(), reason::kAgreement);
}

TEST_F(AskedByAPeer, RefusesWhereTheOnlyModelThatIsSteeredIsNotAtHand) {
  model::ModelIdentity elsewhere;
  elsewhere.name = "a model on another machine";
  elsewhere.weights = BytesDigest::from(bay_.village);
  bay_.steer({bay_.admit(model::Model{bay_.domain, elsewhere}, bay_.guardians)});
  EXPECT_EQ(outcome(answer_, {{"question", kHowIsTheKelp}}), reason::kUnavailable);
}

TEST_F(AskedByAPeer, RefusesWhatPeopleHandOverByHand) {
  const auto asking = clinic_.ask(bay_, query(count_));
  model::Envelope envelope = bay_.opened(asking.sealed).envelope;
  model::Offering offering;
  offering.agreement = bay_.agreement_with(clinic_.village);
  offering.terms.terms = {std::min(bay_.village, clinic_.village),
                          std::max(bay_.village, clinic_.village),
                          2,
                          model::AgreementKind::kPeer,
                          "the health of the bay",
                          ""};
  federation::sign_terms(offering.terms, clinic_.council_key);
  envelope.body = offering;
  const auto reply = bay_.peering().holder().take(clinic_.sealed(envelope, bay_));
  ASSERT_TRUE(reply);
  EXPECT_EQ(clinic_.believe(asking, **reply).outcome(), reason::kByHand);
  EXPECT_THAT(bay_.refusals(), IsEmpty());
}

TEST_F(AskedByAPeer, LogsTenRefusalsOfAReasonOneByOneAndTheOthersOnceAnHour) {
  bay_.revoke(grant_);
  for (int i = 0; i < 13; ++i) EXPECT_EQ(outcome(count_), reason::kRevoked);
  EXPECT_THAT(bay_.refusals(), SizeIs(10));
  ASSERT_TRUE(bay_.peering().holder().tell_refusals());
  EXPECT_THAT(bay_.refusals(), SizeIs(10)) << "the hour is not over";
  bay_.clock.advance(kHour);
  ASSERT_TRUE(bay_.peering().holder().tell_refusals());
  ASSERT_THAT(bay_.refusals(), SizeIs(11));
  EXPECT_EQ(std::get<model::RefusedAnswer>(bay_.refusals().back().body.outcome).count, 3u);
}

TEST_F(AskedByAPeer, WritesNoPurposeDownWhereAnEntryStandsForSeveralRefusals) {
  bay_.revoke(grant_);
  for (int i = 0; i < 14; ++i) EXPECT_EQ(outcome(count_), reason::kRevoked);
  EXPECT_NE(bay_.refusals().back().body.purpose, "none");
  for (MetVillage* village : {&bay_, &clinic_}) village->clock.advance(kHour + 1);
  EXPECT_EQ(outcome(count_), reason::kRevoked);
  const model::Inference last = bay_.refusals().back().body;
  EXPECT_GT(std::get<model::RefusedAnswer>(last.outcome).count, 1u);
  EXPECT_EQ(last.purpose, "none");
  EXPECT_FALSE(last.shape);
  EXPECT_FALSE(last.parameters);
}

TEST_F(AskedByAPeer, ForgetsAnAnswerOnceItsEnvelopeIsOver) {
  ASSERT_EQ(outcome(excerpts_, {{"question", "kelp reef"}}), "answered");
  EXPECT_GT(bay_.peering().holder().figures().kept_bytes, 0u);
  ASSERT_TRUE(bay_.peering().holder().forget_taken_back());
  EXPECT_GT(bay_.peering().holder().figures().kept_bytes, 0u);
  bay_.clock.advance(2 * kHour);
  ASSERT_TRUE(bay_.peering().holder().forget_taken_back());
  EXPECT_EQ(bay_.peering().holder().figures().kept_bytes, 0u);
}

// --- notices ------------------------------------------------------------------------------------

// The authorities of domains are of the council's class, and a domain's id may come before it.
TEST_F(AskedByAPeer, IsFollowedAfterItsCouncilHasNewKeys) {
  const crypto::SigningKey spare = testing::key_named("bay council spare");
  const crypto::SigningKey next = testing::key_named("bay council next");
  const crypto::SigningKey later = testing::key_named("bay council later");
  model::Rotation rotation{
      testing::authority_of(1, {&next}), testing::next_of(1, {&later}), {spare.public_key()}};
  bay_.admit(bay_.admission(model::KeyEvent{1, model::CouncilRotation{std::move(rotation)}},
                            {&spare, &next}));
  EXPECT_EQ(outcome(excerpts_, {{"question", "kelp reef"}}), "answered");
  EXPECT_EQ(outcome(excerpts_, {{"question", "kelp reef"}}), "answered");
}

TEST_F(AskedByAPeer, TellsThePeerOfAGrantAndOfItsRevocation) {
  const auto known = [&] {
    return clinic_.find(StateClass::kForeignGrant, rules::foreign_grant_id({bay_.village, grant_}));
  };
  EXPECT_FALSE(known());
  EXPECT_EQ(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, grant_)), "");
  ASSERT_TRUE(known());
  EXPECT_EQ(known()->value.status, model::Status::kActive);
  const TreeSize size = clinic_.size();
  EXPECT_EQ(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, grant_)), "");
  EXPECT_EQ(clinic_.size(), size) << "what is known changes nothing";
  const LeafIndex revocation = bay_.revoke(grant_);
  EXPECT_EQ(tell(clinic_, bay_, bay_.notice_of_revocation(clinic_, revocation)), "");
  EXPECT_EQ(known()->value.status, model::Status::kRevoked);
  const auto receipts = clinic_.all<model::Receipt>();
  ASSERT_THAT(receipts, SizeIs(2));
  EXPECT_EQ(receipts[1].body.acknowledges, model::ReceiptOf::kRevocation);
  EXPECT_EQ(receipts[1].body.of, grant_);
}

// Each takes two entries of the one who is told, for ever.
TEST_F(AskedByAPeer, IsTakenAtItsWordForSixtyFourGrantsAnHour) {
  const auto told = [&] {
    const StatementId grant = bay_.grant(bay_.grant_for(clinic_, {count_}));
    return tell(clinic_, bay_, bay_.notice_of_grant(clinic_, grant));
  };
  for (int i = 0; i < 64; ++i) ASSERT_EQ(told(), "") << i;
  EXPECT_THAT(told(), ::testing::HasSubstr("NOTICE-1"));
  for (MetVillage* village : {&bay_, &clinic_}) village->clock.advance(kHour);
  EXPECT_EQ(told(), "");
}

TEST_F(AskedByAPeer, IsToldThatARevocationOfAnUnknownGrantProvesNothing) {
  const LeafIndex revocation = bay_.revoke(grant_);
  const std::string why = tell(clinic_, bay_, bay_.notice_of_revocation(clinic_, revocation));
  EXPECT_THAT(why, HasSubstr("RECEIPT-7"));
  EXPECT_THAT(clinic_.all<model::Receipt>(), IsEmpty());
}

}  // namespace
}  // namespace holdfast::federation
