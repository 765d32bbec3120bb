// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/witness_policy.h"

#include <algorithm>

#include "net/url.h"

namespace holdfast::federation {
namespace {

Error unfit_policy(std::string what, std::string found, std::string want) {
  return {Code::kMalformed, "POLICY-1", std::move(what), std::move(found), std::move(want)};
}

}  // namespace

std::vector<KeyId> WitnessPolicy::ids() const {
  std::vector<KeyId> all;
  for (const Asked& witness : witnesses) all.push_back(witness.id);
  return all;
}

Result<WitnessPolicy> parse_witness_policy(std::string_view text, const std::string& place,
                                           const std::string& vkey,
                                           const crypto::PublicKey& own_witness) {
  WitnessPolicy policy;
  auto trust = model::parse_policy(text);
  if (!trust) {
    trust.error().what = place + ": " + trust.error().what;
    return std::move(trust).error();
  }
  policy.trust = *std::move(trust);
  TRY_ASSIGN(policy.log, model::parse_vkey(vkey));
  const bool has_own =
      std::any_of(policy.trust.logs.begin(), policy.trust.logs.end(),
                  [&](const model::PolicyLog& log) { return log.key == policy.log; });
  if (!has_own) return unfit_policy(place, "no line of this village's own log", "log " + vkey);
  if (policy.trust.witnesses.empty() || policy.trust.witnesses.size() > kOwnWitnessesMax)
    return unfit_policy(place, std::to_string(policy.trust.witnesses.size()) + " witnesses",
                        "1 to " + std::to_string(kOwnWitnessesMax));
  for (const model::PolicyWitness& witness : policy.trust.witnesses) {
    const std::string where = place + ": witness " + witness.name;
    // The operator's own key stands in the log's line already, and no key stands in two.
    if (witness.key.key == own_witness)
      return unfit_policy(where, "the key of this village's own witness",
                          "keys of others: a village cannot witness itself");
    if (witness.url.empty()) return unfit_policy(where, "no URL", "the one to ask it at");
    auto url = net::parse_base_url(witness.url);
    if (!url) {
      url.error().what = where + ": " + url.error().what;
      return std::move(url).error();
    }
    policy.witnesses.push_back(
        {witness.name, witness.key, crypto::key_id(witness.key.key), *std::move(url)});
  }
  return policy;
}

}  // namespace holdfast::federation
