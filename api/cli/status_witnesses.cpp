// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/status_witnesses.h"

#include "api/cli/elsewhere.h"
#include "api/cli/visible.h"
#include "api/routes/witnessing.h"

namespace holdfast::cli {
namespace {

using store::WitnessClaim;

// What was kept of them; nothing where none was asked yet.
Result<store::CosignedStore::State> kept_of(Context& context,
                                            const federation::WitnessPolicy& policy) {
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  const auto store = store::CosignedStore::open_present(paths.peers());
  if (!store && store.error().code == Code::kNotFound) return store::CosignedStore::State{};
  if (!store) return store.error();
  return (*store)->read(policy.ids());
}

std::string witnessed_in_words(const federation::Witnessed& witnessed, TreeSize size) {
  if (witnessed.size.value == 0) return "nothing yet";
  std::string words = std::to_string(witnessed.size.value) + " entries";
  if (witnessed.quorum_time) words += ", since " + format_time(*witnessed.quorum_time);
  if (size > witnessed.size)
    words += ", " + std::to_string(size.value - witnessed.size.value) + " behind";
  std::string by;
  for (const std::string& name : witnessed.witnesses)
    by += (by.empty() ? ", by " : ", ") + visible_line(name);
  return words + by;
}

std::string claim_in_words(const WitnessClaim& claim, bool is_accepted) {
  const bool is_ahead = claim.kind == WitnessClaim::Kind::kAhead;
  const std::string size = std::to_string(claim.size.value) + " entries";
  return (is_ahead ? "SAYS THAT IT COSIGNED " + size + ", MORE THAN THERE WERE HERE"
                   : "SAYS THAT IT COSIGNED ANOTHER HISTORY than the " + size + " here") +
         std::string(", since ") + format_time(claim.time) +
         (is_accepted ? "; a person has accepted that" : "");
}

void report_claims(Report& report, const federation::WitnessPolicy& policy,
                   const store::CosignedStore::State& state, TreeSize size, Json& list) {
  for (const auto& witness : policy.witnesses) {
    const auto found = state.witnesses.find(witness.id);
    if (found == state.witnesses.end() || !found->second.claim) continue;
    const WitnessClaim& claim = *found->second.claim;
    const bool is_accepted = federation::is_accepted(found->second, claim);
    if (!is_accepted && !federation::contradicts(claim, size)) continue;
    report.field("witness", visible_line(witness.name) + " " + claim_in_words(claim, is_accepted));
    list.push_back({{"witness", witness.name},
                    {"claim", claim.kind == WitnessClaim::Kind::kAhead ? "ahead" : "otherHistory"},
                    {"size", claim.size.value},
                    {"since", format_time(claim.time)},
                    {"accepted", is_accepted}});
  }
}

}  // namespace

Result<void> report_witnesses(Context& context, log::Reader& reader) {
  Report& report = context.report();
  const auto path = policy_path(context);
  if (path && path->empty()) {
    report.field("witnesses", "no policy: none are asked");
    report.set("witnesses", Json());
    return {};
  }
  const auto policy =
      path ? read_policy(*path, reader) : Result<federation::WitnessPolicy>(path.error());
  const auto state =
      policy ? kept_of(context, *policy) : Result<store::CosignedStore::State>(policy.error());
  if (!state) {
    report.field("witnesses", "cannot tell: " + visible_line(describe(state.error())));
    report.set("witnesses",
               {{"policy", path ? Json(*path) : Json()}, {"cannotTell", describe(state.error())}});
    return {};
  }
  const federation::Witnessed witnessed = federation::witnessed_in(*state, *policy);
  report.field("witnesses", std::to_string(policy->witnesses.size()) + " by " +
                                visible_line(*path) + ", quorum " +
                                visible_line(policy->trust.quorum));
  report.field("witnessed", witnessed_in_words(witnessed, reader.size()));
  Json claims = Json::array();
  report_claims(report, *policy, *state, reader.size(), claims);
  report.set("witnesses", {{"policy", *path},
                           {"witnessed", routes::to_json(witnessed, reader.size())},
                           {"claims", std::move(claims)}});
  return {};
}

}  // namespace holdfast::cli
