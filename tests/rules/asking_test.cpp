// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/rules/two_villages.h"

namespace holdfast::testing {
namespace {

using model::Status;

struct Asked : AskingVillage {
  Asked() : AskingVillage("", "kelp-bay.invalid/ledger") {}
  std::string publish(model::ShapeTemplate shape) {
    return rule_of(append(model::Shape{domain, std::move(shape)}, guardians));
  }
};

TEST(Shape, IsTheGuardiansToPublishAndAnyonesToRetire) {
  Asked v;
  const model::Shape shape{v.domain, v.shape(model::Operation::kCount)};
  EXPECT_EQ(rule_of(v.append(shape, {&v.guardian1})), "SIGN-2");
  EXPECT_EQ(rule_of(v.append(shape, v.council)), "SIGN-1");
  const model::Shape retire{v.domain, model::Retire{v.count_id}};
  EXPECT_EQ(rule_of(v.append(retire, v.council)), "SIGN-1");
  EXPECT_EQ(rule_of(v.append(retire, {&v.guardian3})), "admitted");
  EXPECT_EQ(v.ledger.get<model::ShapeDetail>(v.count_id).first.status, Status::kRetired);
  EXPECT_EQ(rule_of(v.append(retire, {&v.guardian3})), "SHAPE-4");
}

TEST(Shape, IsOfADomainOfThisVillage) {
  Asked v;
  EXPECT_EQ(
      rule_of(v.append(model::Shape{v.record_id, v.shape(model::Operation::kCount)}, v.guardians)),
      "SHAPE-1");
  EXPECT_EQ(
      rule_of(v.append(model::Shape{v.village, v.shape(model::Operation::kCount)}, v.council)),
      "SHAPE-1");
  EXPECT_EQ(rule_of(v.append(model::Shape{v.domain, model::Retire{v.domain}}, {&v.guardian1})),
            "SHAPE-4");
}

TEST(Shape, SaysWhatItsOperationNeeds) {
  Asked v;
  auto shape = v.shape(model::Operation::kExcerpts);
  shape.items_max = 0;
  EXPECT_EQ(v.publish(shape), "SHAPE-2");
  shape = v.shape(model::Operation::kAnswer);
  shape.steering_needed = false;
  EXPECT_EQ(v.publish(shape), "SHAPE-2");
  shape = v.shape(model::Operation::kCount);
  shape.parameters = {{"from", model::DateParameter{2, 1}}};
  EXPECT_EQ(v.publish(shape), "SHAPE-2");
  shape.parameters = {{"from", model::IntegerParameter{1, 0}}};
  EXPECT_EQ(v.publish(shape), "SHAPE-2");
  shape.parameters = {{"from", model::TextParameter{0}}};
  EXPECT_EQ(v.publish(shape), "SHAPE-2");
  shape.parameters = {{"from", model::DateParameter{1, 1}}};
  EXPECT_EQ(v.publish(shape), "admitted");
}

TEST(Shape, TakesNoLessCareThanItsDomain) {
  Asked v;
  auto shape = v.shape(model::Operation::kCount);
  shape.minimum_cell = 4;
  EXPECT_EQ(v.publish(shape), "SHAPE-3");
  shape.minimum_cell = 6;
  EXPECT_EQ(v.publish(shape), "admitted");
  shape.rounding = 4;
  EXPECT_EQ(v.publish(shape), "SHAPE-3");
}

TEST(Model, IsTheGuardiansToPublishAndAnyonesToRetire) {
  Asked v;
  const model::Model model{v.domain, v.model_identity()};
  EXPECT_EQ(rule_of(v.append(model, {&v.guardian1})), "SIGN-2");
  EXPECT_EQ(rule_of(v.append(model::Model{v.record_id, v.model_identity()}, v.guardians)),
            "MODEL-1");
  const model::Model retire{v.domain, model::Retire{v.model_id}};
  EXPECT_EQ(rule_of(v.append(retire, {&v.guardian3})), "admitted");
  EXPECT_EQ(rule_of(v.append(retire, {&v.guardian3})), "MODEL-3");
  EXPECT_EQ(rule_of(v.append(model::Steering{v.domain, model::SteeringTerms{{v.model_id}, {}, {}}},
                             v.guardians)),
            "STEER-2");
}

TEST(Model, TrainedBeforeARecordWasTakenBackIsRefused) {
  Asked v;
  const auto stale = sign(v.statement(model::Model{v.domain, v.model_identity()}), v.guardians);
  v.admit(v.change(v.hidden_id, model::Withdraw{}), {&v.guardian1});
  EXPECT_EQ(rule_of(v.ledger.append(stale, v.now)), "MODEL-2");
  // What was trained on no record of the domain is not concerned.
  auto untrained = v.model_identity();
  untrained.training_root = std::nullopt;
  EXPECT_EQ(rule_of(v.append(model::Model{v.domain, untrained}, v.guardians)), "admitted");
  v.seal();
  EXPECT_EQ(rule_of(v.append(model::Model{v.domain, v.model_identity()}, v.guardians)), "admitted");
}

TEST(Model, OfARecordTakenBackCannotBeSteered) {
  Asked v;
  v.admit(v.change(v.hidden_id, model::Withdraw{}), {&v.guardian1});
  EXPECT_EQ(rule_of(v.append(model::Steering{v.domain, model::SteeringTerms{{v.model_id}, {}, {}}},
                             v.guardians)),
            "STEER-2");
}

TEST(Steering, IsTheGuardiansToGiveAndAnyonesToWithdraw) {
  Asked v;
  const model::Steering set{v.domain, model::SteeringTerms{{v.model_id}, {}, {}}};
  EXPECT_EQ(rule_of(v.append(set, {&v.guardian1})), "SIGN-2");
  EXPECT_EQ(
      rule_of(v.append(model::Steering{v.record_id, model::SteeringTerms{{v.model_id}, {}, {}}},
                       v.guardians)),
      "STEER-1");
  const model::Steering withdraw{v.domain, model::WithdrawSteering{v.steering_id}};
  EXPECT_EQ(rule_of(v.append(withdraw, {&v.stranger})), "SIG-3");
  EXPECT_EQ(rule_of(v.append(withdraw, {&v.guardian3})), "admitted");
  EXPECT_EQ(v.ledger.get<model::SteeringDetail>(v.steering_id).first.status, Status::kWithdrawn);
  EXPECT_EQ(rule_of(v.append(withdraw, {&v.guardian3})), "STEER-3");
}

TEST(Steering, IsWithdrawnByItsOwnDomainAlone) {
  Asked v;
  const crypto::SigningKey nurse = key_named("nurse");
  const StatementId clinic =
      v.admit(v.domain_named("clinic", {&nurse}), {&v.council1, &v.council2, &nurse});
  EXPECT_EQ(
      rule_of(v.append(model::Steering{clinic, model::WithdrawSteering{v.steering_id}}, {&nurse})),
      "STEER-3");
}

TEST(Kind, OfRulesTwoWaitsForAnUpgrade) {
  FoundedVillage v;
  const Keys both{&v.guardian1, &v.guardian2};
  const Keys council{&v.council1, &v.council2};
  model::ShapeTemplate shape;
  shape.operation = model::Operation::kExcerpts;
  shape.title = "Excerpts";
  shape.items_max = shape.characters_max = 1;
  EXPECT_EQ(rule_of(v.append(model::Shape{v.domain, shape}, both)), "RULES-2");
  v.admit(model::Upgrade{2}, council);
  EXPECT_EQ(rule_of(v.append(model::Shape{v.domain, shape}, both)), "admitted");
}

}  // namespace
}  // namespace holdfast::testing
