// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/status_federation.h"

#include <map>

#include "api/cli/grant_village.h"
#include "api/cli/ids.h"
#include "api/cli/model_training.h"
#include "api/cli/peer.h"
#include "api/cli/visible.h"

namespace holdfast::cli {
namespace {

using CountsByState = std::map<std::string, std::uint64_t>;

void report_by_state(Report& report, const char* what, const CountsByState& counts) {
  report.set(what, counts);
  std::string words;
  for (const auto& [state, count] : counts)
    words += (words.empty() ? "" : ", ") + std::to_string(count) + " " + state;
  if (!words.empty()) report.field(what, words);
}

Result<void> report_agreements(Report& report, log::Reader& reader) {
  TRY_ASSIGN(const auto all, all_made<model::AgreementDetail>(reader));
  CountsByState counts;
  for (const MadeAgreement& one : all) {
    std::string state = model::status_name(one.value.status);
    if (one.value.status == model::Status::kActive) {
      TRY_ASSIGN(const std::string why, why_agreement_is_silent(reader, one.id));
      if (!why.empty()) state = "not in force";
    }
    ++counts[state];
  }
  report_by_state(report, "agreements", counts);
  return {};
}

Result<void> report_models(Report& report, log::Reader& reader) {
  TRY_ASSIGN(const auto all, all_made<model::ModelDetail>(reader));
  CountsByState counts;
  for (const auto& one : all) {
    TRY_ASSIGN(const Liveness state, liveness_of_model(reader, one));
    const bool is_told = !state.state.starts_with("cannot tell");
    ++counts[state.live                              ? "usable"
             : !is_told                              ? "cannot tell"
             : state.state.starts_with("not usable") ? "not usable"
                                                     : "retired"];
  }
  report_by_state(report, "models", counts);
  return {};
}

// Domains of which a steering stands that no model is left of, and no other steering is live.
Result<void> report_lost_voices(Report& report, log::Reader& reader) {
  TRY_ASSIGN(const auto all, all_made<model::SteeringDetail>(reader));
  std::map<StatementId, bool> speaks;  // by domain, of those with a steering that was not withdrawn
  for (const auto& one : all) {
    if (!liveness_of(reader, one.id, one.value, "withdrawn").live) continue;
    TRY_ASSIGN(const Liveness state, liveness_of_steering(reader, one));
    bool& domain_speaks = speaks[one.detail.domain];
    domain_speaks = domain_speaks || state.live;
  }
  Json lost = Json::array();
  for (const auto& [domain, any] : speaks) {
    if (any) continue;
    lost.push_back(domain.hex());
    report.field("no voice", visible_line(domain_name(reader, domain)) +
                                 ": whoever asks gets `unavailable`, as no model that its "
                                 "steering names is usable. `holdfast model list` says why");
  }
  report.set("domainsWithoutVoice", std::move(lost));
  return {};
}

}  // namespace

Result<void> report_federation(Context& context, log::Reader& reader) {
  TRY(report_agreements(context.report(), reader));
  TRY(report_models(context.report(), reader));
  return report_lost_voices(context.report(), reader);
}

}  // namespace holdfast::cli
