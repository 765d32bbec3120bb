// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "tests/rules/lying_log.h"

namespace holdfast::testing {

// A fictional village, what its operator and its council may have done, and the evidence of it; and
// the same of an honest one, for whoever would like to frame it.
class Accusing {
 public:
  Accusing();

  FoundedVillage v;
  const Keys council{&v.council1, &v.council2};
  const Keys guardians{&v.guardian1, &v.guardian2};
  StatementId record;  // erased
  StatementId grant;   // to an auditor, revoked
  LeafIndex revocation;
  LeafIndex sealed;   // the seal that covers both
  StatementId songs;  // another domain
  StatementId council_grant;

  model::Evidence evidence(decltype(model::Evidence::of) of) const;

  // Each convicts the operator, or the council, as it stands.
  model::TwoRoots two_roots();
  model::Rewritten rewritten();
  model::RevokedLive revoked_live();
  model::Unsealed unsealed();
  model::Revived revived();
  model::TwoOperators two_operators();

  // The village goes on under a new operator; the events are its history from then on.
  void change_operator(const std::string& name);
  std::vector<Bytes> history;

  // The last entry of a log as what convicts where it is no seal.
  model::Unsealed last_of(const LyingLog& log) const;
  model::RevokedLive revoked_live(const LyingLog& log, LeafIndex seal, LeafIndex revoked) const;
  model::RevokedLive revoked_live(const LyingLog& log) const {
    return revoked_live(log, {log.size().value - 1}, revocation);
  }
  // The record as it is told by now, under the log's last seal, and as `ended` under an earlier
  // one.
  model::Revived revived(const LyingLog& log, LeafIndex earlier, model::ProvenValue ended) const;
  LeafIndex index_of(const StatementId& id) const;
  Bytes statement_of(const StatementId& id) const;  // without its signatures
};

}  // namespace holdfast::testing
