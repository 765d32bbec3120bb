// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/note.h"
#include "tests/histories/offence_families.h"
#include "tests/rules/lying_log.h"

// How a village accounts for what it decides, sees and is.
namespace holdfast::testing {
namespace {

using model::Verdict;

model::Decision decision(const AskingVillage& v, Verdict verdict) {
  model::Decision out;
  out.sequence = v.ledger.size().value;
  out.domain = v.domain;
  out.action.bytes.fill(std::byte{3});
  out.verdict = verdict;
  out.category = "sharing";
  return out;
}

// What answers a decision of the agent's, by a guardian.
template <typename Of, typename Edit>
std::function<Offence(Scene&)> answer_to(Verdict first, Verdict then, Edit edit) {
  return [first, then, edit](Scene& scene) {
    AskingVillage& v = scene.bay();
    const StatementId id = v.admit_by_agent(decision(v, first));
    model::Decision out = decision(v, then);
    out.sequence = 0;
    out.expected_version = 1;
    out.of = Of{id};
    edit(out, v);
    return by(v, out, {&v.guardian1});
  };
}
constexpr auto kAsItIs = [](auto&, auto&) {};

template <typename Edit>
std::function<Offence(Scene&)> deliberation_with(Edit edit) {
  return [edit](Scene& scene) {
    AskingVillage& v = scene.bay();
    model::Deliberation out;
    out.domain = v.domain;
    out.positions.resize(2);
    out.positions[0].text.bytes.fill(std::byte{1});
    out.positions[1].text.bytes.fill(std::byte{2});
    edit(out, v);
    return by(v, out, v.guardians);
  };
}

model::Report report_of(const AskingVillage& v) {
  model::Report out;
  out.period_start = 1767225600;  // 2026-01-01T00:00:00Z
  out.period_end = 1769904000;    // 2026-02-01T00:00:00Z
  out.last = {v.ledger.basis().size.value - 1};
  out.root = v.ledger.basis().root;
  out.digest.bytes.fill(std::byte{8});
  return out;
}

template <typename Edit>
std::function<Offence(Scene&)> report_with(Edit edit) {
  return [edit](Scene& scene) {
    AskingVillage& v = scene.bay();
    v.now = 1769904000;
    model::Report report = report_of(v);
    edit(report, v);
    return by(v, report, v.council);
  };
}

// The bay sees the clinic's checkpoint, the first time at noon and then again.
model::Observation sight(const TwoVillages& two, TreeSize from) {
  return {model::PeerCheckpoint{two.bay_agreement, peer_state(two.clinic),
                                consistency_of(two.clinic, from)}};
}

template <typename Then>
std::function<Offence(Scene&)> second_sight(Then then) {
  return [then](Scene& scene) {
    TwoVillages& two = scene.two();
    const TreeSize first = two.clinic.ledger.size();
    two.bay.admit(sight(two, {0}), {&two.bay.operator_key});
    return by(two.bay, then(two, first), {&two.bay.operator_key});
  };
}

template <typename Edit>
std::function<Offence(Scene&)> own_checkpoint_with(Edit edit) {
  return [edit](Scene& scene) {
    AskingVillage& v = scene.bay();
    if (v.ledger.basis().size != v.ledger.size()) v.seal();
    model::Note note = *model::parse_note(checkpoint_of(v));
    note.signatures.push_back(
        model::cosign_note(note.text, "clinic.invalid/witness", scene.clinic().witness_key, v.now));
    edit(note, scene);
    return by(v, model::Observation{model::OwnCheckpoint{model::format_note(note)}},
              {&v.operator_key});
  };
}

// Two roots for one size, by whoever holds the operator's key.
model::Evidence two_roots(FoundedVillage& v) {
  LyingLog one(v);
  LyingLog other(v);
  one.sequence(v.record("one"), {&v.guardian1, &v.guardian2});
  one.seal();
  other.seal();
  other.seal();
  return {v.ledger.items()[0].signed_statement,
          {},
          model::TwoRoots{one.checkpoint(), other.checkpoint()}};
}

Offence seen_by(FoundedVillage& v, const model::Evidence& evidence) {
  return by(v, model::Observation{model::EvidenceSeen{model::encode_evidence(evidence)}},
            {&v.operator_key});
}

std::vector<Case> report_cases() {
  return {
      {"REPORT-1", "AMonthThatBeginsASecondLate", Side::kBay,
       report_with([](auto& r, auto&) { r.period_start += 1; })},
      {"REPORT-1", "AMonthThatIsNotOver", Side::kBay,
       report_with([](auto& r, auto&) { r.period_end += 28 * kDay; })},
      {"REPORT-1", "NoMonthAtAll", Side::kBay,
       report_with([](auto& r, auto&) { r.period_end = r.period_start; })},
      {"REPORT-1", "AMonthThatWasReported", Side::kBay, report_with([](auto& r, auto& v) {
         v.admit(r, v.council);
         v.seal();
       })},
      {"REPORT-2", "AReportThatLeavesTheFirstEntryOut", Side::kBay,
       report_with([](auto& r, auto&) { r.first = {1}; })},
      {"REPORT-2", "AReportOfWhatIsYetToCome", Side::kBay,
       report_with([](auto& r, auto& v) { r.last = {v.ledger.size().value + 4}; })},
      {"REPORT-3", "AReportThatEndsBesideASeal", Side::kBay,
       report_with([](auto& r, auto&) { r.last.value -= 1; })},
      {"REPORT-3", "AReportOfAnotherLog", Side::kBay,
       report_with([](auto& r, auto&) { r.root.bytes[0] ^= std::byte{1}; })},
      {"REPORT-4", "AFirstReportThatFollowsOne", Side::kBay,
       report_with([](auto& r, auto&) { r.previous = r.digest; })},
      {"REPORT-4", "AReportThatForgetsTheLast", Side::kBay, report_with([](auto& r, auto& v) {
         const model::Report before = r;
         v.admit(before, v.council);
         v.now += 28 * kDay;
         v.seal();
         r = report_of(v);
         r.period_start = before.period_end;
         r.period_end = v.now;
         r.first = {before.last.value + 1};
       })},
      {"SIGN-1", "AReportByGuardians", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         v.now = 1769904000;
         return by(v, report_of(v), v.guardians);
       }},
      {"SIGN-2", "AnEndByHalfOfTheCouncil", Side::kBay,
       [](Scene& scene) { return by(scene.bay(), model::Exit{}, {&scene.bay().council1}); }},
  };
}

std::vector<Case> observation_cases() {
  return {
      {"OBSERVE-1", "ASightUnderNoAgreement", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(
             v, model::Observation{model::PeerCheckpoint{v.domain, peer_state(scene.clinic()), {}}},
             {&v.operator_key});
       }},
      {"OBSERVE-2", "ASecondSightOnOneDay", Side::kBay,
       second_sight([](TwoVillages& two, TreeSize first) {
         two.clinic.admit(two.clinic.record("more"), two.clinic.guardians);
         two.clinic.seal();
         return sight(two, first);
       })},
      {"OBSERVE-2", "ASightOfNothingNew", Side::kBay,
       second_sight([](TwoVillages& two, TreeSize first) {
         two.bay.now += kDay;
         return sight(two, first);
       })},
      {"OBSERVE-3", "ALogThatDidNotGrow", Side::kBay, second_sight([](TwoVillages& two, TreeSize) {
         two.clinic.admit(two.clinic.record("more"), two.clinic.guardians);
         two.clinic.seal();
         two.bay.now += kDay;
         return sight(two, {2});
       })},
      {"OBSERVE-3", "AFirstSightWithAProofOfGrowth", Side::kBay,
       [](Scene& scene) {
         TwoVillages& two = scene.two();
         model::Observation first = sight(two, {0});
         std::get<model::PeerCheckpoint>(first.of).consistency.emplace_back();
         return by(two.bay, first, {&two.bay.operator_key});
       }},
      {"OBSERVE-4", "ACheckpointThatIsNotOurs", Side::kBay,
       own_checkpoint_with([](model::Note& note, Scene& scene) {
         note = *model::parse_note(checkpoint_of(scene.clinic()));
       })},
      {"OBSERVE-5", "ACheckpointThatNobodyCosigned", Side::kBay,
       own_checkpoint_with([](model::Note& note, Scene&) { note.signatures.pop_back(); })},
      {"OBSERVE-6", "BytesThatAreNoEvidence", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, model::Observation{model::EvidenceSeen{to_bytes("evidence")}},
                   {&v.operator_key});
       }},
      {"OBSERVE-6", "EvidenceThatConvictsNobody", Side::kClinic,
       [](Scene& scene) {
         model::Evidence evidence = two_roots(scene.bay());
         auto& two = std::get<model::TwoRoots>(evidence.of);
         two.second = two.first;
         return seen_by(scene.clinic(), evidence);
       }},
      {"OBSERVE-7", "EvidenceThatLeavesOutTheEndOfTheKey", Side::kClinic,
       [](Scene& scene) {
         TwoVillages& two = scene.two();
         const model::Evidence stolen = two_roots(two.bay);
         const auto event = operator_event(two.bay, key_named("bay operator 2"));
         CHECK(two.bay.ledger.append(event, two.bay.now).has_value());
         two.bay.operator_key = key_named("bay operator 2");
         two.bay.seal();
         two.clinic.admit(model::Observation{model::PeerCheckpoint{
                              two.clinic_agreement, peer_state(two.bay), {}}},
                          {&two.clinic.operator_key});
         return seen_by(two.clinic, stolen);
       }},
      {"SIGN-1", "ASightByTheCouncil", Side::kBay,
       [](Scene& scene) { return by(scene.bay(), sight(scene.two(), {0}), scene.bay().council); }},
  };
}

}  // namespace

