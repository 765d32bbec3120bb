// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "ledger/model/note.h"
#include "tests/histories/offence_families.h"
#include "tests/rules/lying_log.h"

// Agreements, and what is shown of another village.
namespace holdfast::testing {
namespace {

// The inlet offers to the clinic, which it has not met.
model::Terms terms_of(Scene& scene, std::uint64_t revision = 1) {
  model::Terms out = scene.two().terms(revision);
  out.village_low = std::min(scene.inlet().village, scene.clinic().village);
  out.village_high = std::max(scene.inlet().village, scene.clinic().village);
  return out;
}

model::Agreement offer_of(Scene& scene, std::uint64_t revision = 1) {
  return scene.two().offer(scene.inlet(), scene.clinic(), terms_of(scene, revision));
}

Offence offered(Scene& scene, model::Agreement agreement) {
  return by(scene.inlet(), std::move(agreement), scene.inlet().council);
}

template <typename Edit>
std::function<Offence(Scene&)> offer_with(Edit edit) {
  return [edit](Scene& scene) {
    model::Agreement agreement = offer_of(scene);
    auto& offer = std::get<model::Offer>(agreement.step);
    edit(offer, scene);
    offer.terms.signatures = scene.two().consents(offer.terms.terms, scene.inlet().council);
    return offered(scene, std::move(agreement));
  };
}

// ... after the clinic's council has changed.
template <typename Edit>
std::function<Offence(Scene&)> offer_after_rotation(Edit edit) {
  return offer_with([edit](auto& offer, Scene& scene) {
    AskingVillage& clinic = scene.clinic();
    const Keys spares{&clinic.council_spare1, &clinic.council_spare2};
    clinic.admit(model::KeyEvent{1, model::CouncilRotation{{authority_of(2, spares),
                                                            next_of(1, {&clinic.guardian_spare1}),
                                                            {}}}},
                 spares);
    clinic.seal();
    offer = std::get<model::Offer>(offer_of(scene).step);
    edit(offer, scene);
  });
}

// ... whose clinic has an event in its log that its own rules do not allow: who edits it signs it.
template <typename Edit>
std::function<Offence(Scene&)> offer_after_lying(Edit edit) {
  return offer_with([edit](auto& offer, Scene& scene) {
    AskingVillage& clinic = scene.clinic();
    const crypto::SigningKey next = key_named("clinic, next operator");
    LyingLog log(clinic);
    model::OperatorChange change{next.public_key(), {log.size(), log.root()}};
    model::Statement event = clinic.statement(model::KeyEvent{1, change});
    edit(event);
    Keys signers = clinic.council;
    signers.push_back(&next);
    const LeafIndex at = log.sequence(sign(event, signers));
    const LeafIndex seal = log.seal(next);
    offer.state.history = {log.proven(at)};
    offer.state.checkpoint = log.checkpoint(next);
    offer.state.seal = log.proven(seal);
  });
}

std::function<Offence(Scene&)> accepted_by(std::function<Keys(Scene&)> who) {
  return [who](Scene& scene) {
    AskingVillage& inlet = scene.inlet();
    const StatementId id = inlet.admit(offer_of(scene), inlet.council);
    const auto signatures = scene.two().consents(terms_of(scene), who(scene));
    return offered(scene, model::Agreement{id, 1, model::Acceptance{signatures}});
  };
}

// A step of the bay's, which has an agreement with the clinic.
template <typename Step>
std::function<Offence(Scene&)> step_of_bay(std::uint64_t version, Step step) {
  return [version, step](Scene& scene) {
    TwoVillages& two = scene.two();
    return by(two.bay, model::Agreement{two.bay_agreement, version, step}, {&two.bay.council1});
  };
}

template <typename Step>
std::function<Offence(Scene&)> renewal(std::uint64_t version, std::uint64_t revision) {
  return [version, revision](Scene& scene) {
    TwoVillages& two = scene.two();
    const model::Terms terms = two.terms(revision);
    return by(
        two.bay,
        model::Agreement{two.bay_agreement, version, Step{{"", terms, two.both_consent(terms)}}},
        two.bay.council);
  };
}

std::vector<Case> peer_cases() {
  return {
      {"PEER-1", "TheGenesisOfAnother", Side::kInlet, offer_with([](auto& o, Scene& scene) {
         o.genesis = scene.bay().ledger.items()[0].signed_statement;
       })},
      {"PEER-1", "ASealForAGenesis", Side::kInlet, offer_with([](auto& o, Scene& scene) {
         o.genesis = scene.clinic().ledger.items()[1].signed_statement;
       })},
      {"PEER-2", "TheCheckpointOfAnother", Side::kInlet, offer_with([](auto& o, Scene& scene) {
         o.state.checkpoint = checkpoint_of(scene.bay());
         o.state.seal = proven_entry(scene.bay(), {scene.bay().ledger.size().value - 1});
       })},
      {"PEER-2", "ACheckpointWithABitOfItsSignatureChanged", Side::kInlet,
       offer_with([](auto& o, Scene&) {
         auto note = model::parse_note(o.state.checkpoint).value();
         note.signatures[0].signature[9] ^= std::byte{1};
         o.state.checkpoint = model::format_note(note);
       })},
      {"SIG-4", "APeersGenesisWithABitOfASignatureChanged", Side::kInlet,
       offer_with([](auto& o, Scene&) {
         auto parts = model::decode_signed_statement(o.genesis).value();
         parts.signatures[0].signature[9] ^= std::byte{1};
         o.genesis = model::encode_signed_statement(parts);
       })},
      {"PEER-3", "AHistoryWithWhatChangesNoKeys", Side::kInlet,
       offer_after_rotation([](auto& o, Scene& scene) {
         o.state.history.insert(o.state.history.begin(), proven_entry(scene.clinic(), {2}));
       })},
      {"PEER-3", "AHistoryWithAnEventTwice", Side::kInlet,
       offer_after_rotation(
           [](auto& o, Scene&) { o.state.history.push_back(o.state.history.back()); })},
      {"PEER-3", "AnOperatorNamedFromAnotherLog", Side::kInlet, offer_after_lying([](auto& event) {
         auto& change =
             std::get<model::OperatorChange>(std::get<model::KeyEvent>(event.body).which);
         change.from.root.bytes[0] ^= std::byte{1};
       })},
      {"PEER-3", "AHistoryWithAnEventThatMightWaitForYears", Side::kInlet,
       offer_after_lying([](auto& event) { event.sequence_by = event.issued_at + 400 * kDay; })},
      {"PEER-3", "AHistoryWithAnEventThatIsNotOpen", Side::kInlet,
       offer_after_lying([](auto& event) { event.visibility = model::Visibility::kGuardians; })},
      {"PEER-3", "AHistoryWithABitOfASignatureChanged", Side::kInlet,
       offer_after_rotation([](auto& o, Scene& scene) {
         AskingVillage& clinic = scene.clinic();
         const LeafIndex at = model::decode_entry(o.state.history[0].entry)->index;
         LyingLog log(clinic);
         auto parts = model::decode_signed_statement(log.statement(at)).value();
         parts.signatures[0].signature[9] ^= std::byte{1};
         const LeafIndex forged = log.sequence(parts);
         const LeafIndex seal = log.seal();
         o.state.history = {log.proven(forged)};
         o.state.checkpoint = log.checkpoint();
         o.state.seal = log.proven(seal);
       })},
      {"PEER-3", "AHistoryOfWhatWasNeverInTheLog", Side::kInlet,
       offer_after_rotation([](auto& o, Scene&) { o.state.history[0].path.pop_back(); })},
      {"PEER-4", "AnOlderSeal", Side::kInlet,
       offer_with([](auto& o, Scene& scene) { o.state.seal = proven_entry(scene.clinic(), {1}); })},
      {"PEER-4", "ASealThatIsNotInTheLog", Side::kInlet,
       offer_with([](auto& o, Scene&) { o.state.seal.path.pop_back(); })},
      {"PEER-5", "AProofWithABitChanged", Side::kInlet,
       offer_with([](auto& o, Scene&) { o.state.subjects[0].proof.back() ^= std::byte{1}; })},
      {"PEER-5", "ASubjectWithAnIdTooLong", Side::kInlet,
       offer_with([](auto& o, Scene&) { o.state.subjects.back().id.push_back(std::byte{0}); })},
      {"PEER-5", "ACouncilThatIsNotShown", Side::kInlet,
       offer_with([](auto& o, Scene&) { o.state.subjects.pop_back(); })},
      {"PEER-5", "AnotherOperatorThanWasProved", Side::kInlet,
       offer_with([](auto& o, Scene& scene) {
         auto other =
             scene.clinic().ledger.get<model::VillageDetail>(scene.clinic().village).second;
         other.operator_key = scene.clinic().stranger.public_key();
         o.state.subjects[0].detail = model::encode_detail(other);
       })},
      {"PEER-6", "AHistoryThatLeavesARotationOut", Side::kInlet,
       offer_after_rotation([](auto& o, Scene&) { o.state.history.clear(); })},
      {"PEER-7", "AnOfferToAVillageThatHasEnded", Side::kInlet,
       [](Scene& scene) {
         scene.clinic().admit(model::Exit{}, scene.clinic().council);
         scene.clinic().seal();
         return offered(scene, offer_of(scene));
       }},
  };
}

}  // namespace

std::vector<Case> agreement_cases() {
  std::vector<Case> out{
      {"AGREE-1", "TermsBetweenTwoOthers", Side::kInlet, offer_with([](auto& o, Scene& scene) {
         o.terms.terms.village_low = std::min(scene.clinic().village, scene.bay().village);
         o.terms.terms.village_high = std::max(scene.clinic().village, scene.bay().village);
       })},
      {"AGREE-1", "TermsWithTheHigherVillageFirst", Side::kInlet, offer_with([](auto& o, Scene&) {
         std::swap(o.terms.terms.village_low, o.terms.terms.village_high);
       })},
      {"AGREE-1", "TermsWithOurselves", Side::kInlet, offer_with([](auto& o, Scene& scene) {
         o.terms.terms.village_low = o.terms.terms.village_high = scene.inlet().village;
       })},
      {"AGREE-2", "TermsOfRevision0", Side::kInlet,
       offer_with([](auto& o, Scene&) { o.terms.terms.revision = 0; })},
      {"AGREE-2", "AnOfferOnTermsThatWereEnded", Side::kInlet,
       [](Scene& scene) {
         AskingVillage& inlet = scene.inlet();
         const StatementId id = inlet.admit(offer_of(scene), inlet.council);
         inlet.admit(model::Agreement{id, 0, model::Ending{}}, {&inlet.council1});
         return offered(scene, offer_of(scene));
       }},
      {"AGREE-2", "AnAmendmentWithoutANewRevision", Side::kBay, renewal<model::Amendment>(2, 1)},
      {"AGREE-3", "ASecondOfferToTheSameVillage", Side::kInlet,
       [](Scene& scene) {
         scene.inlet().admit(offer_of(scene), scene.inlet().council);
         return offered(scene, offer_of(scene));
       }},
      {"AGREE-4", "TermsThatWereSwappedAfterTheyWereSigned", Side::kInlet,
       [](Scene& scene) {
         model::Agreement agreement = offer_of(scene);
         std::get<model::Offer>(agreement.step).terms.terms.text = "Take what you like.";
         return offered(scene, std::move(agreement));
       }},
      {"AGREE-4", "AnAcceptanceThatAThirdCouncilSigned", Side::kInlet,
       accepted_by([](Scene& scene) {
         return Keys{&scene.inlet().council1, &scene.inlet().council2, &scene.clinic().council1,
                     &scene.clinic().council2, &scene.bay().council1};
       })},
      {"AGREE-5", "AnAcceptanceByOurCouncilAlone", Side::kInlet,
       accepted_by([](Scene& scene) { return scene.inlet().council; })},
      {"AGREE-5", "AnAcceptanceByTheirCouncilAlone", Side::kInlet,
       accepted_by([](Scene& scene) { return scene.clinic().council; })},
      {"AGREE-5", "AnAcceptanceByHalfOfTheirCouncil", Side::kInlet, accepted_by([](Scene& scene) {
         return Keys{&scene.inlet().council1, &scene.inlet().council2, &scene.clinic().council1};
       })},
      {"AGREE-6", "ASuspensionOfNoAgreement", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, model::Agreement{v.domain, 0, model::Suspension{}}, {&v.council1});
       }},
      {"AGREE-7", "ASecondSuspension", Side::kBay,
       [](Scene& scene) {
         TwoVillages& two = scene.two();
         const model::Agreement suspend{two.bay_agreement, 0, model::Suspension{}};
         two.bay.admit(suspend, {&two.bay.council1});
         return by(two.bay, suspend, {&two.bay.council2});
       }},
      {"AGREE-7", "ASecondEnd", Side::kBay,
       [](Scene& scene) {
         TwoVillages& two = scene.two();
         const model::Agreement end{two.bay_agreement, 0, model::Ending{}};
         two.bay.admit(end, {&two.bay.council1});
         return by(two.bay, end, {&two.bay.council2});
       }},
      {"AGREE-7", "AResumptionOfWhatIsInForce", Side::kBay, renewal<model::Resumption>(2, 2)},
      {"AGREE-8", "AnAmendmentOfAnotherVersion", Side::kBay, renewal<model::Amendment>(1, 2)},
      {"AGREE-8", "ASuspensionThatNamesAVersion", Side::kBay, step_of_bay(2, model::Suspension{})},
      {"AGREE-9", "AnOfferThatKnowsLessThanWeDo", Side::kInlet,
       [](Scene& scene) {
         AskingVillage& inlet = scene.inlet();
         const model::Agreement before = offer_of(scene, 2);
         scene.clinic().admit(
             model::KeyEvent{1, model::WitnessChange{scene.clinic().stranger.public_key()}},
             scene.clinic().council);
         scene.clinic().seal();
         const StatementId id = inlet.admit(offer_of(scene), inlet.council);
         inlet.admit(model::Agreement{id, 0, model::Ending{}}, {&inlet.council1});
         return offered(scene, before);
       }},
      {"SIGN-2", "AnOfferByHalfOfTheCouncil", Side::kInlet,
       [](Scene& scene) { return by(scene.inlet(), offer_of(scene), {&scene.inlet().council1}); }},
      {"SIGN-1", "ASuspensionByGuardians", Side::kBay,
       [](Scene& scene) {
         TwoVillages& two = scene.two();
         return by(two.bay, model::Agreement{two.bay_agreement, 0, model::Suspension{}},
                   two.bay.guardians);
       }},
  };
  auto more = peer_cases();
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

}  // namespace holdfast::testing
