// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "tests/histories/offence_families.h"

// Receipts, compositions and transfers: the clinic keeps what it has of the bay.
namespace holdfast::testing {
namespace {

using model::ReceiptOf;

StatementId received(TwoVillages& two) {
  return two.clinic.admit_by_agent(
      two.receipt(ReceiptOf::kAnswer, two.bay.admit_by_agent(two.answer())));
}

void revoke(TwoVillages& two) {
  two.bay.admit(model::Revocation{two.bay.domain, two.bay_grant}, {&two.bay.guardian1});
}

// The receipt of an answer, which `edit` may spoil.
template <typename Edit>
std::function<Offence(Scene&)> receipt_with(Edit edit) {
  return [edit](Scene& scene) {
    TwoVillages& two = scene.two();
    model::Receipt receipt = two.receipt(ReceiptOf::kAnswer, two.bay.admit_by_agent(two.answer()));
    edit(receipt, two);
    return by_agent(two.clinic, receipt);
  };
}

// A receipt of whatever `make` makes.
std::function<Offence(Scene&)> receipt_of(std::function<model::Receipt(TwoVillages&)> make) {
  return [make](Scene& scene) {
    model::Receipt receipt = make(scene.two());
    receipt.sequence = scene.clinic().ledger.size().value + 1;
    return by_agent(scene.clinic(), std::move(receipt));
  };
}

template <typename Edit>
std::function<Offence(Scene&)> composition_with(Edit edit) {
  return [edit](Scene& scene) {
    TwoVillages& two = scene.two();
    model::Composition composition = two.composition(received(two));
    edit(composition, two);
    composition.sequence = two.clinic.ledger.size().value + 1;
    return by_agent(two.clinic, composition);
  };
}

model::Transfer taken_over(const TwoVillages& two) {
  model::Transfer in = two.transfer();
  in.sequence = two.clinic.ledger.size().value + 1;
  in.direction = model::Direction::kIn;
  in.agreement = two.clinic_agreement;
  in.hops = {two.bay.village};
  return in;
}

template <typename Edit>
std::function<Offence(Scene&)> transfer_in_with(Edit edit) {
  return [edit](Scene& scene) {
    TwoVillages& two = scene.two();
    received(two);
    model::Transfer in = taken_over(two);
    edit(in, two);
    return by_agent(two.clinic, in);
  };
}

template <typename Edit>
std::function<Offence(Scene&)> transfer_out_with(Edit edit) {
  return [edit](Scene& scene) {
    TwoVillages& two = scene.two();
    model::Transfer out = two.transfer();
    edit(out, two);
    out.sequence = two.bay.ledger.size().value + 1;
    return by_agent(two.bay, out);
  };
}

// The clinic holds a copy of the bay's record, and hands it on to the inlet.
class HandingOn {
 public:
  HandingOn(Scene& scene, model::Onward onward) : HandingOn(scene, onward, [](model::Grant&) {}) {}
  // `edit` may change what the bay grants the inlet.
  template <typename Edit>
  HandingOn(Scene& scene, model::Onward onward, Edit edit)
      : two_(scene.two()), inlet_(scene.inlet()) {
    auto grant = two_.grant(two_.bay, two_.bay_agreement);
    grant.onward = onward;
    two_.bay_grant = two_.bay.admit(grant, two_.bay.guardians);
    received(two_);
    model::Record copied = two_.clinic.record("the kelp was thick");
    copied.policy = {true, true, false, false, false};
    copied.origin = model::CopyOrigin{two_.bay.village, two_.bay.record_id, two_.bay_grant};
    copy = two_.clinic.admit(copied, two_.clinic.guardians);
    clinic_with_inlet = meet(two_.clinic);
    clinic_to_inlet =
        two_.clinic.admit(two_.grant(two_.clinic, clinic_with_inlet), two_.clinic.guardians);
    bay_with_inlet = meet(two_.bay);
    model::Grant direct = two_.grant(two_.bay, bay_with_inlet);
    edit(direct);
    bay_to_inlet = two_.bay.admit(direct, two_.bay.guardians);
    two_.bay.seal();
  }

