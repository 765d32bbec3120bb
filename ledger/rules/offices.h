// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "ledger/rules/transition.h"

// Who may give and take back, over a domain or over the village itself.
namespace holdfast::rules {

// A domain's guardians, or the council where `domain` is the village's id. `rule` and `what` are of
// the refusal where it is neither.
struct Office {
  model::Authority authority;
  std::string name;  // "the council", "the guardians of <thing>'s domain"
};
Result<Office> office_over(const Transition& transition, const StatementId& domain,
                           const char* rule, const char* what);
// The council alone.
Result<Office> council_of(const Transition& transition);

// What takes something back names no version, so that nothing can race it; instead its statement is
// spent. Errors: kConflict [STATE-1].
Result<void> spend(Transition& transition, const StatementId& subject);

}  // namespace holdfast::rules
