// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/note.h"
#include "tests/rules/two_villages.h"
#include "tests/vectors/history.h"

namespace holdfast::vectors {

using testing::AskingVillage;
using testing::ThreeVillages;
using testing::TwoVillages;

Json history_of_shapes_and_models() {
  AskingVillage v("", "kelp-bay.invalid/ledger");
  Chronicle h(v);
  const auto shape = [&](model::Operation operation, auto edit) {
    auto out = v.shape(operation);
    edit(out);
    return model::Shape{v.domain, std::move(out)};
  };
  const auto as_it_is = [](auto&) {};
  using model::Operation;
  h.no("a shape by one guardian", "SIGN-2", "unauthorised", shape(Operation::kCount, as_it_is),
       {&v.guardian1});
  h.no("a shape of the council's", "SHAPE-1", "not found",
       model::Shape{v.village, v.shape(Operation::kCount)}, v.council);
  h.no("excerpts of no item", "SHAPE-2", "invalid",
       shape(Operation::kExcerpts, [](auto& s) { s.items_max = 0; }), v.guardians);
  h.no("an answer of no character", "SHAPE-2", "invalid",
       shape(Operation::kAnswer, [](auto& s) { s.characters_max = 0; }), v.guardians);
  h.no("an answer without steering", "SHAPE-2", "invalid",
       shape(Operation::kAnswer, [](auto& s) { s.steering_needed = false; }), v.guardians);
  h.no("a range that ends before it begins", "SHAPE-2", "invalid",
       shape(Operation::kCount,
             [](auto& s) {
               s.parameters = {{"n", model::IntegerParameter{1, 0}}};
             }),
       v.guardians);
  h.no("a text of no byte", "SHAPE-2", "invalid",
       shape(Operation::kCount,
             [](auto& s) {
               s.parameters = {{"n", model::TextParameter{0}}};
             }),
       v.guardians);
  h.no("a smaller cell than the domain's", "SHAPE-3", "invalid",
       shape(Operation::kHistogram, [](auto& s) { s.minimum_cell = 4; }), v.guardians);
  h.no("a finer rounding than the domain's", "SHAPE-3", "invalid",
       shape(Operation::kExists, [](auto& s) { s.rounding = 4; }), v.guardians);
  h.ok("a shape with every sort of parameter",
       shape(Operation::kCount,
             [](auto& s) {
               s.parameters = {{"day", model::DateParameter{0, 20000}},
                               {"how many", model::IntegerParameter{-3, 3}},
                               {"place", model::TextParameter{100}},
                               {"what", model::ChoiceParameter{{"kelp", "kina"}}}};
               s.parameters[1].name = "how-many";
             }),
       v.guardians);
  h.no("retired by the council", "SIGN-1", "unauthorised",
       model::Shape{v.domain, model::Retire{v.count_id}}, {&v.council1});
  h.ok("retired by any one guardian", model::Shape{v.domain, model::Retire{v.count_id}},
       {&v.guardian3});
  h.no("retired twice", "SHAPE-4", "invalid", model::Shape{v.domain, model::Retire{v.count_id}},
       {&v.guardian3});
  h.no("retired though it never was", "SHAPE-4", "not found",
       model::Shape{v.domain, model::Retire{v.domain}}, {&v.guardian3});

  h.no("a model by one guardian", "SIGN-2", "unauthorised",
       model::Model{v.domain, v.model_identity()}, {&v.guardian1});
  h.no("a model of no domain", "MODEL-1", "not found",
       model::Model{v.record_id, v.model_identity()}, v.guardians);
  const auto stale =
      testing::sign(v.statement(model::Model{v.domain, v.model_identity()}), v.guardians);
  h.ok("a record to train on is withdrawn", v.change(v.hidden_id, model::Withdraw{}),
       {&v.guardian1});
  h.step("a model whose author has not seen that", stale, "MODEL-2", "conflict");
  h.no("steering of a model trained before it", "STEER-2", "invalid",
       model::Steering{v.domain, model::SteeringTerms{{v.model_id}, {}, {}}}, v.guardians);
  h.seal();
  const StatementId model =
      h.ok("published again", model::Model{v.domain, v.model_identity()}, v.guardians);
  h.no("steering of a model that is none", "STEER-2", "not found",
       model::Steering{v.domain, model::SteeringTerms{{v.record_id}, {}, {}}}, v.guardians);
  h.no("steering of no domain", "STEER-1", "not found",
       model::Steering{v.record_id, model::SteeringTerms{{model}, {}, {}}}, v.guardians);
  const StatementId steering =
      h.ok("steering", model::Steering{v.domain, model::SteeringTerms{{model}, {}, {7, 2, 0, 900}}},
           v.guardians);
  h.no("withdrawn by the council", "SIGN-1", "unauthorised",
       model::Steering{v.domain, model::WithdrawSteering{steering}}, {&v.council1});
  h.ok("withdrawn by any one guardian",
       model::Steering{v.domain, model::WithdrawSteering{steering}}, {&v.guardian2});
  h.no("withdrawn twice", "STEER-3", "invalid",
       model::Steering{v.domain, model::WithdrawSteering{steering}}, {&v.guardian2});
  h.ok("the model is retired", model::Model{v.domain, model::Retire{model}}, {&v.guardian1});
  h.no("retired again", "MODEL-3", "invalid", model::Model{v.domain, model::Retire{model}},
       {&v.guardian1});
  return h.take("shapes, models and steering");
}

Json history_of_answers() {
  TwoVillages t;
  auto& v = t.bay;
  const crypto::SigningKey nurse = testing::key_named("nurse");
  const StatementId ward =
      v.admit(v.domain_named("ward", {&nurse}), {&v.council1, &v.council2, &nurse});
  model::Record elsewhere = v.record("elsewhere");
  elsewhere.domain = ward;
  elsewhere.guardianship.guardians = {nurse.id()};
  const StatementId of_ward = v.admit(elsewhere, {&nurse});
  const StatementId audit = v.admit(v.audit_grant(), v.guardians);
  const StatementId other_model = v.admit(model::Model{v.domain, v.model_identity()}, v.guardians);
  model::Grant narrow = t.grant(v, t.bay_agreement);
  narrow.records = model::RecordLabels{{"TK A"}};
  narrow.operations.query = true;
  const StatementId labelled = v.admit(narrow, v.guardians);
  narrow = t.grant(v, t.bay_agreement);
  narrow.operations.query = false;
  const StatementId sharing = v.admit(narrow, v.guardians);
  v.seal();

  Chronicle h(v);
  const Keys agent{&v.agent};
  const auto no = [&](std::string_view what, std::string_view rule, std::string_view code,
                      auto edit) {
    model::Inference inference = t.answer();
    edit(inference, std::get<model::Answered>(inference.outcome));
    h.no(what, rule, code, inference, agent);
  };
  const auto using_record = [](const StatementId& id) {
    return [id](auto&, auto& a) {
      a.used = model::UsedRecords{{id}};
      a.cited = {};
    };
  };
  h.no("by guardians", "AGENT-1", "unauthorised", t.answer(), v.guardians);
  h.no("by an agent that may only propose", "AGENT-1", "unauthorised", t.answer(), {&v.proposer});
  h.no("by an agent and a guardian", "AGENT-1", "unauthorised", t.answer(),
       {&v.agent, &v.guardian1});
  no("the asker is not the grantee: an auditor's grant", "USE-2", "invalid",
     [&](auto& i, auto&) { i.grant = audit; });
  no("the asker is not the grantee: another agreement", "USE-2", "invalid",
     [&](auto& i, auto&) { i.agreement = t.clinic_agreement; });
  no("a grant that is not there", "USE-1", "not found", [&](auto& i, auto&) { i.grant = ward; });
  no("no grant", "INFER-1", "invalid", [](auto& i, auto&) { i.grant = std::nullopt; });
  no("a grant that only shares", "USE-3", "invalid", [&](auto& i, auto&) { i.grant = sharing; });
  no("a shape that the grant does not name", "INFER-1", "invalid",
     [&](auto& i, auto&) { i.shape = ward; });
  no("another purpose", "INFER-2", "invalid", [](auto& i, auto&) { i.purpose = "trade"; });
  no("steering, but no model", "INFER-3", "invalid",
     [](auto& i, auto&) { i.model = std::nullopt; });
  no("neither, though the shape needs steering", "INFER-3", "invalid",
     [](auto& i, auto&) { i.model = i.steering = std::nullopt; });
  no("a model that is not in the steering", "INFER-4", "invalid",
     [&](auto& i, auto&) { i.model = other_model; });
  no("a steering that is none", "INFER-4", "not found", [&](auto& i, auto&) { i.steering = ward; });
  no("more items than the shape lets", "INFER-7", "invalid", [](auto&, auto& a) { a.items = 11; });
  no("more characters than the grant lets", "INFER-7", "invalid",
     [](auto&, auto& a) { a.characters = 1001; });
  no("a record of another domain", "USE-4", "invalid", using_record(of_ward));
  no("a record that is none", "USE-4", "not found", using_record(ward));
  no("a record outside the grant's labels", "USE-4", "invalid",
     [&](auto& i, auto&) { i.grant = labelled; });
  no("a record whose policy forbids it", "USE-5", "invalid", using_record(v.hidden_id));
  no("a record cited that was not used", "INFER-9", "invalid",
     [&](auto&, auto& a) { a.cited = {v.hidden_id}; });
  const auto opening = t.opening({v.record_id});
  no("an answer that hides what it used", "INFER-8", "invalid", [&](auto&, auto& a) {
    a.used = model::HiddenUse{4, model::hidden_root(opening, 4)};
  });

  const auto count = [&](std::string_view what, const model::Inference& inference,
                         const std::optional<model::Opening>& shown, std::string_view rule,
                         std::string_view code) {
    h.step(what, testing::sign(v.statement(inference), agent), rule, code, shown);
  };
  {
    auto shows = t.count(opening);
    std::get<model::Answered>(shows.outcome).used = model::UsedRecords{{v.record_id}};
    count("a count that shows what it used", shows, {}, "INFER-8", "invalid");
    auto cites = t.count(opening);
    std::get<model::Answered>(cites.outcome).cited = {v.record_id};
    count("a count that cites", cites, opening, "INFER-9", "invalid");
  }
  count("a count whose opening is not shown", t.count(opening), {}, "INFER-10", "unavailable");
  count("a count with another opening", t.count(opening), t.opening({}), "INFER-10", "invalid");
  const auto hidden = t.opening({v.record_id, v.hidden_id});
  count("a count of a record whose policy forbids it", t.count(hidden), hidden, "USE-5", "invalid");
  count("a count", t.count(opening), opening, "", "");
  no("the sequence of a statement before", "AGENT-2", "conflict",
     [](auto& i, auto&) { i.sequence -= 1; });
  h.ok("an answer", t.answer(), agent);
  h.no("one more than a day's calls", "INFER-6", "invalid", t.answer(), agent);
  h.ok("a refusal is no answer, and counts all the same", t.refusal("budget"), agent);
  v.now += kDay / 2 - 1;  // a second before midnight
  h.no("a second before midnight", "INFER-6", "invalid", t.answer(), agent);
  v.now += 1;
  h.no("on the next day, one more than all calls", "INFER-6", "invalid", t.answer(), agent);
  h.seal();

  // Another grant, without a budget, for what ends one after the other.
  const auto fresh = [&] {
    model::Grant grant = t.grant(v, t.bay_agreement);
    grant.limits = {};
    return grant;
  };
  t.bay_grant = h.ok("another grant", fresh(), v.guardians);
  h.ok("an answer under it", t.answer(), agent);
  h.ok("revoked", model::Revocation{v.domain, t.bay_grant}, {&v.guardian2});
  h.no("after it was revoked", "USE-1", "invalid", t.answer(), agent);
  t.bay_grant = h.ok("and another", fresh(), v.guardians);
  h.ok("steering is withdrawn", model::Steering{v.domain, model::WithdrawSteering{v.steering_id}},
       {&v.guardian3});
  h.no("after it was withdrawn", "INFER-4", "invalid", t.answer(), agent);
  h.ok("silence", t.refusal("silent"), agent);
  v.steering_id =
      h.ok("steering is given again",
           model::Steering{v.domain, model::SteeringTerms{{v.model_id}, {}, {}}}, v.guardians);
  h.ok("a record that the model was trained on is withdrawn",
       v.change(v.hidden_id, model::Withdraw{}), {&v.guardian1});
  h.no("by a model trained on it", "INFER-5", "invalid", t.answer(), agent);
  h.ok("the agreement is suspended", model::Agreement{t.bay_agreement, 0, model::Suspension{}},
       {&v.council1});
  h.no("under a suspended agreement", "USE-1", "invalid", t.answer(), agent);
  {
    auto refusal = t.refusal("suspended");
    h.ok("a refusal under it", refusal, agent);
    refusal.agreement = ward;
    refusal.sequence = v.ledger.size().value;
    h.no("a refusal to nobody", "INFER-11", "not found", refusal, agent);
  }
  v.now += 30 * kDay;
  h.no("after the grant has expired", "USE-1", "invalid", t.answer(), agent);
  const auto registered = v.ledger.get<model::AgentDetail>(v.agent.id()).first.version;
  h.ok("the agent is retired",
       model::KeyEvent{registered,
                       model::AgentChange{v.agent.public_key(), model::Capability::kNever}},
       v.council);
  h.no("by a retired agent", "AGENT-1", "unauthorised", t.refusal("late"), agent);
  return h.take("inference");
}

}  // namespace holdfast::vectors
