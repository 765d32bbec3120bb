// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/rules/founded_village.h"

namespace holdfast::testing {
namespace {

TEST(Rotation, IsDecidedByTheKeysThatWerePromised) {
  FoundedVillage v;
  const crypto::SigningKey fresh = key_named("fresh");
  const crypto::SigningKey later = key_named("later");
  const auto spares = std::vector{v.guardian_spare1.public_key(), v.guardian_spare2.public_key()};
  const auto event = v.rotation({&fresh}, {&later}, spares);
  EXPECT_EQ(rule_of(v.append(event, {&fresh, &v.guardian_spare1, &v.guardian_spare2})), "admitted");
  EXPECT_EQ(rule_of(v.append(v.record("a"), {&fresh})), "RECORD-2");
  EXPECT_EQ(rule_of(v.append(v.record("a"), {&v.guardian1, &v.guardian2})), "RECORD-2");
}

TEST(Rotation, ByAThiefOfTodaysKeysIsRefused) {
  FoundedVillage v;
  const crypto::SigningKey thief = key_named("thief");
  const crypto::SigningKey later = key_named("later");
  const auto event = v.rotation({&thief}, {&later});
  EXPECT_EQ(rule_of(v.append(event, {&thief, &v.guardian1, &v.guardian2, &v.guardian3})), "SIGN-1");
  EXPECT_EQ(rule_of(v.append(event, {&thief})), "SIGN-2");
}

TEST(Rotation, NeedsTheNextSetsThreshold) {
  FoundedVillage v;
  const crypto::SigningKey later = key_named("later");
  const auto event = v.rotation({&v.guardian_spare1}, {&later});
  EXPECT_EQ(rule_of(v.append(event, {&v.guardian_spare1})), "SIGN-2");
}

TEST(Rotation, NeedsEveryNewKeyToSign) {
  FoundedVillage v;
  const crypto::SigningKey later = key_named("later");
  const auto event = v.rotation({&v.guardian_spare1, &v.guardian_spare2, &v.guardian3}, {&later});
  EXPECT_EQ(rule_of(v.append(event, {&v.guardian_spare1, &v.guardian_spare2})), "SIGN-3");
  EXPECT_EQ(rule_of(v.append(event, {&v.guardian_spare1, &v.guardian_spare2, &v.guardian3})),
            "admitted");
}

TEST(Rotation, ShowsOnlyKeysThatSignAndLeave) {
  FoundedVillage v;
  const crypto::SigningKey later = key_named("later");
  const Keys spares{&v.guardian_spare1, &v.guardian_spare2};
  EXPECT_EQ(rule_of(v.append(v.rotation(spares, {&later}, {v.stranger.public_key()}), spares)),
            "KEY-4");
  EXPECT_EQ(
      rule_of(v.append(v.rotation(spares, {&later}, {v.guardian_spare1.public_key()}), spares)),
      "KEY-4");
}

TEST(Rotation, IsNotSignedByAPromisedKeyThatItDoesNotShow) {
  FoundedVillage v;
  const crypto::SigningKey fresh = key_named("fresh");
  const crypto::SigningKey later = key_named("later");
  const Keys keys{&fresh, &v.guardian_spare1, &v.guardian_spare2};
  EXPECT_EQ(rule_of(v.append(v.rotation({&fresh}, {&later}), keys)), "SIG-3");
  // Even where some other statement has shown the keys before.
  const Keys council{&v.council1, &v.council2};
  for (const auto* spare : {&v.guardian_spare1, &v.guardian_spare2})
    v.admit(model::KeyEvent{0, model::AgentChange{spare->public_key(), model::Capability::kAct}},
            council);
  EXPECT_EQ(rule_of(v.append(v.rotation({&fresh}, {&later}), keys)), "KEY-6");
}

TEST(Rotation, ExpectsThePresentVersion) {
  FoundedVillage v;
  const crypto::SigningKey later = key_named("later");
  const Keys spares{&v.guardian_spare1, &v.guardian_spare2};
  auto event = v.rotation(spares, {&later});
  event.expected_version += 1;
  EXPECT_EQ(rule_of(v.append(event, spares)), "KEY-1");
}

TEST(Rotation, CannotPromiseAKeyThatItShows) {
  FoundedVillage v;
  const Keys spares{&v.guardian_spare1, &v.guardian_spare2};
  EXPECT_EQ(rule_of(v.append(v.rotation(spares, {&v.guardian_spare1}), spares)), "AUTH-3");
}

TEST(CouncilRotation, FollowsTheCouncilsOwnPromise) {
  FoundedVillage v;
  const crypto::SigningKey later = key_named("later");
  const Keys spares{&v.council_spare1, &v.council_spare2};
  model::KeyEvent event{
      1, model::CouncilRotation{{authority_of(2, spares), next_of(1, {&later}), {}}}};
  EXPECT_EQ(rule_of(v.append(event, {&v.council1, &v.council2})), "SIGN-1");
  EXPECT_EQ(rule_of(v.append(event, spares)), "admitted");
  const auto domain = v.domain_named("clinic", {&v.guardian3});
  EXPECT_EQ(rule_of(v.append(domain, {&v.council1, &v.council2, &v.guardian3})), "SIGN-1");
  EXPECT_EQ(rule_of(v.append(domain, {&v.council_spare1, &v.council_spare2, &v.guardian3})),
            "admitted");
}

TEST(OperatorChange, DismissesTheOperatorFromASealedCheckpointOn) {
  FoundedVillage v;
  const crypto::SigningKey next = key_named("next operator");
  const auto version = v.ledger.get<model::VillageDetail>(v.village).first.version;
  const model::KeyEvent event{version, model::OperatorChange{next.public_key(), v.ledger.basis()}};
  EXPECT_EQ(rule_of(v.append(event, {&v.operator_key})), "SIGN-1");
  EXPECT_EQ(rule_of(v.append(event, {&v.council1, &next})), "SIGN-2");
  ASSERT_EQ(rule_of(v.append(event, {&v.council1, &v.council2, &next})), "admitted");
  const model::Seal seal{v.ledger.size(), *v.ledger.state_root()};
  EXPECT_EQ(rule_of(v.append(seal, {&v.operator_key})), "SIGN-1");
  EXPECT_EQ(rule_of(v.append(seal, {&next})), "admitted");
}

TEST(OperatorChange, IsSignedByTheNewOperatorToo) {
  FoundedVillage v;
  const crypto::SigningKey next = key_named("next operator");
  const crypto::SigningKey nobody = key_named("nobody");
  const model::KeyEvent event{1, model::OperatorChange{next.public_key(), v.ledger.basis()}};
  // A key that nobody holds, a mistyped one say, would leave a village that nobody can seal.
  EXPECT_EQ(rule_of(v.append(event, {&v.council1, &v.council2})), "SIGN-3");
  EXPECT_EQ(rule_of(v.append(event, {&v.council1, &v.council2, &v.operator_key})), "SIGN-1");
  EXPECT_EQ(rule_of(v.append(event, {&v.council1, &v.council2, &v.operator_key, &next})), "SIGN-1");
  EXPECT_EQ(rule_of(v.append(event, {&v.council1, &v.council2, &nobody})), "SIG-3");
  EXPECT_EQ(rule_of(v.append(event, {&v.council1, &next})), "SIGN-2");
  EXPECT_EQ(rule_of(v.append(event, {&next})), "SIGN-2");
  EXPECT_EQ(rule_of(v.append(event, {&v.council1, &v.council2, &next})), "admitted");
}

TEST(OperatorChange, IsNotProvenByASignatureOfTheNewKeyOverSomethingElse) {
  FoundedVillage v;
  const crypto::SigningKey next = key_named("next operator");
  const model::KeyEvent event{1, model::OperatorChange{next.public_key(), v.ledger.basis()}};
  const Keys all{&v.council1, &v.council2, &next};
  const model::SignedStatement elsewhere = sign(v.statement(event), all);
  model::SignedStatement made = sign(v.statement(event), all);
  for (std::size_t i = 0; i < made.signatures.size(); ++i)
    if (made.signatures[i].key_id == next.id()) made.signatures[i] = elsewhere.signatures[i];
  EXPECT_EQ(rule_of(v.ledger.append(made, v.now)), "SIG-4");
}

TEST(WitnessChange, IsTheCouncilsAlone) {
  FoundedVillage v;
  const crypto::SigningKey next = key_named("next witness");
  const model::KeyEvent event{1, model::WitnessChange{next.public_key()}};
  EXPECT_EQ(rule_of(v.append(event, {&v.council1, &v.council2, &next})), "SIG-3");
  EXPECT_EQ(rule_of(v.append(event, {&v.council1, &v.council2})), "admitted");
}

TEST(OperatorChange, NamesTheCheckpointRightBeforeIt) {
  FoundedVillage v;
  const crypto::SigningKey next = key_named("next operator");
  const auto version = v.ledger.get<model::VillageDetail>(v.village).first.version;
  model::Basis from = v.ledger.basis();
  from.root.bytes[0] ^= std::byte{1};
  const Keys all{&v.council1, &v.council2, &next};
  EXPECT_EQ(rule_of(v.append(
                model::KeyEvent{version, model::OperatorChange{next.public_key(), from}}, all)),
            "KEY-3");
  from = {TreeSize{2}, v.ledger.root_of_first(TreeSize{2})};
  EXPECT_EQ(rule_of(v.append(
                model::KeyEvent{version, model::OperatorChange{next.public_key(), from}}, all)),
            "KEY-3");
  v.admit(v.record("a"), {&v.guardian1, &v.guardian2});
  from = {v.ledger.size(), v.ledger.root()};
  EXPECT_EQ(rule_of(v.append(
                model::KeyEvent{version, model::OperatorChange{next.public_key(), from}}, all)),
            "KEY-3");
}

TEST(OperatorChange, CannotGoToAKeyWithAnotherOffice) {
  FoundedVillage v;
  const auto version = v.ledger.get<model::VillageDetail>(v.village).first.version;
  for (const auto* key : {&v.witness_key, &v.council1}) {
    const model::KeyEvent event{version,
                                model::OperatorChange{key->public_key(), v.ledger.basis()}};
    Keys all{&v.council1, &v.council2};
    if (key != &v.council1) all.push_back(key);
    EXPECT_EQ(rule_of(v.append(event, all)), "AUTH-4");
  }
}

TEST(WitnessAndSealingKeys, AreSetByTheCouncil) {
  FoundedVillage v;
  const crypto::SigningKey witness = key_named("next witness");
  const Keys council{&v.council1, &v.council2};
  EXPECT_EQ(
      rule_of(v.append(model::KeyEvent{1, model::WitnessChange{witness.public_key()}}, council)),
      "admitted");
  EXPECT_EQ(
      rule_of(v.append(model::KeyEvent{1, model::SealingChange{sealing_key_named("s")}}, council)),
      "KEY-1");
  EXPECT_EQ(rule_of(v.append(model::KeyEvent{2, model::SealingChange{sealing_key_named("s")}},
                             {&v.guardian1})),
            "SIGN-1");
  EXPECT_EQ(
      rule_of(v.append(model::KeyEvent{2, model::SealingChange{sealing_key_named("s")}}, council)),
      "admitted");
  const auto detail = v.ledger.get<model::VillageDetail>(v.village).second;
  EXPECT_EQ(detail.witness_key, witness.public_key());
  EXPECT_EQ(detail.sealing_key, sealing_key_named("s"));
}

TEST(Agent, OnceRetiredNeverComesBack) {
  FoundedVillage v;
  const crypto::SigningKey agent = key_named("agent");
  const Keys council{&v.council1, &v.council2};
  const auto event = [&](std::uint64_t version, model::Capability capability) {
    return model::KeyEvent{version, model::AgentChange{agent.public_key(), capability}};
  };
  EXPECT_EQ(rule_of(v.append(event(1, model::Capability::kAct), council)), "KEY-1");
  EXPECT_EQ(rule_of(v.append(event(0, model::Capability::kAct), council)), "admitted");
  EXPECT_EQ(rule_of(v.append(event(1, model::Capability::kNever), council)), "admitted");
  EXPECT_EQ(rule_of(v.append(event(2, model::Capability::kAct), council)), "KEY-5");
}

}  // namespace
}  // namespace holdfast::testing
