// SPDX-License-Identifier: AGPL-3.0-or-later
#include <memory>

#include "api/cli/grant_village.h"
#include "api/cli/ids.h"
#include "api/cli/peer.h"
#include "api/cli/visible.h"

namespace holdfast::cli {
namespace {

constexpr const char* kListHelp = "The agreements of this village with others, oldest first.";

Json agreement_json(const MadeAgreement& agreement, const model::PeerDetail& peer,
                    const std::string& silent) {
  return {{"agreement", agreement.id.hex()},
          {"village", agreement.detail.peer.hex()},
          {"origin", peer.origin},
          {"status", model::status_name(agreement.value.status)},
          {"inForce", silent.empty()},
          {"kind", model::agreement_kind_name(agreement.detail.kind)},
          {"purpose", agreement.detail.purpose},
          {"endpoint", agreement.detail.endpoint},
          {"revision", agreement.detail.revision},
          {"lastIndex", agreement.value.last_index.value}};
}

Result<void> list_peers(Context& context) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const auto all, all_made<model::AgreementDetail>(*reader));
  Report& report = context.report();
  if (all.empty()) report.line("No agreement yet: `holdfast peer invite` begins one.");
  report.begin_list("agreements");
  for (const MadeAgreement& agreement : all) {
    TRY_ASSIGN(const auto peer, peer_detail_of(*reader, agreement.detail.peer));
    TRY_ASSIGN(const std::string silent, why_agreement_is_silent(*reader, agreement.id));
    report.line(short_id(agreement.id) + "  " +
                padded(model::status_name(agreement.value.status), 10) + visible_line(peer.origin) +
                ", village " + short_id(agreement.detail.peer));
    report.line(
        "    " + std::string(model::agreement_kind_name(agreement.detail.kind)) + ", for " +
        visible_line(agreement.detail.purpose) + "; since " +
        entry_day(*reader, agreement.value.first_index) +
        (agreement.detail.endpoint.empty() ? std::string()
                                           : "; at " + visible_line(agreement.detail.endpoint)) +
        (silent.empty() || agreement.value.status != model::Status::kActive ? std::string()
                                                                            : "; " + silent));
    report.item(agreement_json(agreement, peer, silent));
  }
  report.end_list();
  return {};
}

}  // namespace

void add_peer_list_command(CLI::App& peer, Context& context) {
  CLI::App& command = *peer.add_subcommand("list", kListHelp);
  context.on_run(command, [&context] { return list_peers(context); });
}

}  // namespace holdfast::cli
