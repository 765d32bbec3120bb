// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/histories/offence_families.h"

// What may be asked, who may speak, and what is answered.
namespace holdfast::testing {
namespace {

using model::Operation;

template <typename Edit>
std::function<Offence(Scene&)> shape_with(Operation operation, Edit edit) {
  return [operation, edit](Scene& scene) {
    AskingVillage& v = scene.bay();
    model::Shape shape{v.domain, v.shape(operation)};
    edit(std::get<model::ShapeTemplate>(shape.step), shape, v);
    return by(v, shape, v.guardians);
  };
}

template <typename Body>
std::function<Offence(Scene&)> by_guardian(std::function<Body(AskingVillage&)> make) {
  return [make](Scene& scene) {
    Body body = make(scene.bay());
    return by(scene.bay(), std::move(body), {&scene.bay().guardian1});
  };
}

template <typename Body>
std::function<Offence(Scene&)> by_guardians(std::function<Body(AskingVillage&)> make) {
  return [make](Scene& scene) {
    Body body = make(scene.bay());
    return by(scene.bay(), std::move(body), scene.bay().guardians);
  };
}

model::Steering steering_of(const StatementId& domain, const StatementId& model) {
  return {domain, model::SteeringTerms{{model}, {}, {}}};
}

void withdraw_trained(AskingVillage& v) {
  v.admit(v.change(v.hidden_id, model::Withdraw{}), {&v.guardian1});
}

// The bay's answer to the clinic, which `prepare` may change the ground of.
template <typename Edit>
std::function<Offence(Scene&)> answer_with(Edit edit) {
  return [edit](Scene& scene) {
    TwoVillages& two = scene.two();
    model::Inference inference = two.answer();
    edit(inference, std::get<model::Answered>(inference.outcome), two);
    inference.sequence = two.bay.ledger.size().value + 1;
    return by_agent(two.bay, inference);
  };
}

// Under another grant of the bay's to the clinic.
template <typename Edit>
std::function<Offence(Scene&)> answer_under(Edit edit) {
  return answer_with([edit](auto& inference, auto&, TwoVillages& two) {
    model::Grant grant = two.grant(two.bay, two.bay_agreement);
    edit(grant, two);
    inference.grant = two.bay.admit(grant, two.bay.guardians);
  });
}

template <typename Prepare>
std::function<Offence(Scene&)> answer_after(Prepare prepare) {
  return answer_with([prepare](auto&, auto&, TwoVillages& two) { prepare(two); });
}

}  // namespace

std::vector<Case> asking_cases() {
  std::vector<Case> all{
      {"SHAPE-1", "AShapeOfNoDomain", Side::kBay,
       shape_with(Operation::kCount,
                  [](auto&, auto& shape, auto& v) { shape.domain = v.record_id; })},
      {"SHAPE-1", "AShapeOfTheVillage", Side::kBay,
       shape_with(Operation::kCount,
                  [](auto&, auto& shape, auto& v) { shape.domain = v.village; })},
      {"SHAPE-2", "ExcerptsOfNothing", Side::kBay,
       shape_with(Operation::kExcerpts, [](auto& t, auto&, auto&) { t.items_max = 0; })},
      {"SHAPE-2", "ExcerptsOfNoLength", Side::kBay,
       shape_with(Operation::kExcerpts, [](auto& t, auto&, auto&) { t.characters_max = 0; })},
      {"SHAPE-2", "AnAnswerThatNobodySteers", Side::kBay,
       shape_with(Operation::kAnswer, [](auto& t, auto&, auto&) { t.steering_needed = false; })},
      {"SHAPE-2", "ARangeOfDatesThatRunsBack", Side::kBay,
       shape_with(Operation::kCount,
                  [](auto& t, auto&, auto&) {
                    t.parameters = {{"from", model::DateParameter{2, 1}}};
                  })},
      {"SHAPE-2", "ARangeOfNumbersThatRunsBack", Side::kBay,
       shape_with(Operation::kCount,
                  [](auto& t, auto&, auto&) {
                    t.parameters = {{"from", model::IntegerParameter{1, 0}}};
                  })},
      {"SHAPE-2", "ATextOfNoLength", Side::kBay,
       shape_with(Operation::kCount,
                  [](auto& t, auto&, auto&) {
                    t.parameters = {{"from", model::TextParameter{0}}};
                  })},
      {"SHAPE-3", "CellsSmallerThanTheDomains", Side::kBay,
       shape_with(Operation::kCount, [](auto& t, auto&, auto&) { t.minimum_cell = 4; })},
      {"SHAPE-3", "RoundingFinerThanTheDomains", Side::kBay,
       shape_with(Operation::kHistogram, [](auto& t, auto&, auto&) { t.rounding = 4; })},
      {"SHAPE-4", "ARetirementOfNoShape", Side::kBay, by_guardian<model::Shape>([](auto& v) {
         return model::Shape{v.domain, model::Retire{v.domain}};
       })},
      {"SHAPE-4", "ASecondRetirementOfAShape", Side::kBay, by_guardian<model::Shape>([](auto& v) {
         const model::Shape retire{v.domain, model::Retire{v.count_id}};
         v.admit(retire, {&v.guardian3});
         return retire;
       })},
      {"MODEL-1", "AModelOfNoDomain", Side::kBay, by_guardians<model::Model>([](auto& v) {
         return model::Model{v.record_id, v.model_identity()};
       })},
      {"MODEL-2", "AModelTrainedBeforeARecordWasTakenBack", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         const Offence out = by(v, model::Model{v.domain, v.model_identity()}, v.guardians);
         withdraw_trained(v);
         return out;
       }},
      {"MODEL-3", "ARetirementOfNoModel", Side::kBay, by_guardian<model::Model>([](auto& v) {
         return model::Model{v.domain, model::Retire{v.count_id}};
       })},
      {"MODEL-3", "ASecondRetirementOfAModel", Side::kBay, by_guardian<model::Model>([](auto& v) {
         const model::Model retire{v.domain, model::Retire{v.model_id}};
         v.admit(retire, {&v.guardian3});
         return retire;
       })},
      {"STEER-1", "ASteeringOfNoDomain", Side::kBay,
       by_guardians<model::Steering>([](auto& v) { return steering_of(v.record_id, v.model_id); })},
      {"STEER-2", "ASteeringOfNoModel", Side::kBay,
       by_guardians<model::Steering>([](auto& v) { return steering_of(v.domain, v.count_id); })},
      {"STEER-2", "ASteeringOfARetiredModel", Side::kBay,
       by_guardians<model::Steering>([](auto& v) {
         v.admit(model::Model{v.domain, model::Retire{v.model_id}}, {&v.guardian3});
         return steering_of(v.domain, v.model_id);
       })},
      {"STEER-2", "ASteeringOfAModelTrainedOnWhatWasTakenBack", Side::kBay,
       by_guardians<model::Steering>([](auto& v) {
         withdraw_trained(v);
         return steering_of(v.domain, v.model_id);
       })},
      {"STEER-3", "AWithdrawalOfNoSteering", Side::kBay, by_guardian<model::Steering>([](auto& v) {
         return model::Steering{v.domain, model::WithdrawSteering{v.model_id}};
       })},
      {"STEER-3", "AWithdrawalByAnotherDomain", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         const crypto::SigningKey nurse = key_named("nurse");
         const StatementId ward =
             v.admit(v.domain_named("ward", {&nurse}), {&v.council1, &v.council2, &nurse});
         return by(v, model::Steering{ward, model::WithdrawSteering{v.steering_id}}, {&nurse});
       }},
      {"SIGN-2", "AShapeByOneGuardian", Side::kBay, by_guardian<model::Shape>([](auto& v) {
         return model::Shape{v.domain, v.shape(Operation::kCount)};
       })},
  };
  for (auto& more : {answer_cases(), use_cases()}) all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::vector<Case> answer_cases() {
  return {
      {"AGENT-1", "AnAnswerByTheGuardians", Side::kBay,
       [](Scene& scene) { return by(scene.bay(), scene.two().answer(), scene.bay().guardians); }},
      {"AGENT-1", "AnAnswerByWhoMayOnlyPropose", Side::kBay,
       [](Scene& scene) { return by(scene.bay(), scene.two().answer(), {&scene.bay().proposer}); }},
      {"AGENT-1", "AnAnswerByAnAgentAndAGuardian", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, scene.two().answer(), {&v.agent, &v.guardian1});
       }},
      {"AGENT-1", "AnAnswerByARetiredAgent", Side::kBay, answer_after([](TwoVillages& two) {
         AskingVillage& v = two.bay;
         v.admit(model::KeyEvent{1, model::AgentChange{v.agent.public_key(),
                                                       model::Capability::kNever}},
                 v.council);
       })},
      {"AGENT-2", "AnAnswerOutOfSequence", Side::kBay,
       [](Scene& scene) {
         model::Inference again = scene.two().answer();
         scene.bay().admit_by_agent(again);
         again.query_id.fill(std::byte{8});
         return by_agent(scene.bay(), again);
       }},
      {"INFER-1", "AnAnswerToNoShape", Side::kBay,
       answer_with([](auto& i, auto&, auto&) { i.shape = std::nullopt; })},
      {"INFER-1", "AnAnswerUnderNoGrant", Side::kBay,
       answer_with([](auto& i, auto&, auto&) { i.grant = std::nullopt; })},
      {"INFER-1", "AnAnswerToAShapeThatTheGrantDoesNotName", Side::kBay,
       answer_with([](auto& i, auto&, TwoVillages& two) { i.shape = two.bay.domain; })},
      {"INFER-1", "AnAnswerToARetiredShape", Side::kBay, answer_after([](TwoVillages& two) {
         two.bay.admit(model::Shape{two.bay.domain, model::Retire{two.bay.answer_id}},
                       {&two.bay.guardian1});
       })},
      {"INFER-2", "APurposeThatWasNotGranted", Side::kBay,
       answer_with([](auto& i, auto&, auto&) { i.purpose = "trade"; })},
      {"INFER-3", "AnAnswerWithoutAModel", Side::kBay,
       answer_with([](auto& i, auto&, auto&) { i.model = std::nullopt; })},
      {"INFER-3", "AnAnswerWithoutSteering", Side::kBay,
       answer_with([](auto& i, auto&, auto&) { i.steering = std::nullopt; })},
      {"INFER-4", "AModelThatTheSteeringDoesNotAllow", Side::kBay,
       answer_with([](auto& i, auto&, TwoVillages& two) {
         i.model = two.bay.admit(model::Model{two.bay.domain, two.bay.model_identity()},
                                 two.bay.guardians);
       })},
      {"INFER-4", "ASteeringThatIsWithdrawn", Side::kBay, answer_after([](TwoVillages& two) {
         two.bay.admit(
             model::Steering{two.bay.domain, model::WithdrawSteering{two.bay.steering_id}},
             {&two.bay.guardian3});
       })},
      {"INFER-5", "AModelTrainedOnWhatWasTakenBack", Side::kBay,
       answer_after([](TwoVillages& two) { withdraw_trained(two.bay); })},
      {"INFER-5", "ARetiredModelThatSpeaks", Side::kBay, answer_after([](TwoVillages& two) {
         two.bay.admit(model::Model{two.bay.domain, model::Retire{two.bay.model_id}},
                       {&two.bay.guardian3});
       })},
      {"INFER-6", "OneAnswerTooManyToday", Side::kBay, answer_after([](TwoVillages& two) {
         two.bay.admit_by_agent(two.answer());
         two.bay.admit_by_agent(two.answer());
       })},
      {"INFER-6", "OneAnswerTooManyInAll", Side::kBay, answer_after([](TwoVillages& two) {
         for (int i = 0; i < 3; ++i, two.bay.now += kDay) two.bay.admit_by_agent(two.answer());
       })},
      {"INFER-7", "OneItemTooMany", Side::kBay,
       answer_with([](auto&, auto& a, auto&) { a.items = 11; })},
      {"INFER-7", "OneCharacterMoreThanGranted", Side::kBay,
       answer_with([](auto&, auto& a, auto&) { a.characters = 1001; })},
      {"INFER-8", "AnAnswerThatHidesWhatItUsed", Side::kBay,
       answer_with([](auto&, auto& a, TwoVillages& two) {
         a.used = model::HiddenUse{4, model::hidden_root(two.opening({two.bay.record_id}), 4)};
         a.cited.clear();
       })},
      {"INFER-8", "ACountThatShowsWhatItUsed", Side::kBay,
       answer_with([](auto& i, auto&, TwoVillages& two) {
         i = two.count(two.opening({two.bay.record_id}));
         std::get<model::Answered>(i.outcome).used = model::UsedRecords{{two.bay.record_id}};
       })},
      {"INFER-9", "ACitationOfWhatWasNotUsed", Side::kBay,
       answer_with([](auto&, auto& a, TwoVillages& two) { a.cited = {two.bay.hidden_id}; })},
      {"INFER-9", "ACountThatCites", Side::kBay, answer_with([](auto& i, auto&, TwoVillages& two) {
         i = two.count(two.opening({two.bay.record_id}));
         std::get<model::Answered>(i.outcome).cited = {two.bay.record_id};
       })},
      // The sequencer is handed no opening, and without one cannot tell: by the same rule.
      {"INFER-10", "AnOpeningOfSomethingElse", Side::kBay,
       [](Scene& scene) {
         TwoVillages& two = scene.two();
         return by_agent(two.bay, two.count(two.opening({two.bay.record_id})), two.opening({}));
       }},
      {"USE-5", "ACountOfWhatMayNotBeRead", Side::kBay,
       [](Scene& scene) {
         TwoVillages& two = scene.two();
         const auto opening = two.opening({two.bay.hidden_id});
         return by_agent(two.bay, two.count(opening), opening);
       },
       kTakesNoOpenings},
      {"INFER-11", "ARefusalUnderNoAgreement", Side::kBay,
       [](Scene& scene) {
         model::Inference refusal = scene.two().refusal("unknown");
         refusal.agreement = scene.bay().domain;
         return by_agent(scene.bay(), refusal);
       }},
  };
}

