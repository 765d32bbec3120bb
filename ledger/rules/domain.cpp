// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/signers.h"
#include "ledger/rules/steps.h"

namespace holdfast::rules {

Result<void> step(Transition& transition, const Village& village, const model::Domain& domain) {
  TRY_ASSIGN(const Found<model::AuthorityDetail> council,
             require_authority(transition, transition.statement().village));
  const std::string who = "domain " + domain.slug;
  TRY(check_authority(domain.guardians, domain.next, {}, who));
  TRY(check_offices(domain.guardians, village.detail->operator_key, village.detail->witness_key,
                    who));
  TRY(require_threshold_and_each(transition.signers(), council.detail->current, "the council",
                                 domain.guardians.keys, "the new domain's guardians"));

  const StatementId& id = transition.id();
  TRY(transition.make(as_bytes(domain.slug), model::Status::kActive, model::SlugDetail{id}));
  TRY(transition.make(id, model::Status::kActive,
                      model::DomainDetail{domain.slug, domain.disclosure, 0}));
  return transition.make(id, model::Status::kActive,
                         model::AuthorityDetail{domain.guardians, domain.next});
}

}  // namespace holdfast::rules
