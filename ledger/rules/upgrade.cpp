// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/signers.h"
#include "ledger/rules/steps.h"

namespace holdfast::rules {

// An upgrade counts from the next entry on: this one is still judged by the rules before it. It
// skips no version: a jump to one that nobody will write for long would stop the village for good.
Result<void> step(Transition& transition, const Village& village, const model::Upgrade& upgrade) {
  const std::uint64_t next = std::uint64_t{village.detail->rules} + 1;
  if (upgrade.rules != next)
    return Error{Code::kInvalid, "UPGRADE-1", "upgrade.rules", std::to_string(upgrade.rules),
                 std::to_string(next) + ", one above the rules in force"};
  const ByteView id = transition.statement().village;
  TRY_ASSIGN(const Found<model::AuthorityDetail> council, require_authority(transition, id));
  TRY(require_threshold(transition.signers(), council.detail->current, "the council"));
  model::VillageDetail detail = *village.detail;
  detail.rules = upgrade.rules;
  transition.change(id, village, village.value.status, detail);
  return {};
}

}  // namespace holdfast::rules