std::vector<Case> use_cases() {
  const auto of = [](std::function<StatementId(AskingVillage&)> which) {
    return answer_with([which](auto&, auto& a, TwoVillages& two) {
      a.used = model::UsedRecords{{which(two.bay)}};
      a.cited.clear();
    });
  };
  return {
      {"USE-1", "AnAnswerUnderARevokedGrant", Side::kBay, answer_after([](TwoVillages& two) {
         two.bay.admit(model::Revocation{two.bay.domain, two.bay_grant}, {&two.bay.guardian2});
       })},
      {"USE-1", "AnAnswerUnderAGrantThatIsOver", Side::kBay,
       answer_after([](TwoVillages& two) { two.bay.now += 30 * kDay; })},
      {"USE-1", "AnAnswerUnderAGrantThatHasNotBegun", Side::kBay,
       answer_under([](auto& grant, auto&) { grant.not_before += 1; })},
      {"USE-1", "AnAnswerUnderASuspendedAgreement", Side::kBay, answer_after([](TwoVillages& two) {
         two.bay.admit(model::Agreement{two.bay_agreement, 0, model::Suspension{}},
                       {&two.bay.council1});
       })},
      {"USE-1", "AnAnswerToAVillageThatHasEnded", Side::kBay, answer_after([](TwoVillages& two) {
         two.clinic.admit(model::Exit{}, two.clinic.council);
         two.clinic.seal();
         two.bay.admit(model::Observation{model::PeerCheckpoint{
                           two.bay_agreement, peer_state(two.clinic), {}}},
                       {&two.bay.operator_key});
       })},
      {"USE-2", "AnAnswerToWhoIsNotTheGrantee", Side::kBay,
       answer_with([](auto& i, auto&, TwoVillages& two) { i.agreement = two.clinic_agreement; })},
      {"USE-2", "AnAnswerUnderAnAuditorsGrant", Side::kBay,
       answer_with([](auto& i, auto&, TwoVillages& two) {
         i.grant = two.bay.admit(two.bay.audit_grant(), two.bay.guardians);
       })},
      {"USE-3", "AnAnswerUnderAGrantThatOnlyShares", Side::kBay,
       answer_under([](auto& grant, auto&) { grant.operations.query = false; })},
      {"USE-4", "AnAnswerFromNoRecord", Side::kBay, of([](auto& v) { return v.domain; })},
      {"USE-4", "AnAnswerFromARecordThatIsSuperseded", Side::kBay, of([](auto& v) {
         const StatementId newer = v.admit(v.record("newer"), v.guardians);
         v.admit(v.change(v.record_id, model::Supersede{newer}), v.guardians);
         return v.record_id;
       })},
      {"USE-4", "AnAnswerFromARecordThatIsNotNamed", Side::kBay,
       answer_under([](auto& grant, TwoVillages& two) {
         grant.records = model::RecordIds{{two.bay.hidden_id}};
       })},
      {"USE-4", "AnAnswerFromARecordOfAnotherLabel", Side::kBay,
       answer_under([](auto& grant, auto&) { grant.records = model::RecordLabels{{"TK A"}}; })},
      {"USE-5", "AnAnswerFromWhatMayNotBeRead", Side::kBay,
       of([](auto& v) { return v.hidden_id; })},
  };
}

}  // namespace holdfast::testing
