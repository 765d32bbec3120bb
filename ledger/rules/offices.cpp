// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/offices.h"

#include "ledger/rules/steps.h"

namespace holdfast::rules {

Result<Office> council_of(const Transition& transition) {
  TRY_ASSIGN(auto council, require_authority(transition, transition.statement().village));
  return Office::council(std::move(council));
}

Result<Office> office_over(const Transition& transition, const StatementId& domain,
                           const char* rule, const char* what) {
  if (domain == transition.statement().village) return council_of(transition);
  TRY(transition.require<model::DomainDetail>(domain, rule, what,
                                              "a domain of this village, or the village's id"));
  TRY_ASSIGN(auto authority, require_authority(transition, domain));
  return Office::guardians(std::move(authority), model::kind_name(transition.statement().kind()));
}

Result<void> spend(Transition& transition, const StatementId& subject) {
  return transition.make(transition.id(), model::Status::kSpent, model::SpentDetail{subject});
}

}  // namespace holdfast::rules
