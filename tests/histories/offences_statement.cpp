// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/histories/offence_families.h"

// What every statement must meet, whatever its kind.
namespace holdfast::testing {
namespace {

template <typename Edit>
std::function<Offence(Scene&)> statement_with(Edit edit) {
  return [edit](Scene& scene) {
    AskingVillage& v = scene.bay();
    return edited(v, v.record("seen"), v.guardians,
                  [&](model::Statement& statement) { edit(statement, v); });
  };
}

std::function<Offence(Scene&)> record_signed_by(std::function<Keys(AskingVillage&)> who) {
  return [who](Scene& scene) {
    AskingVillage& v = scene.bay();
    return by(v, v.record("seen"), who(v));
  };
}

template <typename Change>
std::function<Offence(Scene&)> record_with_signature(Change change) {
  return [change](Scene& scene) {
    AskingVillage& v = scene.bay();
    Offence out = by(v, v.record("seen"), v.guardians);
    change(out.statement.signatures[0]);
    return out;
  };
}

std::function<Offence(Scene&)> after_exit(std::function<Offence(Scene&)> make) {
  return [make](Scene& scene) {
    scene.bay().admit(model::Exit{}, scene.bay().council);
    return make(scene);
  };
}

}  // namespace

std::vector<Case> statement_cases() {
  return {
      {"STMT-1", "ARecordForAnotherVillage", Side::kBay,
       statement_with([](auto& s, auto&) { s.village.bytes[0] ^= std::byte{1}; })},
      {"STMT-2", "AKeyEventThatOnlyPeersSee", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return edited(v, model::KeyEvent{1, model::WitnessChange{v.stranger.public_key()}},
                       v.council, [](auto& s) { s.visibility = model::Visibility::kPeers; });
       }},
      {"STMT-2", "AGrantThatOnlyGuardiansSee", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return edited(v, v.audit_grant(), v.guardians,
                       [](auto& s) { s.visibility = model::Visibility::kGuardians; });
       }},
      {"STMT-2", "AnInferenceThatOnlyGuardiansSee", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return edited(v, scene.two().answer(), {&v.agent},
                       [](auto& s) { s.visibility = model::Visibility::kGuardians; });
       }},
      {"TIME-1", "AClockElevenMinutesAhead", Side::kBay,
       statement_with([](auto& s, auto&) { s.issued_at += 11 * kMinute; })},
      {"TIME-2", "APlaceTooLate", Side::kBay, statement_with([](auto& s, auto& v) {
         s.issued_at -= kHour;
         s.sequence_by = v.now - 1;
       })},
      {"TIME-3", "APlaceBeforeItWasIssued", Side::kBay, statement_with([](auto& s, auto& v) {
         s.issued_at = v.now + kMinute;
         s.sequence_by = v.now;
       })},
      {"TIME-3", "AWaitOfMoreThanAYear", Side::kBay,
       statement_with([](auto& s, auto&) { s.sequence_by = s.issued_at + 366 * kDay + 1; })},
      {"BASIS-2", "ABasisThatIsNotSealed", Side::kBay,
       statement_with([](auto& s, auto&) { s.basis.size.value -= 1; })},
      {"BASIS-2", "ABasisThatIsYetToCome", Side::kBay,
       statement_with([](auto& s, auto&) { s.basis.size.value += 100; })},
      {"BASIS-2", "NoBasis", Side::kBay, statement_with([](auto& s, auto&) { s.basis = {}; })},
      {"BASIS-3", "TheBasisOfAnotherLog", Side::kBay,
       statement_with([](auto& s, auto&) { s.basis.root.bytes[0] ^= std::byte{1}; })},
      {"VILLAGE-1", "ARecordAfterTheEnd", Side::kBay, after_exit([](Scene& scene) {
         return by(scene.bay(), scene.bay().record("late"), scene.bay().guardians);
       })},
      {"VILLAGE-1", "AGrantAfterTheEnd", Side::kBay, after_exit([](Scene& scene) {
         return by(scene.bay(), scene.bay().audit_grant(), scene.bay().guardians);
       })},
      {"VILLAGE-1", "AnAnswerAfterTheEnd", Side::kBay,
       after_exit([](Scene& scene) { return by_agent(scene.bay(), scene.two().answer()); })},
      {"VILLAGE-1", "ARestorationAfterTheEnd", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         v.admit(v.change(v.record_id, model::Withdraw{}), {&v.guardian1});
         v.admit(model::Exit{}, v.council);
         return by(v, v.change(v.record_id, model::Restore{}), v.guardians);
       }},
      {"VILLAGE-1", "ASecondEnd", Side::kBay, after_exit([](Scene& scene) {
         return by(scene.bay(), model::Exit{}, scene.bay().council);
       })},
      {"STATE-1", "ASlugThatIsTaken", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, v.domain_named("records", {&v.guardian1}),
                   {&v.council1, &v.council2, &v.guardian1});
       }},
      {"STATE-1", "ARevocationGivenTwice", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         v.admit(model::Revocation{v.domain, scene.two().bay_grant}, {&v.guardian1});
         return by(v, model::Revocation{v.domain, scene.two().bay_grant}, {&v.guardian2});
       }},
      {"STATE-1", "TheSameRecordByOtherGuardians", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         const auto statement = v.statement(v.record("twice"));
         CHECK(v.ledger.append(sign(statement, v.guardians), v.now).has_value());
         return Offence{sign(statement, {&v.guardian2, &v.guardian3}), v.now, std::nullopt};
       },
       kKnowsItAlready},
      {"STATE-1", "AWithdrawalUsedAgainAfterARestoration", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         const auto withdrawal = v.statement(v.change(v.record_id, model::Withdraw{}));
         CHECK(v.ledger.append(sign(withdrawal, {&v.guardian1}), v.now).has_value());
         v.admit(v.change(v.record_id, model::Restore{}), v.guardians);
         return Offence{sign(withdrawal, {&v.guardian2}), v.now, std::nullopt};
       },
       kKnowsItAlready},
      {"SIG-2", "AWayThatFitsNoBatch", Side::kBay,
       record_with_signature([](auto& signature) { signature.batch_path.emplace_back(); })},
      {"SIG-2", "APlaceBeyondTheBatch", Side::kBay,
       record_with_signature([](auto& signature) { signature.batch_index = {1}; })},
      {"SIG-3", "AStrangersRecord", Side::kBay,
       record_signed_by([](auto& v) { return Keys{&v.stranger}; })},
      {"SIG-4", "ASignatureWithABitChanged", Side::kBay,
       record_with_signature([](auto& signature) { signature.signature[9] ^= std::byte{1}; })},
      {"SIG-4", "ASignatureOfAnotherBatch", Side::kBay, record_with_signature([](auto& signature) {
         signature.batch_size = {2};
         signature.batch_path.emplace_back();
       })},
      {"SIGN-1", "TheCouncilForADomain", Side::kBay,
       record_signed_by([](auto& v) { return v.council; })},
      {"SIGN-1", "TheOperatorBesideTheGuardians", Side::kBay, record_signed_by([](auto& v) {
         return Keys{&v.guardian1, &v.guardian2, &v.operator_key};
       })},
      {"SIGN-2", "OneGuardianAlone", Side::kBay,
       record_signed_by([](auto& v) { return Keys{&v.guardian1}; })},
      {"SIGN-2", "HalfOfTheCouncilForAnUpgrade", Side::kOld,
       [](Scene& scene) { return by(scene.old(), model::Upgrade{2}, {&scene.old().council1}); }},
      {"SIGN-3", "ADomainThatOneOfItsGuardiansDidNotSign", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, v.domain_named("songs", {&v.guardian1, &v.guardian2}),
                   {&v.council1, &v.council2, &v.guardian1});
       }},
      {"RULES-2", "AShapeUnderRules1", Side::kOld,
       [](Scene& scene) {
         FoundedVillage& v = scene.old();
         model::ShapeTemplate shape;
         shape.operation = model::Operation::kExcerpts;
         shape.title = "Excerpts";
         shape.items_max = shape.characters_max = 1;
         return by(v, model::Shape{v.domain, shape}, {&v.guardian1, &v.guardian2});
       }},
      {"RULES-2", "AnExitUnderRules1", Side::kOld,
       [](Scene& scene) {
         return by(scene.old(), model::Exit{}, {&scene.old().council1, &scene.old().council2});
       }},
      {"RULES-2", "ACopyThatNamesItsGrantUnderRules1", Side::kOld,
       [](Scene& scene) {
         FoundedVillage& v = scene.old();
         model::Record copy = v.record("a copy");
         copy.origin = model::CopyOrigin{v.domain, v.domain, v.domain};
         return by(v, copy, {&v.guardian1, &v.guardian2});
       }},
      {"UPGRADE-1", "AnUpgradeThatSkipsAVersion", Side::kOld,
       [](Scene& scene) {
         return by(scene.old(), model::Upgrade{3}, {&scene.old().council1, &scene.old().council2});
       }},
      {"UPGRADE-1", "AnUpgradeToTheRulesInForce", Side::kBay,
       [](Scene& scene) { return by(scene.bay(), model::Upgrade{2}, scene.bay().council); }},
  };
}

}  // namespace holdfast::testing
