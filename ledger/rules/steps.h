// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/rules/transition.h"

// One function per kind: checks its rules and sets what changes. Inner header of rules/.
namespace holdfast::rules {

// What every kind of statement shares: village, visibility, times, basis, exit.
// Returns the village; for a genesis a village that is not there yet.
using Village = Found<model::VillageDetail>;
Result<void> check_times(const Transition& transition);
Result<void> check_basis(const Transition& transition);
Result<void> check_visibility(const model::Statement& statement);
// [RULES-2]: the rules in force have this kind.
Result<void> check_kind(model::Kind kind, const Village& village);
Result<void> check_admitted_after_exit(const model::Statement& statement, const Village& village);

// [AUTH-1], [AUTH-2]: thresholds fit the sets; [AUTH-3]: no key of the set, and none of `revealed`,
// is already a key of the next; `who` names the set in refusals.
Result<void> check_authority(const model::Authority& set, const model::NextAuthority& next,
                             const std::vector<model::PublicKey>& revealed, const std::string& who);
// [AUTH-4]: the operator's and the witness's keys hold no other office.
Result<void> check_offices(const model::Authority& set, const model::PublicKey& operator_key,
                           const model::PublicKey& witness_key, const std::string& who);

// The council or a domain's guardians, by the id of village or domain.
Result<Found<model::AuthorityDetail>> require_authority(const Transition& transition, ByteView id);

Result<void> step(Transition& transition, const model::Genesis& genesis);
Result<void> step(Transition& transition, const Village& village, const model::Seal& seal);
Result<void> step(Transition& transition, const Village& village, const model::KeyEvent& event);
Result<void> step(Transition& transition, const Village& village, const model::Domain& domain);
Result<void> step(Transition& transition, const Village& village, const model::Record& record);
Result<void> step(Transition& transition, const Village& village,
                  const model::RecordChange& change);
Result<void> step(Transition& transition, const Village& village, const model::Grant& grant);
Result<void> step(Transition& transition, const Village& village,
                  const model::Revocation& revocation);
Result<void> step(Transition& transition, const Village& village, const model::Upgrade& upgrade);
Result<void> step(Transition& transition, const Village& village,
                  const model::Agreement& agreement);
Result<void> step(Transition& transition, const Village& village, const model::Shape& shape);
Result<void> step(Transition& transition, const Village& village, const model::Model& body);
Result<void> step(Transition& transition, const Village& village, const model::Steering& steering);
Result<void> step(Transition& transition, const Village& village,
                  const model::Inference& inference);
Result<void> step(Transition& transition, const Village& village, const model::Receipt& receipt);
Result<void> step(Transition& transition, const Village& village,
                  const model::Composition& composition);
Result<void> step(Transition& transition, const Village& village, const model::Transfer& transfer);
Result<void> step(Transition& transition, const Village& village, const model::Decision& decision);
Result<void> step(Transition& transition, const Village& village,
                  const model::Deliberation& deliberation);
Result<void> step(Transition& transition, const Village& village, const model::Report& report);
Result<void> step(Transition& transition, const Village& village,
                  const model::Observation& observation);
Result<void> step(Transition& transition, const Village& village, const model::Exit& exit);

}  // namespace holdfast::rules