  // The clinic is shown the bay's own grant to the inlet.
  void show() {
    model::Receipt seen;
    seen.sequence = two_.clinic.ledger.size().value;
    seen.agreement = two_.clinic_agreement;
    seen.acknowledges = ReceiptOf::kGrant;
    seen.of = bay_to_inlet;
    seen.state = peer_state(two_.bay, {{model::StateClass::kGrant, bay_to_inlet},
                                       {model::StateClass::kAgreement, bay_with_inlet},
                                       {model::StateClass::kDomain, two_.bay.domain}});
    two_.clinic.admit_by_agent(seen);
  }

  Offence hand_on(std::vector<model::ForeignId> onward) {
    model::Transfer out;
    out.sequence = two_.clinic.ledger.size().value + 1;
    out.agreement = clinic_with_inlet;
    out.grant = clinic_to_inlet;
    out.records = {copy};
    out.onward = std::move(onward);
    out.hops = {two_.bay.village};
    return by_agent(two_.clinic, out);
  }
  std::vector<model::ForeignId> bays_grant() const { return {{two_.bay.village, bay_to_inlet}}; }

  StatementId copy;
  StatementId clinic_with_inlet;
  StatementId clinic_to_inlet;
  StatementId bay_with_inlet;
  StatementId bay_to_inlet;

 private:
  StatementId meet(AskingVillage& of) {
    model::Terms terms = two_.terms();
    terms.village_low = std::min(of.village, inlet_.village);
    terms.village_high = std::max(of.village, inlet_.village);
    if (of.ledger.basis().size != of.ledger.size()) of.seal();
    const StatementId id = of.admit(two_.offer(of, inlet_, terms), of.council);
    const auto both =
        two_.consents(terms, {&of.council1, &of.council2, &inlet_.council1, &inlet_.council2});
    of.admit(model::Agreement{id, 1, model::Acceptance{both}}, of.council);
    of.seal();
    return id;
  }

