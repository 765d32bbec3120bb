// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/use.h"
#include "tests/attacks/asked_bay.h"

// The clinic holds a copy of the bay's record. The inlet, to whom the bay has granted nothing, asks
// the clinic for it.
namespace holdfast::attacks {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class Laundering : public ::testing::Test {
 protected:
  Laundering() {
    for (MetVillage* village : {&clinic_, &inlet_}) village->serve();
    meet(bay_, clinic_);
    meet(clinic_, inlet_);
    meet(bay_, inlet_);
    original_ = bay_.add({{"title", "Reef"}, {"body", kSays}});
    bay_shape_ = bay_.publish(testing::excerpts_shape());
    to_clinic_ = bay_.grant(shared_with(clinic_));
    EXPECT_EQ(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, to_clinic_)), "");
    copy_ = clinic_.add_copy({{"title", "Reef"}, {"body", kSays}},
                             {bay_.village, original_, to_clinic_});
    own_ = clinic_.add({{"title", "Seaweed"}, {"body", "Our own word on kelp."}});
    shape_ = clinic_.publish(testing::excerpts_shape());
    to_inlet_ = clinic_.grant(clinic_.grant_for(inlet_, {shape_}));
  }
  model::Grant shared_with(const MetVillage& peer) {
    model::Grant out = bay_.grant_for(peer, {bay_shape_});
    out.operations.share = true;
    out.onward = model::Onward::kWithOriginsGrant;
    return out;
  }
  // The inlet asks the clinic, resting on these grants of the bay's.
  Reply ask(const std::string& question, std::vector<model::ForeignId> onward = {}) {
    model::Query query = clinic_.query_by(inlet_, to_inlet_, shape_, {{"question", question}});
    query.onward = std::move(onward);
    return testing::ask(inlet_, clinic_, query);
  }
  static std::vector<StatementId> records_in(const Reply& reply) {
    std::vector<StatementId> out;
    if (reply.answer)
      for (const auto& part : reply.answer->text.parts) out.push_back(part.record);
    return out;
  }
  // As the clinic's agent would have it sequenced, whatever its program thinks of it.
  std::string rule_of_using_the_copy(std::vector<model::ForeignId> onward = {}) {
    model::Inference inference;
    clinic_.random.fill(inference.query_id);
    inference.agreement = clinic_.agreement_with(inlet_.village);
    inference.grant = to_inlet_;
    inference.shape = shape_;
    inference.purpose = "teaching";
    inference.onward = std::move(onward);
    model::Answered answered;
    answered.used = model::UsedRecords{{copy_}};
    answered.cited = {copy_};
    answered.items = 1;
    inference.outcome = answered;
    const auto act = clinic_.peering().correspondence().agent().act(inference);
    return act ? "" : act.error().rule;
  }

  MetVillage bay_{"bay"};
  MetVillage clinic_{"clinic"};
  MetVillage inlet_{"inlet"};
  StatementId original_;
  StatementId bay_shape_;
  StatementId to_clinic_;
  StatementId copy_;
  StatementId own_;
  StatementId shape_;
  StatementId to_inlet_;
};

TEST_F(Laundering, OfARecordThroughWhoeverHoldsACopyIsNotAnswered) {
  EXPECT_EQ(ask("how thick is the reef").outcome(), federation::reason::kNothing);
  const Reply reply = ask("kelp");
  ASSERT_EQ(reply.outcome(), "answered");
  EXPECT_THAT(records_in(reply), ::testing::ElementsAre(own_)) << "of its own it may speak";
  EXPECT_EQ(rule_of_using_the_copy(), "USE-6") << "nor does its log take it";
}

TEST_F(Laundering, IsAnsweredOnceTheOriginHasGrantedItToWhoeverAsksAndThatWasShown) {
  const StatementId of_bay = bay_.grant(shared_with(inlet_));
  const std::vector<model::ForeignId> onward{{bay_.village, of_bay}};
  EXPECT_NE(ask("how thick is the reef", onward).outcome(), "answered")
      << "the clinic has only the inlet's word for it";
  EXPECT_EQ(rule_of_using_the_copy(onward), "USE-6");
  ASSERT_EQ(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, of_bay)), "");
  const Reply reply = ask("how thick is the reef", onward);
  ASSERT_EQ(reply.outcome(), "answered");
  EXPECT_THAT(records_in(reply), ::testing::Contains(copy_));
  EXPECT_EQ(ask("how thick is the reef").outcome(), federation::reason::kNothing)
      << "who does not name it rests on nothing";
}

TEST_F(Laundering, UnderAGrantToSomebodyElseIsRefused) {
  // The bay's grant to the clinic itself, and another village's altogether.
  for (const model::ForeignId& other :
       {model::ForeignId{bay_.village, to_clinic_}, model::ForeignId{inlet_.village, to_clinic_}}) {
    EXPECT_NE(ask("how thick is the reef", {other}).outcome(), "answered");
    EXPECT_EQ(rule_of_using_the_copy({other}), "USE-6");
  }
  EXPECT_THAT(clinic_.answers(), IsEmpty());
  EXPECT_EQ(ask("kelp").outcome(), "answered");
}

