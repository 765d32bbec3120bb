// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/rules/two_villages.h"

namespace holdfast::testing {
namespace {

using model::Status;

struct Answering : TwoVillages {
  std::string rule(model::Inference inference,
                   std::optional<model::Opening> opening = std::nullopt) {
    return rule_of(bay.by_agent(std::move(inference), std::move(opening)));
  }
  template <typename Edit>
  std::string edited(Edit edit) {
    model::Inference inference = answer();
    edit(inference, std::get<model::Answered>(inference.outcome));
    return rule(std::move(inference));
  }
  // A grant of the bay's with other terms, in force.
  template <typename Edit>
  void grant_anew(Edit edit) {
    model::Grant other = grant(bay, bay_agreement);
    edit(other);
    bay_grant = bay.admit(other, bay.guardians);
  }
};

TEST(Inference, IsAnsweredWithinALiveGrant) {
  Answering v;
  const StatementId id = v.bay.admit_by_agent(v.answer());
  const auto detail = v.bay.ledger.get<model::InferenceDetail>(id).second;
  EXPECT_EQ(detail.commitment, std::get<model::Answered>(v.answer().outcome).commitment);
  EXPECT_EQ(v.bay.ledger.get<model::GrantDetail>(v.bay_grant).second.calls, 1u);
  EXPECT_EQ(v.bay.ledger.get<model::SteeringDetail>(v.bay.steering_id).second.calls, 1u);
}

TEST(Inference, IsAnAgentsToSignOnce) {
  Answering v;
  EXPECT_EQ(rule_of(v.bay.append(v.answer(), v.bay.guardians)), "AGENT-1");
  EXPECT_EQ(rule_of(v.bay.append(v.answer(), {&v.bay.proposer})), "AGENT-1");
  EXPECT_EQ(rule_of(v.bay.append(v.answer(), {&v.bay.agent, &v.bay.guardian1})), "AGENT-1");
  v.bay.admit_by_agent(v.answer());
  model::Inference again = v.answer();
  again.sequence -= 1;
  EXPECT_EQ(v.rule(again), "AGENT-2");
  const auto agent = v.bay.ledger.get<model::AgentDetail>(v.bay.agent.id());
  v.bay.admit(model::KeyEvent{agent.first.version, model::AgentChange{v.bay.agent.public_key(),
                                                                      model::Capability::kNever}},
              v.bay.council);
  EXPECT_EQ(v.rule(v.answer()), "AGENT-1");
}

TEST(Inference, ByAnAskerWhoIsNotTheGranteeIsRefused) {
  Answering v;
  EXPECT_EQ(v.edited([&](auto& i, auto&) { i.agreement = v.clinic_agreement; }), "USE-2");
  const StatementId audit = v.bay.admit(v.bay.audit_grant(), v.bay.guardians);
  EXPECT_EQ(v.edited([&](auto& i, auto&) { i.grant = audit; }), "USE-2");
}

TEST(Inference, OfARecordOutsideTheGrantIsRefused) {
  Answering v;
  const StatementId other = v.bay.admit(v.bay.record("unlabelled"), v.bay.guardians);
  v.grant_anew([&](auto& g) { g.records = model::RecordIds{{other}}; });
  EXPECT_EQ(v.edited([](auto&, auto&) {}), "USE-4");
  v.grant_anew([&](auto& g) { g.records = model::RecordLabels{{"TK A"}}; });
  EXPECT_EQ(v.edited([](auto&, auto&) {}), "USE-4");
  v.grant_anew([&](auto& g) { g.records = model::RecordLabels{{"BC P", "TK A"}}; });
  EXPECT_EQ(v.edited([](auto&, auto&) {}), "admitted");
}

TEST(Inference, OfARecordThatIsNotLiveOrNotOfTheDomainIsRefused) {
  Answering v;
  const crypto::SigningKey nurse = key_named("nurse");
  const StatementId ward =
      v.bay.admit(v.bay.domain_named("ward", {&nurse}), {&v.bay.council1, &v.bay.council2, &nurse});
  model::Record elsewhere = v.bay.record("elsewhere");
  elsewhere.domain = ward;
  elsewhere.guardianship.guardians = {nurse.id()};
  const StatementId other = v.bay.admit(elsewhere, {&nurse});
  const auto of = [&](const StatementId& id) {
    return v.edited([&](auto&, auto& a) {
      a.used = model::UsedRecords{{id}};
      a.cited = {};
    });
  };
  EXPECT_EQ(of(other), "USE-4");
  EXPECT_EQ(of(v.bay.domain), "USE-4");
  v.bay.admit(v.bay.change(v.bay.record_id, model::Withdraw{}), {&v.bay.guardian1});
  // The model was trained on it as well.
  EXPECT_EQ(of(v.bay.record_id), "INFER-5");
}

TEST(Inference, ThatThePolicyForbidsIsRefused) {
  Answering v;
  EXPECT_EQ(v.edited([&](auto&, auto& a) {
    a.used = model::UsedRecords{{v.bay.hidden_id}};
    a.cited = {};
  }),
            "USE-5");
}

TEST(Inference, ByAModelThatTheSteeringDoesNotAllowIsRefused) {
  Answering v;
  const StatementId other =
      v.bay.admit(model::Model{v.bay.domain, v.bay.model_identity()}, v.bay.guardians);
  EXPECT_EQ(v.edited([&](auto& i, auto&) { i.model = other; }), "INFER-4");
  EXPECT_EQ(v.edited([&](auto& i, auto&) { i.model = std::nullopt; }), "INFER-3");
  EXPECT_EQ(v.edited([&](auto& i, auto&) { i.steering = std::nullopt; }), "INFER-3");
  EXPECT_EQ(v.edited([&](auto& i, auto&) { i.steering = i.model = std::nullopt; }), "INFER-3");
}

TEST(Inference, AfterSteeringIsWithdrawnIsRefused) {
  Answering v;
  v.bay.admit(model::Steering{v.bay.domain, model::WithdrawSteering{v.bay.steering_id}},
              {&v.bay.guardian3});
  EXPECT_EQ(v.rule(v.answer()), "INFER-4");
  EXPECT_EQ(v.rule(v.refusal("silent")), "admitted");
}

TEST(Inference, ByAModelTrainedOnAWithdrawnRecordIsRefused) {
  Answering v;
  v.bay.admit(v.bay.change(v.bay.hidden_id, model::Withdraw{}), {&v.bay.guardian1});
  EXPECT_EQ(v.rule(v.answer()), "INFER-5");
}

TEST(Inference, ThatExceedsTheBudgetByOneIsRefused) {
  Answering v;  // three calls, two a day
  v.bay.admit_by_agent(v.answer());
  v.bay.admit_by_agent(v.answer());
  EXPECT_EQ(v.rule(v.answer()), "INFER-6");
  v.bay.now += kDay;
  v.bay.admit_by_agent(v.answer());
  EXPECT_EQ(v.rule(v.answer()), "INFER-6");
}

TEST(Inference, CountsItsDayFromMidnightUtc) {
  Answering v;
  v.bay.now += kDay / 2 - 1;  // one second before midnight
  v.bay.admit_by_agent(v.answer());
  v.bay.admit_by_agent(v.answer());
  EXPECT_EQ(v.rule(v.answer()), "INFER-6");
  v.bay.now += 1;
  EXPECT_EQ(v.rule(v.answer()), "admitted");
}

TEST(Inference, ThatIsRefusedSpendsTheBudgetToo) {
  Answering v;
  model::Inference refusal = v.refusal("insufficient");
  std::get<model::RefusedAnswer>(refusal.outcome).count = 2;
  v.bay.admit_by_agent(refusal);
  EXPECT_EQ(v.rule(v.answer()), "INFER-6");
  EXPECT_EQ(v.rule(v.refusal("budget")), "admitted");
}

TEST(Inference, RefusedMoreOftenThanCanBeCountedBringsNoCallBack) {
  Answering v;
  v.bay.admit_by_agent(v.answer());
  model::Inference refusal = v.refusal("insufficient");
  std::get<model::RefusedAnswer>(refusal.outcome).count = ~std::uint64_t{0};
  v.bay.admit_by_agent(refusal);
  EXPECT_EQ(v.bay.ledger.get<model::GrantDetail>(v.bay_grant).second.calls, ~std::uint64_t{0});
  EXPECT_EQ(v.rule(v.answer()), "INFER-6");
}

TEST(Inference, RefusedUnderSomebodyElsesGrantSpendsNothingOfIt) {
  Answering v;
  model::Inference refusal = v.refusal("unknown");
  refusal.grant = v.bay.admit(v.bay.audit_grant(), v.bay.guardians);
  v.bay.admit_by_agent(refusal);
  EXPECT_EQ(v.bay.ledger.get<model::GrantDetail>(*refusal.grant).second.calls, 0u);
  refusal.agreement = v.bay.domain;
  refusal.sequence += 1;
  EXPECT_EQ(v.rule(refusal), "INFER-11");
}

TEST(Inference, UnderAGrantThatExpiredOneSecondAgoIsRefused) {
  Answering v;
  v.bay.now += 30 * kDay;
  EXPECT_EQ(v.rule(v.answer()), "USE-1");
  v.grant_anew([&](auto& g) { g.not_before += 1; });
  EXPECT_EQ(v.rule(v.answer()), "USE-1");
}

TEST(Inference, UnderARevokedGrantIsRefused) {
  Answering v;
  v.bay.admit(model::Revocation{v.bay.domain, v.bay_grant}, {&v.bay.guardian2});
  EXPECT_EQ(v.rule(v.answer()), "USE-1");
}

TEST(Inference, UnderASuspendedAgreementIsRefused) {
  Answering v;
  v.bay.admit(model::Agreement{v.bay_agreement, 0, model::Suspension{}}, {&v.bay.council1});
  EXPECT_EQ(v.rule(v.answer()), "USE-1");
}

TEST(Inference, OfAVillageThatHasEndedIsRefused) {
  Answering v;
  v.bay.admit(model::Exit{}, v.bay.council);
  EXPECT_EQ(v.rule(v.answer()), "VILLAGE-1");
}

TEST(Inference, ToAVillageThatIsSeenToHaveEndedIsRefused) {
  Answering v;
  v.clinic.admit(model::Exit{}, v.clinic.council);
  v.clinic.seal();
  v.bay.admit(model::Observation{model::PeerCheckpoint{v.bay_agreement, peer_state(v.clinic), {}}},
              {&v.bay.operator_key});
  EXPECT_EQ(v.rule(v.answer()), "USE-1");
}

TEST(Inference, NamesAShapeAndAPurposeOfTheGrant) {
  Answering v;
  EXPECT_EQ(v.edited([&](auto& i, auto&) { i.shape = v.bay.domain; }), "INFER-1");
  EXPECT_EQ(v.edited([&](auto& i, auto&) { i.shape = std::nullopt; }), "INFER-1");
  EXPECT_EQ(v.edited([&](auto& i, auto&) { i.purpose = "trade"; }), "INFER-2");
  v.bay.admit(model::Shape{v.bay.domain, model::Retire{v.bay.answer_id}}, {&v.bay.guardian1});
  EXPECT_EQ(v.edited([](auto&, auto&) {}), "INFER-1");
}

TEST(Inference, IsNoLongerThanShapeGrantAndSteeringLetIt) {
  Answering v;
  EXPECT_EQ(v.edited([](auto&, auto& a) { a.items = 11; }), "INFER-7");
  EXPECT_EQ(v.edited([](auto&, auto& a) { a.characters = 1001; }), "INFER-7");
  v.grant_anew([](auto& g) { g.limits.characters = 0; });
  EXPECT_EQ(v.edited([](auto&, auto& a) { a.characters = 2001; }), "INFER-7");
  EXPECT_EQ(v.edited([](auto&, auto& a) { a.characters = 2000; }), "admitted");
}

TEST(Inference, UnderAGrantThatOnlySharesIsRefused) {
  Answering v;
  v.grant_anew([](auto& g) { g.operations.query = false; });
  EXPECT_EQ(v.rule(v.answer()), "USE-3");
}

TEST(Inference, HidesTheRecordsOfACountAndShowsThoseOfAnAnswer) {
  Answering v;
  const auto opening = v.opening({v.bay.record_id});
  auto count = v.count(opening);
  std::get<model::Answered>(count.outcome).used = model::UsedRecords{{v.bay.record_id}};
  EXPECT_EQ(v.rule(count), "INFER-8");
  EXPECT_EQ(v.edited([&](auto&, auto& a) {
    a.used = model::HiddenUse{4, model::hidden_root(opening, 4)};
  }),
            "INFER-8");
}

TEST(Inference, ThatCountsIsJudgedByItsOpening) {
  Answering v;
  const auto opening = v.opening({v.bay.record_id});
  EXPECT_EQ(v.rule(v.count(opening)), "INFER-10");  // not shown: cannot tell
  EXPECT_EQ(v.rule(v.count(opening), v.opening({})), "INFER-10");
  const auto hidden = v.opening({v.bay.record_id, v.bay.hidden_id});
  EXPECT_EQ(v.rule(v.count(hidden), hidden), "USE-5");
  EXPECT_EQ(v.rule(v.count(opening), opening), "admitted");
  EXPECT_EQ(v.rule(v.count(v.opening({})), v.opening({})), "admitted");
}

TEST(Inference, ThatCountsCannotBeToldWithoutItsOpening) {
  Answering v;
  const auto refused = v.bay.by_agent(v.count(v.opening({v.bay.record_id})));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
}

TEST(Inference, CitesOnlyWhatItUsed) {
  Answering v;
  EXPECT_EQ(v.edited([&](auto&, auto& a) { a.cited = {v.bay.hidden_id}; }), "INFER-9");
  const auto opening = v.opening({v.bay.record_id});
  auto count = v.count(opening);
  std::get<model::Answered>(count.outcome).cited = {v.bay.record_id};
  EXPECT_EQ(v.rule(count, opening), "INFER-9");
}

}  // namespace
}  // namespace holdfast::testing
