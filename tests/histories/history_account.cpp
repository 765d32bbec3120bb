// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <chrono>

#include "tests/histories/history.h"

// How the village accounts for what it decides and is.
namespace holdfast::testing {
namespace {

using model::Status;
using model::Verdict;

// The first second of the month that `time` is in, UTC.
Seconds month_of(Seconds time) {
  const std::chrono::sys_days day{std::chrono::days{time / kDay}};
  const std::chrono::year_month_day date{day};
  const std::chrono::sys_days first{date.year() / date.month() / std::chrono::day{1}};
  return first.time_since_epoch().count() * kDay;
}

}  // namespace

// Decided by an agent, put before a person, closed or turned round by one.
bool History::decide() {
  if (!going_on() || rules_of(own_) < 2) return false;
  model::Decision out;
  out.content_root = dice_.digest<ContentRoot>();
  out.action = dice_.digest<FieldCommitment>();
  out.category = "sharing";
  const bool again = !decisions_.empty() && dice_.chance(50);
  if (!again) {
    out.domain = dice_.chance(80) ? dice_.pick(own_.domains).id : own_.village;
    out.verdict = static_cast<Verdict>(dice_.between(1, 3));
    AgentOfOurs* agent = some_agent(out.verdict != Verdict::kEscalate);
    if (agent == nullptr) return false;
    out.sequence = own_.count(*agent);
    decisions_.push_back(admit(std::move(out), {&agent->key}));
    return true;
  }
  const StatementId id = dice_.pick(decisions_);
  const auto [value, detail] = own_.get<model::DecisionDetail>(id);
  if (value.status == Status::kReversed) return false;
  out.domain = detail.domain;
  out.expected_version = value.version;
  Officers& office = detail.domain == own_.village || dice_.chance(30)
                         ? own_.council
                         : domain_of(detail.domain).guardians;
  if (value.status == Status::kEscalated) {
    out.verdict = dice_.chance(50) ? Verdict::kAllow : Verdict::kDeny;
    out.of = model::ClosingOf{id};
  } else if (dice_.chance(50) && detail.verdict != Verdict::kEscalate) {
    out.verdict = detail.verdict == Verdict::kAllow ? Verdict::kDeny : Verdict::kAllow;
    out.of = model::ReversalOf{id};
  } else {
    out.verdict = Verdict::kEscalate;
    out.of = model::AppealOf{id};
    AgentOfOurs* agent = dice_.chance(40) ? some_agent(false) : nullptr;
    if (agent != nullptr) {
      out.sequence = own_.count(*agent);
      admit(std::move(out), {&agent->key});
      return true;
    }
  }
  admit(std::move(out), own_.any(office));
  return true;
}

bool History::deliberate() {
  if (!going_on() || rules_of(own_) < 2) return false;
  const DomainOfOurs& domain = dice_.pick(own_.domains);
  const bool by_council = dice_.chance(30);
  model::Deliberation out;
  out.domain = by_council ? own_.village : domain.id;
  out.content_root = dice_.digest<ContentRoot>();
  out.matter = dice_.digest<FieldCommitment>();
  for (auto i = dice_.between(1, 5); i > 0; --i)
    out.positions.push_back({dice_.digest<FieldCommitment>(), dice_.digest<FieldCommitment>()});
  out.outcome = dice_.digest<FieldCommitment>();
  for (const model::Position& position : out.positions)
    if (dice_.chance(30)) out.dissent.push_back(position.text);
  std::sort(out.dissent.begin(), out.dissent.end());
  out.proposals = {dice_.digest<FieldCommitment>()};
  admit(std::move(out), own_.enough(by_council ? own_.council : domain.guardians));
  return true;
}

// Of the whole months that are over since the last one.
bool History::report() {
  if (!going_on() || rules_of(own_) < 2) return false;
  model::Report out;
  out.view = dice_.chance(50) ? model::ReportView::kOpen : model::ReportView::kFull;
  out.period_end = month_of(now_);
  out.period_start = month_of(out.period_end - 1);
  if (own_.has<model::ReportDetail>(own_.village)) {
    const auto last = own_.get<model::ReportDetail>(own_.village).second;
    out.period_start = last.period_end;
    out.first = {last.last.value + 1};
    out.previous = last.digest;
  }
  const model::Basis basis = own_.ledger.basis();
  if (out.period_start >= out.period_end || basis.size.value <= out.first.value) return false;
  out.last = {basis.size.value - 1};
  out.root = basis.root;
  out.digest = dice_.digest<BytesDigest>();
  admit(std::move(out), own_.enough(own_.council));
  return true;
}

}  // namespace holdfast::testing
