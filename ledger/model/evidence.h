// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <variant>

#include "ledger/model/peer_state.h"

// Objects that convict a key of misbehaviour, each with all that it takes to see so. Bytes are as
// they were shown; ledger/rules/evidence.h judges them. Source: spec/evidence.md.
namespace holdfast::model {

// A subject's StateValue under a seal. Without its detail: that it is there is all that counts.
struct ProvenValue {
  Bytes value;
  Bytes proof;  // of inclusion, under the seal's state root
  friend bool operator==(const ProvenValue&, const ProvenValue&) = default;
};

// Two checkpoints of one size.
struct TwoRoots {
  std::string first;
  std::string second;
  friend bool operator==(const TwoRoots&, const TwoRoots&) = default;
};
// A newer checkpoint whose log did not grow from the older one's.
struct Rewritten {
  std::string older;
  std::string newer;
  Root old_root;  // of the newer log at the older size
  std::vector<NodeHash> proof;
  friend bool operator==(const Rewritten&, const Rewritten&) = default;
};
// A seal of a state in which a grant is active whose revocation it covers.
struct RevokedLive {
  std::string checkpoint;
  ProvenEntry seal;
  Bytes grant;  // a statement, without signatures
  ProvenEntry revocation;
  ProvenValue state;
  friend bool operator==(const RevokedLive&, const RevokedLive&) = default;
};
// A checkpoint whose last leaf is no seal of what is before it.
struct Unsealed {
  std::string checkpoint;
  Bytes leaf;
  std::vector<NodeHash> path;
  Bytes signed_statement;  // empty: withheld
  friend bool operator==(const Unsealed&, const Unsealed&) = default;
};
// A subject that had ended for good under one seal, and had not under a later one.
struct Revived {
  std::string checkpoint;
  ProvenEntry earlier;
  ProvenEntry later;
  std::uint16_t state_class = 0;
  Bytes id;
  ProvenValue ended;
  ProvenValue alive;
  friend bool operator==(const Revived&, const Revived&) = default;
};
// Two operators named by one council with one predecessor: signed statements.
struct TwoOperators {
  Bytes first;
  Bytes second;
  friend bool operator==(const TwoOperators&, const TwoOperators&) = default;
};

struct Evidence {
  Bytes genesis;               // a signed statement
  std::vector<Bytes> history;  // signed statements that changed village or council, in order
  std::variant<TwoRoots, Rewritten, RevokedLive, Unsealed, Revived, TwoOperators> of;
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

}  // namespace holdfast::model
