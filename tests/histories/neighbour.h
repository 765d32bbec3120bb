// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "tests/histories/community.h"

namespace holdfast::testing {

// A grant of a neighbour's, and how it stands.
struct NeighboursGrant {
  StatementId id;
  StatementId agreement;  // in the neighbour's ledger
  bool shares = false;
  bool revoked = false;  // or known by us to be
  Seconds not_after = 0;
};

// A village beside the one that a history is about: founded at once, with a domain, records, a
// shape and an agent, it does what its neighbour can keep receipts of.
class Neighbour {
 public:
  Neighbour(const std::string& name, std::uint64_t seed, Dice& dice, const Seconds& now);

  // Both sides of an agreement in this ledger at once, on terms that both councils sign. `other` is
  // sealed.
  StatementId agree_with(const Community& other, const model::Terms& terms);
  // What anybody is shown of another village on the way to an agreement with it. `other` is sealed.
  static model::Offer offer(const Community& other, const model::Terms& terms, const Keys& signers);

  NeighboursGrant grant_to(const StatementId& agreement);
  void revoke(const StatementId& grant);
  // What its agent says under a grant of its own.
  StatementId answer(const NeighboursGrant& grant);
  StatementId refuse(const StatementId& agreement);
  StatementId hand_over(const NeighboursGrant& grant);
  // Something that has nothing to do with anybody else, now and then a change of keys.
  void live();
  // Follows the keys of `other`, which is sealed, once a day.
  void observe(const StatementId& agreement, const Community& other);
  void end();
  void seal_up();

  Community own;
  StatementId shape;
  std::vector<StatementId> records;
  bool ended = false;

 private:
  DomainOfOurs& domain() { return own.domains.front(); }
  AgentOfOurs& agent() { return own.agents.front(); }

  Dice& dice_;
  const Seconds& now_;
};

}  // namespace holdfast::testing
