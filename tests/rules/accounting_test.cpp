// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "ledger/model/note.h"
#include "tests/rules/two_villages.h"

namespace holdfast::testing {
namespace {

using model::Status;

struct Accounting : TwoVillages {
  AskingVillage& v = bay;

  model::Decision decision(model::Verdict verdict) const {
    model::Decision out;
    out.sequence = v.ledger.size().value;
    out.domain = v.domain;
    out.action.bytes.fill(std::byte{3});
    out.verdict = verdict;
    out.category = "sharing";
    return out;
  }
  template <typename Of>
  model::Decision answer_to(const StatementId& id, model::Verdict verdict) const {
    model::Decision out = decision(verdict);
    out.sequence = 0;
    out.expected_version = v.ledger.get<model::DecisionDetail>(id).first.version;
    out.of = Of{id};
    return out;
  }
  Status status(const StatementId& id) const {
    return v.ledger.get<model::DecisionDetail>(id).first.status;
  }
};

TEST(Decision, EscalatedIsClosedByAPersonOnly) {
  Accounting a;
  const StatementId id = a.v.admit_by_agent(a.decision(model::Verdict::kEscalate));
  EXPECT_EQ(a.status(id), Status::kEscalated);
  const auto closing = a.answer_to<model::ClosingOf>(id, model::Verdict::kDeny);
  EXPECT_EQ(rule_of(a.v.append(closing, {&a.v.agent})), "SIGN-1");
  EXPECT_EQ(rule_of(a.v.append(closing, {&a.v.guardian3})), "admitted");
  EXPECT_EQ(a.status(id), Status::kActive);
  const auto detail = a.v.ledger.get<model::DecisionDetail>(id).second;
  EXPECT_EQ(detail.verdict, model::Verdict::kDeny);
  EXPECT_EQ(detail.decided_by, a.v.guardian3.id());
}

TEST(Decision, OfAnAgentThatMayOnlyProposeEscalates) {
  Accounting a;
  EXPECT_EQ(rule_of(a.v.append(a.decision(model::Verdict::kAllow), {&a.v.proposer})), "AGENT-1");
  EXPECT_EQ(rule_of(a.v.append(a.decision(model::Verdict::kAllow), {&a.v.guardian1})), "AGENT-1");
  EXPECT_EQ(rule_of(a.v.append(a.decision(model::Verdict::kEscalate), {&a.v.proposer})),
            "admitted");
  auto again = a.decision(model::Verdict::kEscalate);
  again.sequence = 1;
  EXPECT_EQ(rule_of(a.v.append(again, {&a.v.proposer})), "AGENT-2");
}

TEST(Decision, AppealedWaitsForAPersonAgain) {
  Accounting a;
  const StatementId id = a.v.admit_by_agent(a.decision(model::Verdict::kAllow));
  EXPECT_EQ(
      rule_of(a.v.append(a.answer_to<model::AppealOf>(id, model::Verdict::kDeny), {&a.v.council1})),
      "DECIDE-5");
  EXPECT_EQ(rule_of(a.v.append(a.answer_to<model::AppealOf>(id, model::Verdict::kEscalate),
                               {&a.v.council1})),
            "admitted");
  EXPECT_EQ(a.status(id), Status::kEscalated);
  EXPECT_EQ(rule_of(a.v.append(a.answer_to<model::ClosingOf>(id, model::Verdict::kEscalate),
                               {&a.v.council1})),
            "DECIDE-5");
  EXPECT_EQ(rule_of(a.v.append(a.answer_to<model::ClosingOf>(id, model::Verdict::kAllow),
                               {&a.v.council1})),
            "admitted");
}

TEST(Decision, IsReversedByItsOpposite) {
  Accounting a;
  const StatementId id = a.v.admit_by_agent(a.decision(model::Verdict::kAllow));
  EXPECT_EQ(rule_of(a.v.append(a.answer_to<model::ReversalOf>(id, model::Verdict::kAllow),
                               {&a.v.guardian1})),
            "DECIDE-5");
  EXPECT_EQ(rule_of(a.v.append(a.answer_to<model::ReversalOf>(id, model::Verdict::kDeny),
                               {&a.v.guardian1})),
            "admitted");
  EXPECT_EQ(a.status(id), Status::kReversed);
  EXPECT_EQ(rule_of(a.v.append(a.answer_to<model::ReversalOf>(id, model::Verdict::kDeny),
                               {&a.v.guardian1})),
            "DECIDE-4");
}

TEST(Decision, IsAnsweredWhereItStandsAndAtItsVersion) {
  Accounting a;
  const StatementId id = a.v.admit_by_agent(a.decision(model::Verdict::kEscalate));
  auto closing = a.answer_to<model::ClosingOf>(id, model::Verdict::kDeny);
  closing.expected_version = 2;
  EXPECT_EQ(rule_of(a.v.append(closing, {&a.v.guardian1})), "DECIDE-3");
  closing.expected_version = 1;
  closing.domain = a.v.village;
  EXPECT_EQ(rule_of(a.v.append(closing, {&a.v.council1})), "DECIDE-2");
  closing.domain = a.v.record_id;
  EXPECT_EQ(rule_of(a.v.append(closing, {&a.v.council1})), "DECIDE-1");
  closing = a.answer_to<model::ClosingOf>(id, model::Verdict::kDeny);
  closing.of = model::ClosingOf{a.v.record_id};
  EXPECT_EQ(rule_of(a.v.append(closing, {&a.v.council1})), "DECIDE-2");
  closing = a.answer_to<model::ClosingOf>(id, model::Verdict::kDeny);
  closing.sequence = 9;
  EXPECT_EQ(rule_of(a.v.append(closing, {&a.v.council1})), "DECIDE-6");
  auto own = a.decision(model::Verdict::kAllow);
  own.expected_version = 1;
  EXPECT_EQ(rule_of(a.v.by_agent(own)), "DECIDE-3");
}

struct Deliberating : Accounting {
  model::Deliberation deliberation() const {
    model::Deliberation out;
    out.domain = v.domain;
    out.matter.bytes.fill(std::byte{1});
    for (int i = 2; i < 5; ++i) {
      model::Position position;
      position.holder.bytes.fill(std::byte(i));
      position.text.bytes.fill(std::byte(i + 10));
      out.positions.push_back(position);
    }
    out.dissent = {out.positions[1].text};
    return out;
  }
};

TEST(Deliberation, KeepsDissentBesideTheOutcome) {
  Deliberating d;
  const StatementId id = d.v.admit(d.deliberation(), d.v.guardians);
  const auto detail = d.v.ledger.get<model::DeliberationDetail>(id).second;
  EXPECT_EQ(detail.positions, 3u);
  EXPECT_EQ(detail.dissent, 1u);
}

TEST(Deliberation, IsOfADomainOrOfTheCouncil) {
  Deliberating d;
  auto body = d.deliberation();
  EXPECT_EQ(rule_of(d.v.append(body, {&d.v.guardian1})), "SIGN-2");
  body.domain = d.v.village;
  EXPECT_EQ(rule_of(d.v.append(body, d.v.council)), "admitted");
  body.domain = d.v.record_id;
  EXPECT_EQ(rule_of(d.v.append(body, d.v.guardians)), "DELIB-1");
}

TEST(Deliberation, DissentIsAPositionThatSomebodyHolds) {
  Deliberating d;
  auto body = d.deliberation();
  body.dissent = {body.positions[0].holder};
  EXPECT_EQ(rule_of(d.v.append(body, d.v.guardians)), "DELIB-2");
}

struct Reporting : Accounting {
  Reporting() { v.now = 1769904000; }  // 2026-02-01T00:00:00Z
  model::Report report() const {
    model::Report out;
    out.period_start = 1767225600;  // 2026-01-01T00:00:00Z
    out.period_end = 1769904000;
    out.last = {v.ledger.basis().size.value - 1};
    out.root = v.ledger.basis().root;
    out.digest.bytes.fill(std::byte{8});
    return out;
  }
};

TEST(Report, CoversWholeMonthsThatAreOver) {
  Reporting r;
  auto report = r.report();
  report.period_start += 1;
  EXPECT_EQ(rule_of(r.v.append(report, r.v.council)), "REPORT-1");
  report = r.report();
  report.period_end += 28 * kDay;
  EXPECT_EQ(rule_of(r.v.append(report, r.v.council)), "REPORT-1");
  report = r.report();
  report.period_end = report.period_start;
  EXPECT_EQ(rule_of(r.v.append(report, r.v.council)), "REPORT-1");
}

TEST(Report, IsOfASealedSizeAndFollowsTheLastOne) {
  Reporting r;
  auto report = r.report();
  report.last = {report.last.value - 1};
  EXPECT_EQ(rule_of(r.v.append(report, r.v.council)), "REPORT-3");
  report = r.report();
  report.first = {1};
  EXPECT_EQ(rule_of(r.v.append(report, r.v.council)), "REPORT-2");
  report = r.report();
  report.previous = report.digest;
  EXPECT_EQ(rule_of(r.v.append(report, r.v.council)), "REPORT-4");
  EXPECT_EQ(rule_of(r.v.append(r.report(), r.v.guardians)), "SIGN-1");
  EXPECT_EQ(rule_of(r.v.append(r.report(), r.v.council)), "admitted");
  EXPECT_EQ(rule_of(r.v.append(r.report(), r.v.council)), "REPORT-1");  // overlaps

  r.v.now += 28 * kDay;
  r.v.seal();
  auto next = r.report();
  next.period_start = report.period_end;
  next.period_end = r.v.now;
  next.first = {r.report().last.value};
  EXPECT_EQ(rule_of(r.v.append(next, r.v.council)), "REPORT-2");
  next.first = {report.last.value + 1};
  next.previous = report.digest;
  EXPECT_EQ(rule_of(r.v.append(next, r.v.council)), "admitted");
}

struct Observing : Accounting {
  std::string observe(TreeSize from, const Keys& keys) {
    return rule_of(v.append(model::Observation{model::PeerCheckpoint{
                                bay_agreement, peer_state(clinic), consistency_of(clinic, from)}},
                            keys));
  }
};

TEST(Observation, OfAPeerGrowsOnceADay) {
  Observing o;
  EXPECT_EQ(o.observe({0}, o.v.council), "SIGN-1");
  const TreeSize first = o.clinic.ledger.size();
  EXPECT_EQ(o.observe({0}, {&o.v.operator_key}), "admitted");
  o.clinic.seal();
  EXPECT_EQ(o.observe(first, {&o.v.operator_key}), "OBSERVE-2");
  o.v.now += kDay;
  EXPECT_EQ(o.observe({2}, {&o.v.operator_key}), "OBSERVE-3");
  EXPECT_EQ(o.observe(first, {&o.v.operator_key}), "admitted");
  o.v.now += kDay;
  EXPECT_EQ(o.observe(first, {&o.v.operator_key}), "OBSERVE-2");  // nothing new
}

TEST(Observation, NamesAnAgreement) {
  Observing o;
  const model::Observation observation{model::PeerCheckpoint{o.v.domain, peer_state(o.clinic), {}}};
  EXPECT_EQ(rule_of(o.v.append(observation, {&o.v.operator_key})), "OBSERVE-1");
}

TEST(Observation, OfOursIsOurCheckpointCosigned) {
  Observing o;
  model::Note note = *model::parse_note(checkpoint_of(o.v));
  const auto keep = [&] {
    return rule_of(o.v.append(model::Observation{model::OwnCheckpoint{model::format_note(note)}},
                              {&o.v.operator_key}));
  };
  EXPECT_EQ(keep(), "OBSERVE-5");
  note.signatures.push_back(
      model::cosign_note(note.text, "clinic.invalid/witness", o.clinic.witness_key, o.v.now));
  EXPECT_EQ(keep(), "admitted");
  note = *model::parse_note(checkpoint_of(o.clinic));
  EXPECT_EQ(keep(), "OBSERVE-4");
}

TEST(Exit, TakesTheCouncilAndLeavesOnlyTakingBack) {
  Accounting a;
  auto& v = a.v;
  EXPECT_EQ(rule_of(v.append(model::Exit{}, {&v.council1})), "SIGN-2");
  v.admit(model::Exit{}, v.council);
  EXPECT_EQ(rule_of(v.append(model::Exit{}, v.council)), "VILLAGE-1");
  EXPECT_EQ(rule_of(v.append(v.record("late"), v.guardians)), "VILLAGE-1");
  EXPECT_EQ(rule_of(v.append(a.grant(v, a.bay_agreement), v.guardians)), "VILLAGE-1");
  EXPECT_EQ(rule_of(v.append(model::Revocation{v.domain, a.bay_grant}, {&v.guardian1})),
            "admitted");
  EXPECT_EQ(rule_of(v.append(v.change(v.record_id, model::Withdraw{}), {&v.guardian1})),
            "admitted");
  v.seal();
  EXPECT_EQ(v.ledger.get<model::VillageDetail>(v.village).first.status, Status::kExited);
}

TEST(Grant, ToAVillageNamesALiveAgreementAndShapes) {
  Accounting a;
  auto& v = a.v;
  auto grant = a.grant(v, a.bay_agreement);
  grant.shapes = {};
  EXPECT_EQ(rule_of(v.append(grant, v.guardians)), "GRANT-8");
  grant.shapes = {a.clinic.count_id};
  EXPECT_EQ(rule_of(v.append(grant, v.guardians)), "GRANT-6");
  EXPECT_EQ(v.ledger.get<model::GranteeDetail>(a.clinic.village).second.count, 1u);
  v.admit(model::Agreement{a.bay_agreement, 0, model::Suspension{}}, {&v.council1});
  EXPECT_EQ(rule_of(v.append(a.grant(v, a.bay_agreement), v.guardians)), "GRANT-3");
}

}  // namespace
}  // namespace holdfast::testing
