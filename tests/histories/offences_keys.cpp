// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/histories/offence_families.h"

// Who has authority, and how it changes hands.
namespace holdfast::testing {
namespace {

template <typename Edit>
std::function<Offence(Scene&)> domain_with(Edit edit) {
  return [edit](Scene& scene) {
    AskingVillage& v = scene.bay();
    model::Domain domain = v.domain_named("songs", {&v.guardian1, &v.guardian2});
    edit(domain, v);
    Keys keys{&v.council1, &v.council2, &v.guardian1, &v.guardian2};
    return by(v, domain, keys);
  };
}

Keys spares_of(FoundedVillage& v) { return {&v.guardian_spare1, &v.guardian_spare2}; }

// The domain's guardians give way to their spares.
template <typename Edit>
std::function<Offence(Scene&)> rotation_with(Edit edit) {
  return [edit](Scene& scene) {
    AskingVillage& v = scene.bay();
    model::KeyEvent event = v.rotation(spares_of(v), {&v.stranger});
    std::get<model::DomainRotation>(event.which).rotation.set.threshold = 2;
    edit(event, std::get<model::DomainRotation>(event.which), v);
    return by(v, event, spares_of(v));
  };
}

std::function<Offence(Scene&)> by_council(std::function<model::KeyEvent(AskingVillage&)> make) {
  return [make](Scene& scene) {
    model::KeyEvent event = make(scene.bay());
    return by(scene.bay(), std::move(event), scene.bay().council);
  };
}

model::KeyEvent agent_event(AskingVillage& v, model::Capability capability, std::uint64_t version) {
  return {version, model::AgentChange{v.agent.public_key(), capability}};
}

std::uint64_t village_version(const FoundedVillage& v) {
  return v.ledger.get<model::VillageDetail>(v.village).first.version;
}

template <typename Edit>
std::function<Offence(Scene&)> succession_with(Edit edit) {
  return [edit](Scene& scene) {
    AskingVillage& v = scene.bay();
    v.seal();
    const crypto::SigningKey fresh = key_named("new operator");
    model::OperatorChange change{fresh.public_key(), v.ledger.basis()};
    Keys keys{&v.council1, &v.council2, &fresh};
    edit(change, keys, v);
    return by(v, model::KeyEvent{village_version(v), change}, keys);
  };
}

}  // namespace

std::vector<Case> key_cases() {
  return {
      {"AUTH-1", "ADomainOfTwoThatNeedsThree", Side::kBay,
       domain_with([](auto& d, auto&) { d.guardians.threshold = 3; })},
      {"AUTH-1", "ADomainThatNeedsNobody", Side::kBay,
       domain_with([](auto& d, auto&) { d.guardians.threshold = 0; })},
      {"AUTH-1", "ARotationToASetThatCannotDecide", Side::kBay,
       rotation_with([](auto&, auto& r, auto&) { r.rotation.set.threshold = 3; })},
      {"AUTH-2", "SparesThatNeedNobody", Side::kBay,
       domain_with([](auto& d, auto&) { d.next.threshold = 0; })},
      {"AUTH-2", "ARotationToSparesThatCannotDecide", Side::kBay,
       rotation_with([](auto&, auto& r, auto&) { r.rotation.next.threshold = 2; })},
      {"AUTH-3", "AGuardianWhoIsItsOwnSpare", Side::kBay,
       domain_with([](auto& d, auto& v) { d.next = next_of(1, {&v.guardian1}); })},
      {"AUTH-3", "ARotationThatPromisesWhomItShows", Side::kBay,
       rotation_with(
           [](auto&, auto& r, auto& v) { r.rotation.next = next_of(1, {&v.guardian_spare1}); })},
      {"AUTH-4", "TheOperatorAsGuardian", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, v.domain_named("songs", {&v.operator_key}),
                   {&v.council1, &v.council2, &v.operator_key});
       }},
      {"AUTH-4", "AWitnessFromTheCouncil", Side::kBay, by_council([](AskingVillage& v) {
         return model::KeyEvent{village_version(v), model::WitnessChange{v.council1.public_key()}};
       })},
      {"AUTH-4", "TheOperatorAsNewWitness", Side::kBay, by_council([](AskingVillage& v) {
         return model::KeyEvent{village_version(v),
                                model::WitnessChange{v.operator_key.public_key()}};
       })},
      {"AUTH-4", "AnOperatorFromTheCouncil", Side::kBay,
       succession_with([](auto& change, auto& keys, auto& v) {
         change.key = v.council1.public_key();
         keys = v.council;
       })},
      {"KEY-1", "AnAgentThatIsKnownAlready", Side::kBay,
       by_council([](AskingVillage& v) { return agent_event(v, model::Capability::kPropose, 0); })},
      {"KEY-1", "ARotationOfGuardiansOfAnotherVersion", Side::kBay,
       rotation_with([](auto& event, auto&, auto&) { event.expected_version = 2; })},
      {"KEY-1", "ASealingKeyForAnotherVersion", Side::kBay, by_council([](AskingVillage& v) {
         return model::KeyEvent{village_version(v) + 1,
                                model::SealingChange{sealing_key_named("other")}};
       })},
      {"KEY-2", "ARotationOfNoDomain", Side::kBay,
       rotation_with([](auto&, auto& r, auto& v) { r.domain = v.record_id; })},
      {"KEY-3", "ASuccessionFromAnotherSize", Side::kBay,
       succession_with([](auto& change, auto&, auto&) { change.from.size.value -= 2; })},
      {"KEY-3", "ASuccessionFromAnotherLog", Side::kBay,
       succession_with(
           [](auto& change, auto&, auto&) { change.from.root.bytes[0] ^= std::byte{1}; })},
      {"SIGN-3", "ASuccessionThatTheNewOperatorDidNotSign", Side::kBay,
       succession_with([](auto&, auto& keys, auto&) { keys.pop_back(); })},
      {"KEY-4", "ARevealedKeyThatNobodyPromised", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, v.rotation(spares_of(v), {&v.stranger}, {v.auditor.public_key()}),
                   {&v.guardian_spare1, &v.guardian_spare2, &v.auditor});
       }},
      {"KEY-4", "ARevealedKeyThatStays", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, v.rotation(spares_of(v), {&v.stranger}, {v.guardian_spare1.public_key()}),
                   spares_of(v));
       }},
      {"KEY-4", "ARevealedKeyThatDoesNotSign", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(
             v, v.rotation({&v.guardian_spare1}, {&v.stranger}, {v.guardian_spare2.public_key()}),
             {&v.guardian_spare1});
       }},
      {"KEY-5", "AnAgentThatComesBack", Side::kBay, by_council([](AskingVillage& v) {
         v.admit(agent_event(v, model::Capability::kNever, 1), v.council);
         return agent_event(v, model::Capability::kAct, 2);
       })},
      // A key that stands in an earlier statement, or its signature could not even be checked.
      {"KEY-6", "APromisedKeyThatSignsUnseen", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         v.admit(model::KeyEvent{0, model::AgentChange{v.guardian_spare2.public_key(),
                                                       model::Capability::kPropose}},
                 v.council);
         return by(v, v.rotation({&v.guardian_spare1}, {&v.stranger}), spares_of(v));
       }},
      {"SIGN-1", "AThiefOfTodaysKeysWhoRotates", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, v.rotation({&v.stranger}, {&v.auditor}),
                   {&v.guardian1, &v.guardian2, &v.guardian3, &v.stranger});
       }},
      {"SIGN-2", "ARotationByOneOfThosePromised", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, v.rotation({&v.guardian_spare1}, {&v.stranger}), {&v.guardian_spare1});
       }},
      {"SIGN-3", "ARotationThatANewGuardianDidNotSign", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v,
                   v.rotation({&v.guardian_spare1, &v.guardian_spare2, &v.auditor}, {&v.stranger}),
                   spares_of(v));
       }},
  };
}

}  // namespace holdfast::testing