  TwoVillages& two_;
  AskingVillage& inlet_;
};

std::vector<Case> composition_cases() {
  return {
      {"COMPOSE-1", "ACompositionOfNoReceipt", Side::kClinic,
       composition_with([](auto& c, TwoVillages& two) { c.inputs = {two.clinic.record_id}; })},
      {"COMPOSE-1", "AnAnswerForARefusal", Side::kClinic,
       composition_with([](auto& c, TwoVillages&) { c.refusals = c.inputs; })},
      {"COMPOSE-1", "ACompositionOfWhatWasRejected", Side::kClinic,
       composition_with([](auto& c, TwoVillages& two) {
         model::Receipt rejected;
         rejected.sequence = two.clinic.ledger.size().value;
         rejected.agreement = two.clinic_agreement;
         rejected.acknowledges = ReceiptOf::kAnswer;
         rejected.rejected = "a proof did not hold";
         c.inputs = {two.clinic.admit_by_agent(rejected)};
       })},
      {"COMPOSE-2", "ACompositionUnderARevokedGrant", Side::kClinic,
       composition_with([](auto&, TwoVillages& two) {
         revoke(two);
         two.clinic.admit_by_agent(two.receipt(ReceiptOf::kRevocation, two.bay_grant));
       })},
      {"COMPOSE-2", "ACompositionUnderAGrantThatIsOver", Side::kClinic,
       composition_with([](auto&, TwoVillages& two) { two.clinic.now += 30 * kDay; })},
      {"COMPOSE-2", "ACompositionUnderASuspendedAgreement", Side::kClinic,
       composition_with([](auto&, TwoVillages& two) {
         two.clinic.admit(model::Agreement{two.clinic_agreement, 0, model::Suspension{}},
                          {&two.clinic.council1});
       })},
      {"COMPOSE-3", "APurposeThatOneOfTheGrantsDoesNotName", Side::kClinic,
       composition_with([](auto& c, TwoVillages&) { c.purpose = "trade"; })},
      {"COMPOSE-4", "AnotherGrantThanItsInputsHave", Side::kClinic,
       composition_with([](auto& c, TwoVillages& two) {
         c.grants = {{two.bay.village, two.bay.domain}};
       })},
      {"COMPOSE-4", "ARecordOfAVillageThatGaveNothing", Side::kClinic,
       composition_with([](auto& c, TwoVillages& two) {
         c.used = {{two.clinic.village, two.clinic.record_id}};
       })},
      {"COMPOSE-5", "AModelOfAnothers", Side::kClinic,
       composition_with([](auto& c, TwoVillages& two) { c.model = two.bay_grant; })},
      {"COMPOSE-5", "ACompositionByARetiredModel", Side::kClinic,
       composition_with([](auto& c, TwoVillages& two) {
         two.clinic.admit(model::Model{two.clinic.domain, model::Retire{two.clinic.model_id}},
                          {&two.clinic.guardian1});
         c.model = two.clinic.model_id;
       })},
  };
}

}  // namespace

std::vector<Case> receipt_cases() {
  std::vector<Case> out{
      {"RECEIPT-1", "AReceiptUnderNoAgreement", Side::kClinic,
       receipt_with([](auto& r, TwoVillages& two) { r.agreement = two.bay_agreement; })},
      {"RECEIPT-1", "AReceiptUnderAnOffer", Side::kInlet,
       [](Scene& scene) {
         TwoVillages& two = scene.two();
         AskingVillage& inlet = scene.inlet();
         model::Terms terms = two.terms();
         terms.village_low = std::min(inlet.village, two.clinic.village);
         terms.village_high = std::max(inlet.village, two.clinic.village);
         model::Receipt receipt;
         receipt.agreement = inlet.admit(two.offer(inlet, two.clinic, terms), inlet.council);
         receipt.sequence = 1;
         receipt.acknowledges = ReceiptOf::kRefusal;
         receipt.rejected = "a proof did not hold";
         return by_agent(inlet, receipt);
       }},
      {"RECEIPT-2", "AReceiptThatProvesNothing", Side::kClinic,
       receipt_with([](auto& r, TwoVillages&) { r.state = std::nullopt; })},
      {"RECEIPT-2", "ARejectionThatProvesSomething", Side::kClinic,
       receipt_with([](auto& r, TwoVillages&) { r.rejected = "a proof did not hold"; })},
      {"RECEIPT-2", "AnAnswerThatCarriesARevocation", Side::kClinic,
       receipt_with([](auto& r, TwoVillages& two) {
         r.revocation = two.bay.ledger.items().back().signed_statement;
       })},
      {"RECEIPT-3", "AnAnswerUnderAnAgreementOfOursThatIsSuspended", Side::kClinic,
       receipt_with([](auto& r, TwoVillages& two) {
         two.clinic.admit(model::Agreement{two.clinic_agreement, 0, model::Suspension{}},
                          {&two.clinic.council1});
         r.sequence = two.clinic.ledger.size().value;
       })},
      {"RECEIPT-4", "ARefusalForAnAnswer", Side::kClinic, receipt_of([](TwoVillages& two) {
         return two.receipt(ReceiptOf::kAnswer, two.bay.admit_by_agent(two.refusal("silent")));
       })},
      {"RECEIPT-4", "AnAnswerForARefusal", Side::kClinic, receipt_of([](TwoVillages& two) {
         return two.receipt(ReceiptOf::kRefusal, two.bay.admit_by_agent(two.answer()));
       })},
      {"RECEIPT-4", "ADeletionOfNoTransfer", Side::kClinic, receipt_of([](TwoVillages& two) {
         return two.receipt(ReceiptOf::kDeletion, two.clinic.record_id);
       })},
      {"RECEIPT-5", "AnAnswerUnderAGrantThatWasRevoked", Side::kClinic,
       receipt_of([](TwoVillages& two) {
         const StatementId answered = two.bay.admit_by_agent(two.answer());
         revoke(two);
         return two.receipt(ReceiptOf::kAnswer, answered);
       })},
      {"RECEIPT-5", "AnAnswerUnderAGrantThatIsOverByNow", Side::kClinic,
       receipt_with([](auto&, TwoVillages& two) { two.clinic.now += 30 * kDay; })},
      {"RECEIPT-6", "AnAnswerFromBeforeARevocationThatIsKnown", Side::kClinic,
       receipt_of([](TwoVillages& two) {
         received(two);
         const auto old = two.receipt(ReceiptOf::kAnswer, two.bay.admit_by_agent(two.answer()));
         revoke(two);
         two.clinic.admit_by_agent(two.receipt(ReceiptOf::kRevocation, two.bay_grant));
         return old;
       })},
      {"RECEIPT-7", "ARevocationOfAGrantThatIsNotKnown", Side::kClinic,
       receipt_of([](TwoVillages& two) {
         revoke(two);
         return two.receipt(ReceiptOf::kRevocation, two.bay_grant);
       })},
      {"RECEIPT-8", "ARevocationThatNobodyProves", Side::kClinic, receipt_of([](TwoVillages& two) {
         received(two);
         return two.receipt(ReceiptOf::kRevocation, two.bay_grant);
       })},
      {"RECEIPT-8", "ARevocationOfSomethingElseThatWasCarried", Side::kClinic,
       receipt_of([](TwoVillages& two) {
         received(two);
         auto receipt = two.receipt(ReceiptOf::kRevocation, two.bay_grant);
         receipt.state =
             two.bay_state({{model::StateClass::kAuthority, two.bay.domain}}, two.bay_grant);
         receipt.revocation = model::encode_signed_statement(
             sign(two.bay.statement(model::Revocation{two.bay.domain, two.bay.record_id}),
                  {&two.bay.guardian3}));
         return receipt;
       })},
      {"SIG-4", "ACarriedRevocationWithABitOfItsSignatureChanged", Side::kClinic,
       receipt_of([](TwoVillages& two) {
         received(two);
         auto receipt = two.receipt(ReceiptOf::kRevocation, two.bay_grant);
         receipt.state =
             two.bay_state({{model::StateClass::kAuthority, two.bay.domain}}, two.bay_grant);
         auto carried = sign(two.bay.statement(model::Revocation{two.bay.domain, two.bay_grant}),
                             {&two.bay.guardian3});
         carried.signatures[0].signature[9] ^= std::byte{1};
         receipt.revocation = model::encode_signed_statement(carried);
         return receipt;
       })},
      {"PEER-5", "AnAnswerThatIsNotShown", Side::kClinic, receipt_of([](TwoVillages& two) {
         auto receipt = two.receipt(ReceiptOf::kAnswer, two.bay.admit_by_agent(two.answer()));
         receipt.of = two.bay.record_id;
         return receipt;
       })},
      {"AGENT-1", "AReceiptByTheCouncil", Side::kClinic,
       [](Scene& scene) {
         TwoVillages& two = scene.two();
         return by(two.clinic,
                   two.receipt(ReceiptOf::kAnswer, two.bay.admit_by_agent(two.answer())),
                   two.clinic.council);
       }},
  };
  auto more = composition_cases();
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

std::vector<Case> transfer_cases() {
  return {
      {"TRANSFER-1", "ATransferUnderNoAgreement", Side::kBay,
       transfer_out_with([](auto& t, TwoVillages& two) { t.agreement = two.clinic_agreement; })},
      {"TRANSFER-1", "ATransferUnderASuspendedAgreement", Side::kBay,
       transfer_out_with([](auto&, TwoVillages& two) {
         two.bay.admit(model::Agreement{two.bay_agreement, 0, model::Suspension{}},
                       {&two.bay.council1});
       })},
      {"TRANSFER-2", "ATransferInUnderAGrantThatWasNeverSeen", Side::kClinic,
       [](Scene& scene) { return by_agent(scene.clinic(), taken_over(scene.two())); }},
      {"TRANSFER-2", "ATransferInUnderAGrantThatDoesNotShare", Side::kClinic,
       [](Scene& scene) {
         TwoVillages& two = scene.two();
         auto grant = two.grant(two.bay, two.bay_agreement);
         grant.operations.share = false;
         two.bay_grant = two.bay.admit(grant, two.bay.guardians);
         received(two);
         return by_agent(two.clinic, taken_over(two));
       }},
      {"TRANSFER-3", "ATransferInFromNowhere", Side::kClinic,
       transfer_in_with([](auto& t, TwoVillages&) { t.hops.clear(); })},
      {"TRANSFER-3", "ATransferInThatCameThroughUs", Side::kClinic,
       transfer_in_with([](auto& t, TwoVillages& two) {
         t.hops = {two.clinic.village, two.bay.village};
       })},
      {"USE-1", "ATransferUnderARevokedGrant", Side::kBay,
       transfer_out_with([](auto&, TwoVillages& two) { revoke(two); })},
      {"USE-3", "ATransferUnderAGrantThatOnlyAnswers", Side::kBay,
       transfer_out_with([](auto& t, TwoVillages& two) {
         auto grant = two.grant(two.bay, two.bay_agreement);
         grant.operations.share = false;
         t.grant = two.bay.admit(grant, two.bay.guardians);
       })},
      {"USE-5", "ATransferOfWhatMayNotBeShared", Side::kBay,
       transfer_out_with([](auto& t, TwoVillages& two) { t.records = {two.bay.hidden_id}; })},
      {"USE-6", "ACopyHandedOnWithoutItsOriginsGrant", Side::kClinic,
       [](Scene& scene) {
         HandingOn on(scene, model::Onward::kWithOriginsGrant);
         on.show();
         return on.hand_on({});
       }},
      {"USE-6", "ACopyHandedOnUnderAGrantThatWasNeverSeen", Side::kClinic,
       [](Scene& scene) {
         HandingOn on(scene, model::Onward::kWithOriginsGrant);
         return on.hand_on(on.bays_grant());
       }},
      {"USE-6", "ACopyHandedOnUnderTheGrantToUs", Side::kClinic,
       [](Scene& scene) {
         HandingOn on(scene, model::Onward::kWithOriginsGrant);
         return on.hand_on({{scene.bay().village, scene.two().bay_grant}});
       }},
      {"USE-6", "ACopyHandedOnToWhoMayOnlyAskItsOrigin", Side::kClinic,
       [](Scene& scene) {
         HandingOn on(scene, model::Onward::kWithOriginsGrant,
                      [](model::Grant& grant) { grant.operations.share = false; });
         on.show();
         return on.hand_on(on.bays_grant());
       }},
      {"USE-6", "ACopyHandedOnThatItsOriginDoesNotName", Side::kClinic,
       [](Scene& scene) {
         HandingOn on(scene, model::Onward::kWithOriginsGrant, [&](model::Grant& grant) {
           grant.records = model::RecordIds{{scene.bay().hidden_id}};
         });
         on.show();
         return on.hand_on(on.bays_grant());
       }},
      {"USE-6", "ACopyHandedOnUnderLabelsOfItsOrigin", Side::kClinic,
       [](Scene& scene) {
         HandingOn on(scene, model::Onward::kWithOriginsGrant,
                      [](model::Grant& grant) { grant.records = model::RecordLabels{{"TK A"}}; });
         on.show();
         return on.hand_on(on.bays_grant());
       }},
      {"USE-6", "ACopyHandedOnThatNeverMight", Side::kClinic,
       [](Scene& scene) {
         HandingOn on(scene, model::Onward::kNone);
         on.show();
         return on.hand_on(on.bays_grant());
       }},
      {"USE-6", "ACopyHandedOnAfterItsOriginTookItBack", Side::kClinic,
       [](Scene& scene) {
         HandingOn on(scene, model::Onward::kWithOriginsGrant);
         on.show();
         revoke(scene.two());
         scene.clinic().admit_by_agent(
             scene.two().receipt(ReceiptOf::kRevocation, scene.two().bay_grant));
         return on.hand_on(on.bays_grant());
       }},
  };
}

}  // namespace holdfast::testing