TEST_F(Laundering, EndsWithEitherGrantOfTheOrigins) {
  const auto revoke = [&](const StatementId& grant) {
    return tell(clinic_, bay_, bay_.notice_of_revocation(clinic_, bay_.revoke(grant)));
  };
  StatementId of_bay = bay_.grant(shared_with(inlet_));
  ASSERT_EQ(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, of_bay)), "");
  ASSERT_EQ(rule_of_using_the_copy({{bay_.village, of_bay}}), "");
  EXPECT_EQ(revoke(of_bay), "");
  EXPECT_EQ(rule_of_using_the_copy({{bay_.village, of_bay}}), "USE-6");
  EXPECT_NE(ask("how thick is the reef", {{bay_.village, of_bay}}).outcome(), "answered");
  of_bay = bay_.grant(shared_with(inlet_));
  ASSERT_EQ(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, of_bay)), "");
  ASSERT_EQ(ask("how thick is the reef", {{bay_.village, of_bay}}).outcome(), "answered");
  EXPECT_EQ(revoke(to_clinic_), "") << "what the copy came under";
  EXPECT_EQ(rule_of_using_the_copy({{bay_.village, of_bay}}), "USE-6");
  EXPECT_NE(ask("how thick is the reef", {{bay_.village, of_bay}}).outcome(), "answered");
}

TEST_F(Laundering, OfACopyThatWasNotToGoOnIsRefusedWhateverIsShown) {
  model::Grant for_itself = shared_with(clinic_);
  for_itself.onward = model::Onward::kNone;
  const StatementId grant = bay_.grant(for_itself);
  ASSERT_EQ(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, grant)), "");
  copy_ = clinic_.add_copy({{"title", "Reef"}, {"body", "To the clinic alone: otters."}},
                           {bay_.village, original_, grant});
  const StatementId of_bay = bay_.grant(shared_with(inlet_));
  ASSERT_EQ(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, of_bay)), "");
  EXPECT_EQ(rule_of_using_the_copy({{bay_.village, of_bay}}), "USE-6");
  EXPECT_NE(ask("otters", {{bay_.village, of_bay}}).outcome(), "answered");
}

// The envelope is answered again as long as it lives, and the copy's origin may take its consent
// back meanwhile: from the asker, or from whoever holds the copy.
TEST_F(Laundering, OfACopyInAnAnswerThatIsAskedForAgainEndsWithTheOriginsConsent) {
  for (const bool is_the_inlets : {true, false}) {
    const StatementId to_clinic = bay_.grant(shared_with(clinic_));
    ASSERT_EQ(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, to_clinic)), "");
    const StatementId copy = clinic_.add_copy({{"title", "Reef"}, {"body", kSays}},
                                              {bay_.village, original_, to_clinic});
    const StatementId of_bay = bay_.grant(shared_with(inlet_));
    for (MetVillage* village : {&clinic_, &inlet_})
      ASSERT_EQ(tell(*village, bay_, bay_.notice_of_grant(*village, of_bay)), "");
    model::Query query = clinic_.query_by(inlet_, to_inlet_, shape_, {{"question", kQuestion}});
    query.onward = {{bay_.village, of_bay}};
    clinic_.settle();
    ask("kelp");  // what was seen of each other's log is brought together
    const Asking asking = inlet_.ask(clinic_, query);
    const Reply first = ask_once(inlet_, clinic_, asking);
    ASSERT_EQ(first.outcome(), "answered");
    EXPECT_THAT(records_in(first), ::testing::Contains(copy));
    EXPECT_EQ(ask_once(inlet_, clinic_, asking).outcome(), "answered");
    const StatementId taken_back = is_the_inlets ? of_bay : to_clinic;
    ASSERT_EQ(tell(clinic_, bay_, bay_.notice_of_revocation(clinic_, bay_.revoke(taken_back))), "");
    EXPECT_EQ(ask_once(inlet_, clinic_, asking).outcome(), federation::reason::kWithdrawn);
    ASSERT_TRUE(clinic_.peering().holder().forget_taken_back());
    EXPECT_EQ(ask_once(inlet_, clinic_, asking).outcome(), federation::reason::kRepeated);
    bay_.revoke(is_the_inlets ? to_clinic : of_bay);
  }
}

// Whoever names a grant that is none learns no more than whoever names nothing.
TEST_F(Laundering, TellsNothingOfACopyToWhoeverNamesAGrantThatIsNone) {
  const std::vector<std::vector<model::ForeignId>> named{
      {}, {{bay_.village, StatementId{}}}, {{bay_.village, to_clinic_}}};
  for (const auto& onward : named) {
    EXPECT_EQ(ask("thick", onward).outcome(), federation::reason::kNothing);
    EXPECT_EQ(ask("walrus", onward).outcome(), federation::reason::kNothing);
    const Reply own = ask("kelp", onward);
    ASSERT_EQ(own.outcome(), "answered");
    EXPECT_THAT(records_in(own), ::testing::ElementsAre(own_));
  }
}

// Its log may have let that pass: the asker looks for himself.
TEST_F(Laundering, IsNotBelievedByAnAskerWhoKnowsOfNoGrantOfTheOrigins) {
  const StatementId of_bay = bay_.grant(shared_with(inlet_));
  ASSERT_EQ(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, of_bay)), "");
  ASSERT_EQ(tell(inlet_, clinic_, clinic_.notice_of_grant(inlet_, to_inlet_)), "");
  clinic_.settle();
  const federation::AskedOf question{clinic_.village,
                                     to_inlet_,
                                     shape_,
                                     "teaching",
                                     {{"question", "how thick is the reef"}},
                                     0,
                                     0,
                                     {{bay_.village, of_bay}}};
  const auto told = inlet_.peering().asker().ask(question);
  ASSERT_TRUE(told.failure);
  EXPECT_EQ(told.failure->rule, "ANSWER-8");
  EXPECT_FALSE(told.answer);
  EXPECT_THAT(inlet_.all<model::Receipt>().back().body.rejected, ::testing::HasSubstr("ANSWER-8"));
  ASSERT_EQ(tell(inlet_, bay_, bay_.notice_of_grant(inlet_, of_bay)), "");
  EXPECT_TRUE(inlet_.peering().asker().ask(question).answer);
}

}  // namespace
}  // namespace holdfast::attacks
