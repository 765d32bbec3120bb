// SPDX-License-Identifier: AGPL-3.0-or-later
#include <chrono>

#include "ledger/core/time.h"
#include "ledger/rules/offices.h"
#include "ledger/rules/signers.h"
#include "ledger/rules/steps.h"

namespace holdfast::rules {
namespace {

Error unreported(const char* rule, std::string what, std::string found, std::string want) {
  return {Code::kInvalid, rule, std::move(what), std::move(found), std::move(want)};
}

// The first second of a month, UTC: the grid that periods begin and end on.
bool begins_month(Seconds time) {
  if (time % kDay != 0) return false;
  const std::chrono::sys_days day{std::chrono::days{time / kDay}};
  return std::chrono::year_month_day{day}.day() == std::chrono::day{1};
}

Result<void> check_period(const Transition& transition, const model::Report& report, Seconds from) {
  const Seconds time = transition.entry().time;
  if (begins_month(report.period_start) && begins_month(report.period_end) &&
      from <= report.period_start && report.period_start < report.period_end &&
      report.period_end <= time)
    return {};
  return unreported(
      "REPORT-1", "period of the report",
      format_time(report.period_start) + " to " + format_time(report.period_end),
      "whole months, UTC, from " + format_time(from) + " on, over by " + format_time(time));
}

Result<void> check_covered(const Transition& transition, const model::Report& report,
                           std::uint64_t first) {
  const LeafIndex index = transition.entry().index;
  if (report.first.value != first || report.last < report.first || !(report.last < index))
    return unreported(
        "REPORT-2", "entries of the report",
        std::to_string(report.first.value) + " to " + std::to_string(report.last.value),
        "from " + std::to_string(first) + " on, below " + std::to_string(index.value));
  TRY_ASSIGN(const auto root, transition.view().root_at(report.last.size_after()));
  if (root && *root == report.root) return {};
  return unreported("REPORT-3", "report.root", report.root.hex(),
                    root ? root->hex() : "the root of a sealed size: the last entry is a seal");
}

}  // namespace

Result<void> step(Transition& transition, const Village&, const model::Report& report) {
  const StatementId& village = transition.statement().village;
  TRY_ASSIGN(const auto last, transition.find<model::ReportDetail>(village));
  TRY(check_period(transition, report, last ? last->detail->period_end : 0));
  TRY(check_covered(transition, report, last ? last->detail->last.value + 1 : 0));
  const auto previous = last ? std::optional(last->detail->digest) : std::nullopt;
  if (report.previous != previous)
    return unreported(
        "REPORT-4", "report.previous", report.previous ? report.previous->hex() : "none",
        previous ? previous->hex() + ", the last report's digest" : "none in the first report");
  TRY_ASSIGN(const Office council, council_of(transition));
  TRY(require_threshold(transition.signers(), council.authority(), council.name()));
  const model::ReportDetail detail{report.view, report.period_start, report.period_end, report.last,
                                   report.digest};
  if (!last) return transition.make(village, model::Status::kActive, detail);
  transition.change(village, *last, model::Status::kActive, detail);
  return {};
}

// The village ends for good. What was agreed and granted ends with it, each by being live only
// while the village is.
Result<void> step(Transition& transition, const Village& village, const model::Exit&) {
  TRY_ASSIGN(const Office council, council_of(transition));
  TRY(require_threshold(transition.signers(), council.authority(), council.name()));
  transition.change(transition.statement().village, village, model::Status::kExited);
  return {};
}

}  // namespace holdfast::rules