std::vector<Case> accounting_cases() {
  std::vector<Case> all{
      {"DECIDE-1", "ADecisionOfNoDomain", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         model::Decision out = decision(v, Verdict::kAllow);
         out.domain = v.record_id;
         return by_agent(v, out);
       }},
      {"DECIDE-2", "AnAnswerToNoDecision", Side::kBay,
       answer_to<model::ClosingOf>(Verdict::kEscalate, Verdict::kDeny,
                                   [](auto& d, auto& v) { d.of = model::ClosingOf{v.record_id}; })},
      {"DECIDE-2", "AnAnswerForAnotherDomain", Side::kBay,
       answer_to<model::ClosingOf>(Verdict::kEscalate, Verdict::kDeny,
                                   [](auto& d, auto& v) { d.domain = v.village; })},
      {"DECIDE-3", "AnAnswerToAnotherVersion", Side::kBay,
       answer_to<model::ClosingOf>(Verdict::kEscalate, Verdict::kDeny,
                                   [](auto& d, auto&) { d.expected_version = 2; })},
      {"DECIDE-3", "ADecisionOfItsOwnWithAVersion", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         model::Decision out = decision(v, Verdict::kAllow);
         out.expected_version = 1;
         return by_agent(v, out);
       }},
      {"DECIDE-4", "AClosingOfWhatIsNotOpen", Side::kBay,
       answer_to<model::ClosingOf>(Verdict::kAllow, Verdict::kDeny, kAsItIs)},
      {"DECIDE-4", "AReversalOfWhatIsOpen", Side::kBay,
       answer_to<model::ReversalOf>(Verdict::kEscalate, Verdict::kDeny, kAsItIs)},
      {"DECIDE-5", "AnAppealThatDecides", Side::kBay,
       answer_to<model::AppealOf>(Verdict::kAllow, Verdict::kDeny, kAsItIs)},
      {"DECIDE-5", "AClosingThatEscalates", Side::kBay,
       answer_to<model::ClosingOf>(Verdict::kEscalate, Verdict::kEscalate, kAsItIs)},
      {"DECIDE-5", "AReversalToTheSame", Side::kBay,
       answer_to<model::ReversalOf>(Verdict::kAllow, Verdict::kAllow, kAsItIs)},
      {"DECIDE-5", "AReversalOfAnAppeal", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         model::Decision appeal = decision(v, Verdict::kEscalate);
         appeal.sequence = 0;
         appeal.expected_version = 1;
         appeal.of = model::AppealOf{v.admit_by_agent(decision(v, Verdict::kAllow))};
         model::Decision out = decision(v, Verdict::kAllow);
         out.sequence = 0;
         out.expected_version = 1;
         out.of = model::ReversalOf{v.admit(appeal, {&v.guardian1})};
         return by(v, out, {&v.guardian1});
       }},
      {"DECIDE-6", "APersonWithASequence", Side::kBay,
       answer_to<model::ClosingOf>(Verdict::kEscalate, Verdict::kDeny,
                                   [](auto& d, auto&) { d.sequence = 9; })},
      {"SIGN-1", "AClosingByAnAgent", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         const StatementId id = v.admit_by_agent(decision(v, Verdict::kEscalate));
         model::Decision out = decision(v, Verdict::kDeny);
         out.sequence = 0;
         out.expected_version = 1;
         out.of = model::ClosingOf{id};
         return by_agent(v, out);
       }},
      {"AGENT-1", "ADecisionByWhoMayOnlyPropose", Side::kBay,
       [](Scene& scene) {
         return by(scene.bay(), decision(scene.bay(), Verdict::kAllow), {&scene.bay().proposer});
       }},
      {"DELIB-1", "ADeliberationOfNoDomain", Side::kBay,
       deliberation_with([](auto& d, auto& v) { d.domain = v.record_id; })},
      {"DELIB-2", "ADissentThatNobodyHolds", Side::kBay,
       deliberation_with([](auto& d, auto&) { d.dissent = {d.outcome}; })},
      {"SIGN-1", "ADeliberationOfTheCouncilByGuardians", Side::kBay,
       deliberation_with([](auto& d, auto& v) { d.domain = v.village; })},
  };
  for (auto& more : {report_cases(), observation_cases()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace holdfast::testing
