// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/histories/offence_families.h"

// Records, and what becomes of them.
namespace holdfast::testing {
namespace {

template <typename Edit>
std::function<Offence(Scene&)> record_with(Edit edit) {
  return [edit](Scene& scene) {
    AskingVillage& v = scene.bay();
    model::Record record = v.record("seen");
    edit(record, scene);
    return by(v, record, v.guardians);
  };
}

template <typename Step>
std::function<Offence(Scene&)> change_of(std::function<StatementId(AskingVillage&)> which,
                                         Step step) {
  return [which, step](Scene& scene) {
    AskingVillage& v = scene.bay();
    const StatementId id = which(v);
    const bool withdraws = std::is_same_v<Step, model::Withdraw>;
    return by(v, v.change(id, step), withdraws ? Keys{&v.guardian1} : v.guardians);
  };
}

StatementId withdrawn(AskingVillage& v) {
  v.admit(v.change(v.record_id, model::Withdraw{}), {&v.guardian1});
  return v.record_id;
}
StatementId erased(AskingVillage& v) {
  v.admit(v.change(v.record_id, model::Erase{}), v.guardians);
  return v.record_id;
}
StatementId as_it_is(AskingVillage& v) { return v.record_id; }

// A domain of its own, and a record in it.
struct Ward {
  crypto::SigningKey nurse = key_named("nurse");
  StatementId id;
  StatementId record;
  explicit Ward(AskingVillage& v) {
    id = v.admit(v.domain_named("ward", {&nurse}), {&v.council1, &v.council2, &nurse});
    model::Record out = v.record("of the ward");
    out.domain = id;
    out.guardianship.guardians = {nurse.id()};
    record = v.admit(out, {&nurse});
  }
};

// The bay's record in the clinic, as a copy under the bay's grant, which was seen or not.
template <typename Edit>
std::function<Offence(Scene&)> copy_with(bool seen, Edit edit) {
  return [seen, edit](Scene& scene) {
    TwoVillages& two = scene.two();
    model::Record copy = two.clinic.record("the kelp was thick");
    copy.origin = model::CopyOrigin{two.bay.village, two.bay.record_id, two.bay_grant};
    edit(*copy.origin, two);
    if (seen)
      two.clinic.admit_by_agent(
          two.receipt(model::ReceiptOf::kAnswer, two.bay.admit_by_agent(two.answer())));
    return by(two.clinic, copy, two.clinic.guardians);
  };
}

}  // namespace

std::vector<Case> record_cases() {
  return {
      {"RECORD-1", "ARecordOfNoDomain", Side::kBay,
       record_with([](auto& r, Scene& scene) { r.domain = scene.bay().record_id; })},
      {"RECORD-1", "ARecordOfTheVillage", Side::kBay,
       record_with([](auto& r, Scene& scene) { r.domain = scene.bay().village; })},
      {"RECORD-2", "ARecordGuardedByAStranger", Side::kBay, record_with([](auto& r, Scene& scene) {
         r.guardianship.guardians = {scene.bay().stranger.id()};
       })},
      {"RECORD-2", "ARecordGuardedByTheCouncil", Side::kBay, record_with([](auto& r, Scene& scene) {
         r.guardianship.guardians = {scene.bay().council1.id()};
       })},
      {"RECORD-3", "ACopyOfOurOwn", Side::kBay, record_with([](auto& r, Scene& scene) {
         r.origin = model::CopyOrigin{scene.bay().village, scene.bay().record_id,
                                      scene.two().clinic_grant};
       })},
      {"RECORD-4", "ACopyThatNamesNoGrant", Side::kClinic,
       copy_with(true, [](auto& origin, auto&) { origin.grant = std::nullopt; })},
      {"RECORD-4", "ACopyUnderAGrantThatWasNeverSeen", Side::kClinic,
       copy_with(false, [](auto&, auto&) {})},
      {"RECORD-4", "ACopyUnderAGrantThatDoesNotShare", Side::kClinic,
       copy_with(true,
                 [](auto& origin, TwoVillages& two) {
                   auto grant = two.grant(two.bay, two.bay_agreement);
                   grant.operations.share = false;
                   two.bay_grant = two.bay.admit(grant, two.bay.guardians);
                   origin.grant = two.bay_grant;
                 })},
      {"CHANGE-1", "AWithdrawalOfNoRecord", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, model::RecordChange{v.domain, 0, model::Withdraw{}}, {&v.guardian1});
       }},
      {"CHANGE-2", "AnErasureOfAnotherVersion", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, model::RecordChange{v.record_id, 2, model::Erase{}}, v.guardians);
       }},
      {"CHANGE-2", "AWithdrawalThatNamesAVersion", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, model::RecordChange{v.record_id, 1, model::Withdraw{}}, {&v.guardian1});
       }},
      {"CHANGE-3", "ASecondWithdrawal", Side::kBay, change_of(withdrawn, model::Withdraw{})},
      {"CHANGE-3", "ARestorationOfWhatIsThere", Side::kBay, change_of(as_it_is, model::Restore{})},
      {"CHANGE-3", "ARestorationOfWhatIsErased", Side::kBay, change_of(erased, model::Restore{})},
      {"CHANGE-3", "ASecondErasure", Side::kBay, change_of(erased, model::Erase{})},
      {"CHANGE-3", "AHandOverOfWhatIsWithdrawn", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         const Ward ward(v);
         const StatementId id = withdrawn(v);
         return by(v, v.change(id, model::HandOver{ward.id}),
                   {&v.guardian1, &v.guardian2, &ward.nurse});
       }},
      {"CHANGE-4", "ARecordThatSucceedsItself", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, v.change(v.record_id, model::Supersede{v.record_id}), v.guardians);
       }},
      {"CHANGE-4", "ASuccessorThatIsNoRecord", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, v.change(v.record_id, model::Supersede{v.domain}), v.guardians);
       }},
      {"CHANGE-4", "ASuccessorThatIsWithdrawn", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         v.admit(v.change(v.hidden_id, model::Withdraw{}), {&v.guardian1});
         return by(v, v.change(v.record_id, model::Supersede{v.hidden_id}), v.guardians);
       }},
      {"CHANGE-4", "ASuccessorOfAnotherDomain", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         const Ward ward(v);
         return by(v, v.change(v.record_id, model::Supersede{ward.record}), v.guardians);
       }},
      {"CHANGE-5", "AHandOverToItsOwnDomain", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, v.change(v.record_id, model::HandOver{v.domain}), v.guardians);
       }},
      {"CHANGE-5", "AHandOverToNoDomain", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, v.change(v.record_id, model::HandOver{v.village}), v.guardians);
       }},
      {"SIGN-2", "AHandOverThatNobodyTakes", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         const Ward ward(v);
         return by(v, v.change(v.record_id, model::HandOver{ward.id}), v.guardians);
       }},
      {"SIGN-2", "AnErasureByOneGuardian", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, v.change(v.record_id, model::Erase{}), {&v.guardian1});
       }},
  };
}

}  // namespace holdfast::testing
