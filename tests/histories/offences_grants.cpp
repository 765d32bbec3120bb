// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/histories/offence_families.h"

// Consent given and taken back, and what is used under it.
namespace holdfast::testing {
namespace {

// Of the bay's guardians, to an auditor.
template <typename Edit>
std::function<Offence(Scene&)> audit_with(Edit edit) {
  return [edit](Scene& scene) {
    AskingVillage& v = scene.bay();
    model::Grant grant = v.audit_grant();
    edit(grant, v);
    return by(v, grant, grant.domain == v.village ? v.council : v.guardians);
  };
}

// Of the bay's guardians, to the clinic.
template <typename Edit>
std::function<Offence(Scene&)> grant_with(Edit edit) {
  return [edit](Scene& scene) {
    TwoVillages& two = scene.two();
    model::Grant grant = two.grant(two.bay, two.bay_agreement);
    edit(grant, two);
    return by(two.bay, grant,
              grant.domain == two.bay.village ? two.bay.council : two.bay.guardians);
  };
}

}  // namespace

std::vector<Case> grant_cases() {
  return {
      {"GRANT-1", "AGrantOfNoDomain", Side::kBay,
       audit_with([](auto& g, auto& v) { g.domain = v.record_id; })},
      {"GRANT-1", "ARevocationOfNoDomain", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, model::Revocation{v.record_id, scene.two().bay_grant}, {&v.guardian1});
       }},
      {"GRANT-2", "AGrantOfTheCouncilToAVillage", Side::kBay,
       grant_with([](auto& g, TwoVillages& two) { g.domain = two.bay.village; })},
      {"GRANT-2", "AGrantOfTheCouncilToMirror", Side::kBay, audit_with([](auto& g, auto& v) {
         g.domain = v.village;
         g.operations.mirror = true;
       })},
      {"GRANT-3", "AGrantToNoAgreement", Side::kBay, grant_with([](auto& g, TwoVillages& two) {
         g.grantee = model::AgreementGrantee{two.bay.domain};
       })},
      {"GRANT-3", "AGrantToASuspendedAgreement", Side::kBay,
       grant_with([](auto&, TwoVillages& two) {
         two.bay.admit(model::Agreement{two.bay_agreement, 0, model::Suspension{}},
                       {&two.bay.council1});
       })},
      {"GRANT-4", "AGrantOfNothing", Side::kBay,
       audit_with([](auto& g, auto&) { g.operations = {}; })},
      {"GRANT-4", "AnAuditorWhoMayAsk", Side::kBay,
       audit_with([](auto& g, auto&) { g.operations.query = true; })},
      {"GRANT-4", "AnAuditorWhoMayTrain", Side::kBay,
       audit_with([](auto& g, auto&) { g.operations.train = true; })},
      {"GRANT-5", "AGrantThatEndsAsItBegins", Side::kBay,
       audit_with([](auto& g, auto&) { g.not_before = g.not_after; })},
      {"GRANT-5", "AGrantThatIsOver", Side::kBay, audit_with([](auto& g, auto& v) {
         g.not_before = v.now - kDay;
         g.not_after = v.now;
       })},
      {"GRANT-5", "AGrantForMoreThanAYear", Side::kBay,
       audit_with([](auto& g, auto& v) { g.not_after = v.now + 366 * kDay + 1; })},
      {"GRANT-6", "AGrantOfAnothersShape", Side::kBay,
       grant_with([](auto& g, TwoVillages& two) { g.shapes = {two.clinic.count_id}; })},
      {"GRANT-6", "AGrantOfARetiredShape", Side::kBay, grant_with([](auto&, TwoVillages& two) {
         two.bay.admit(model::Shape{two.bay.domain, model::Retire{two.bay.count_id}},
                       {&two.bay.guardian1});
       })},
      {"GRANT-7", "AGrantThatWasRevokedBefore", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         const Offence out = by(v, v.audit_grant(), v.guardians);
         v.admit(model::Revocation{v.domain, model::statement_id(out.statement.statement)},
                 {&v.guardian3});
         return out;
       }},
      {"GRANT-8", "AGrantToAskNothing", Side::kBay,
       grant_with([](auto& g, auto&) { g.shapes.clear(); })},
      {"SIGN-1", "ARevocationByTheCouncilForADomain", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, model::Revocation{v.domain, scene.two().bay_grant}, {&v.council1});
       }},
      {"SIGN-2", "AGrantByOneGuardian", Side::kBay,
       [](Scene& scene) {
         return by(scene.bay(), scene.bay().audit_grant(), {&scene.bay().guardian1});
       }},
  };
}

}  // namespace holdfast::testing
