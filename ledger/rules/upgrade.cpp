// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/signers.h"
#include "ledger/rules/steps.h"

namespace holdfast::rules {

// An upgrade counts from the next entry on: this one is still judged by the rules before it.
Result<void> step(Transition& transition, const Village& village, const model::Upgrade& upgrade) {
  if (upgrade.rules <= village.detail.rules)
    return Error{Code::kInvalid, "UPGRADE-1", "upgrade.rules", std::to_string(upgrade.rules),
                 "above " + std::to_string(village.detail.rules) + ", the rules in force"};
  const ByteView id = transition.statement().village;
  TRY_ASSIGN(const Found<model::AuthorityDetail> council, require_authority(transition, id));
  TRY(require_threshold(transition.signers(), council.detail.current, "the council"));
  model::VillageDetail detail = village.detail;
  detail.rules = upgrade.rules;
  transition.change(id, village, village.value.status, detail);
  return {};
}

}  // namespace holdfast::rules
