// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/note.h"
#include "tests/rules/two_villages.h"
#include "tests/vectors/history.h"

namespace holdfast::vectors {

using testing::AskingVillage;
using testing::ThreeVillages;
using testing::TwoVillages;

using model::Verdict;

Json history_of_decisions() {
  AskingVillage v("", "kelp-bay.invalid/ledger");
  Chronicle h(v);
  const Keys agent{&v.agent};
  const auto decision = [&](Verdict verdict) {
    model::Decision out;
    out.sequence = v.ledger.size().value;
    out.domain = v.domain;
    out.content_root.bytes.fill(std::byte{2});
    out.action.bytes.fill(std::byte{3});
    out.verdict = verdict;
    out.category = "sharing";
    return out;
  };
  const auto answer = [&](auto of, Verdict verdict, std::uint64_t version) {
    model::Decision out = decision(verdict);
    out.sequence = 0;
    out.expected_version = version;
    out.of = of;
    return out;
  };
  h.no("by a guardian", "AGENT-1", "unauthorised", decision(Verdict::kAllow), {&v.guardian1});
  h.no("allowed by an agent that may only propose", "AGENT-1", "unauthorised",
       decision(Verdict::kAllow), {&v.proposer});
  h.no(
      "before nobody", "DECIDE-1", "not found",
      [&] {
        auto out = decision(Verdict::kAllow);
        out.domain = v.record_id;
        return out;
      }(),
      agent);
  h.no(
      "of its own, with a version", "DECIDE-3", "conflict",
      [&] {
        auto out = decision(Verdict::kAllow);
        out.expected_version = 1;
        return out;
      }(),
      agent);
  const StatementId escalated = h.ok("escalated by an agent that may only propose",
                                     decision(Verdict::kEscalate), {&v.proposer});
  const auto closing = [&](Verdict verdict, std::uint64_t version) {
    return answer(model::ClosingOf{escalated}, verdict, version);
  };
  h.no("closed by an agent", "SIGN-1", "unauthorised", closing(Verdict::kAllow, 1), agent);
  h.no("closed at another version", "DECIDE-3", "conflict", closing(Verdict::kAllow, 2),
       {&v.guardian1});
  h.no("closed by escalating", "DECIDE-5", "invalid", closing(Verdict::kEscalate, 1),
       {&v.guardian1});
  h.no("closed before another domain", "DECIDE-2", "invalid",
       [&] {
         auto out = closing(Verdict::kAllow, 1);
         out.domain = v.village;
         return out;
       }(),
       {&v.council1});
  h.no("closed with a sequence", "DECIDE-6", "invalid",
       [&] {
         auto out = closing(Verdict::kAllow, 1);
         out.sequence = 1;
         return out;
       }(),
       {&v.council1});
  h.no("reversed while it waits", "DECIDE-4", "invalid",
       answer(model::ReversalOf{escalated}, Verdict::kDeny, 1), {&v.council1});
  h.ok("closed by a guardian", closing(Verdict::kDeny, 1), {&v.guardian3});
  h.no("closed twice", "DECIDE-4", "invalid", closing(Verdict::kDeny, 2), {&v.guardian3});
  const StatementId allowed = h.ok("allowed by an agent", decision(Verdict::kAllow), agent);
  h.no("appealed by allowing", "DECIDE-5", "invalid",
       answer(model::AppealOf{allowed}, Verdict::kAllow, 1), {&v.council1});
  h.ok("appealed by one of the council", answer(model::AppealOf{allowed}, Verdict::kEscalate, 1),
       {&v.council1});
  h.ok("allowed again by one of the council", answer(model::ClosingOf{allowed}, Verdict::kAllow, 2),
       {&v.council2});
  {
    auto appeal = answer(model::AppealOf{allowed}, Verdict::kEscalate, 3);
    appeal.sequence = 1;
    h.no("appealed by an agent, with the sequence of a statement before", "AGENT-2", "conflict",
         appeal, {&v.proposer});
    appeal.sequence = v.ledger.size().value;
    h.ok("appealed by an agent", appeal, {&v.proposer});
  }
  h.ok("denied by a guardian", answer(model::ClosingOf{allowed}, Verdict::kDeny, 4),
       {&v.guardian1});
  h.no("reversed to the same", "DECIDE-5", "invalid",
       answer(model::ReversalOf{allowed}, Verdict::kDeny, 5), {&v.guardian1});
  h.ok("reversed", answer(model::ReversalOf{allowed}, Verdict::kAllow, 5), {&v.guardian1});
  h.no("answered after that", "DECIDE-4", "invalid",
       answer(model::AppealOf{allowed}, Verdict::kEscalate, 6), {&v.guardian1});
  h.no("an appeal of what is none", "DECIDE-2", "not found",
       answer(model::AppealOf{v.record_id}, Verdict::kEscalate, 1), {&v.guardian1});
  return h.take("decisions");
}

Json history_of_deliberations() {
  AskingVillage v("", "kelp-bay.invalid/ledger");
  Chronicle h(v);
  model::Deliberation body;
  body.domain = v.domain;
  body.content_root.bytes.fill(std::byte{9});
  body.matter.bytes.fill(std::byte{1});
  for (int i = 2; i < 5; ++i) {
    model::Position position;
    position.holder.bytes.fill(std::byte(i));
    position.text.bytes.fill(std::byte(i + 10));
    body.positions.push_back(position);
  }
  body.dissent = {body.positions[1].text};
  const auto edited = [&](auto edit) {
    auto out = body;
    edit(out);
    return out;
  };
  h.no("by one guardian", "SIGN-2", "unauthorised", body, {&v.guardian1});
  h.no("of nobody", "DELIB-1", "not found", edited([&](auto& d) { d.domain = v.record_id; }),
       v.guardians);
  h.no("with a dissent that nobody holds", "DELIB-2", "invalid",
       edited([](auto& d) { d.dissent = {d.positions[0].holder}; }), v.guardians);
  h.ok("of a domain, with dissent", body, v.guardians);
  h.ok("of the council", edited([&](auto& d) { d.domain = v.village; }), v.council);
  return h.take("deliberations");
}

Json history_of_reports() {
  AskingVillage v("", "kelp-bay.invalid/ledger");
  Chronicle h(v);
  v.now = 1769904000;  // 2026-02-01T00:00:00Z
  const auto report = [&] {
    model::Report out;
    out.view = model::ReportView::kOpen;
    out.period_start = 1767225600;  // 2026-01-01T00:00:00Z
    out.period_end = 1769904000;
    out.last = {v.ledger.basis().size.value - 1};
    out.root = v.ledger.basis().root;
    out.digest.bytes.fill(std::byte{8});
    return out;
  };
  const auto edited = [&](auto edit) {
    auto out = report();
    edit(out);
    return out;
  };
  h.no("by guardians", "SIGN-1", "unauthorised", report(), v.guardians);
  h.no("from a second after midnight", "REPORT-1", "invalid",
       edited([](auto& r) { r.period_start += 1; }), v.council);
  h.no("from the second day of a month", "REPORT-1", "invalid",
       edited([](auto& r) { r.period_start += kDay; }), v.council);
  h.no("of a month that is not over", "REPORT-1", "invalid",
       edited([](auto& r) { r.period_end += 28 * kDay; }), v.council);
  h.no("of no time", "REPORT-1", "invalid", edited([](auto& r) { r.period_end = r.period_start; }),
       v.council);
  h.no("from another entry than the first", "REPORT-2", "invalid",
       edited([](auto& r) { r.first = {1}; }), v.council);
  h.no("up to what is no seal", "REPORT-3", "invalid", edited([](auto& r) { r.last.value -= 1; }),
       v.council);
  h.no("with another root", "REPORT-3", "invalid",
       edited([](auto& r) { r.root.bytes[0] ^= std::byte{1}; }), v.council);
  h.no("after one that never was", "REPORT-4", "invalid",
       edited([](auto& r) { r.previous = r.digest; }), v.council);
  const auto first = report();
  h.ok("of January", first, v.council);
  h.no("of January again", "REPORT-1", "invalid", report(), v.council);
  v.now += 28 * kDay;
  h.seal();
  const auto february = [&](auto edit) {
    auto out = report();
    out.period_start = first.period_end;
    out.period_end = v.now;
    out.first = {first.last.value + 1};
    out.previous = first.digest;
    edit(out);
    return out;
  };
  h.no("of February, without the one before", "REPORT-4", "invalid",
       february([](auto& r) { r.previous = std::nullopt; }), v.council);
  h.no("of February, with an entry left out", "REPORT-2", "invalid",
       february([](auto& r) { r.first.value += 1; }), v.council);
  h.ok("of February", february([](auto&) {}), v.council);
  return h.take("reports");
}

Json history_of_observations() {
  TwoVillages t;
  auto& v = t.bay;
  Chronicle h(v);
  const Keys own_operator{&v.operator_key};
  const auto seen = [&](TreeSize from) {
    return model::Observation{model::PeerCheckpoint{t.bay_agreement, testing::peer_state(t.clinic),
                                                    testing::consistency_of(t.clinic, from)}};
  };
  h.no("by the council", "SIGN-1", "unauthorised", seen({0}), v.council);
  h.no("of nobody", "OBSERVE-1", "not found",
       model::Observation{model::PeerCheckpoint{v.domain, testing::peer_state(t.clinic), {}}},
       own_operator);
  const TreeSize first = t.clinic.ledger.size();
  h.ok("of a peer", seen({0}), own_operator);
  t.clinic.seal();
  h.no("twice a day", "OBSERVE-2", "invalid", seen(first), own_operator);
  v.now += kDay;
  h.no("with a proof from another size", "OBSERVE-3", "invalid", seen({2}), own_operator);
  h.ok("a day later", seen(first), own_operator);
  v.now += kDay;
  h.no("of nothing new", "OBSERVE-2", "invalid", seen(first), own_operator);
  h.seal();
  model::Note note = *model::parse_note(testing::checkpoint_of(v));
  const auto own = [&] {
    return model::Observation{model::OwnCheckpoint{model::format_note(note)}};
  };
  h.no("of our own that nobody cosigned", "OBSERVE-5", "invalid", own(), own_operator);
  note.signatures.push_back(
      model::cosign_note(note.text, "clinic.invalid/witness", t.clinic.witness_key, v.now));
  h.ok("of our own, cosigned", own(), own_operator);
  note = *model::parse_note(testing::checkpoint_of(t.clinic));
  h.no("of our own that is somebody else's", "OBSERVE-4", "invalid", own(), own_operator);
  return h.take("observations");
}

Json history_of_exits() {
  TwoVillages t;
  auto& v = t.bay;
  Chronicle h(v);
  h.no("by one of the council", "SIGN-2", "unauthorised", model::Exit{}, {&v.council1});
  h.ok("the village ends", model::Exit{}, v.council);
  h.no("it ends again", "VILLAGE-1", "invalid", model::Exit{}, v.council);
  h.no("a record", "VILLAGE-1", "invalid", v.record("late"), v.guardians);
  h.no("an answer", "VILLAGE-1", "invalid", t.answer(), {&v.agent});
  h.ok("a revocation", model::Revocation{v.domain, t.bay_grant}, {&v.guardian1});
  h.ok("a withdrawal", v.change(v.record_id, model::Withdraw{}), {&v.guardian1});
  h.ok("an erasure", v.change(v.record_id, model::Erase{}), v.guardians);
  h.ok(
      "an observation",
      model::Observation{model::PeerCheckpoint{t.bay_agreement, testing::peer_state(t.clinic), {}}},
      {&v.operator_key});
  h.seal();
  return h.take("exit");
}

}  // namespace holdfast::vectors
