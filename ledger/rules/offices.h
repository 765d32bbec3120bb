// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/rules/signers.h"
#include "ledger/rules/transition.h"

// Who may give and take back, over a domain or over the village itself.
namespace holdfast::rules {

// A domain's guardians, or the council where `domain` is the village's id. `rule` and `what` are of
// the refusal where it is neither.
class Office {
 public:
  static Office council(Found<model::AuthorityDetail> found) {
    return {std::move(found), {"the council"}};
  }
  // `kind` is of the statement that is judged.
  static Office guardians(Found<model::AuthorityDetail> found, const char* kind) {
    return {std::move(found), {"the guardians of the ", kind, "'s domain"}};
  }
  const model::Authority& authority() const { return found_.detail->current; }
  const Who& name() const { return name_; }

 private:
  Office(Found<model::AuthorityDetail> found, Who name) : found_(std::move(found)), name_(name) {}
  Found<model::AuthorityDetail> found_;
  Who name_;
};
Result<Office> office_over(const Transition& transition, const StatementId& domain,
                           const char* rule, const char* what);
// The council alone.
Result<Office> council_of(const Transition& transition);

// What takes something back names no version, so that nothing can race it; instead its statement is
// spent. Errors: kConflict [STATE-1].
Result<void> spend(Transition& transition, const StatementId& subject);

}  // namespace holdfast::rules
