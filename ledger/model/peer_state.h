// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/core/bytes.h"
#include "ledger/core/digest.h"

// What another village's log and state say, with everything that proves it: how facts of a peer
// enter a ledger. ledger/rules/peer.h checks it.
namespace holdfast::model {

struct ProvenEntry {
  Bytes entry;
  Bytes signed_statement;
  std::vector<NodeHash> path;  // in the checkpoint's tree
  friend bool operator==(const ProvenEntry&, const ProvenEntry&) = default;
};
struct ProvenSubject {
  std::uint16_t state_class = 0;
  Bytes id;
  Bytes value;   // canonical bytes of a StateValue
  Bytes detail;  // canonical bytes of its class's detail
  Bytes proof;   // of inclusion, under the seal's state root
  friend bool operator==(const ProvenSubject&, const ProvenSubject&) = default;
};
struct PeerState {
  std::vector<ProvenEntry> history;  // what changed village or council since what is known of it
  std::string checkpoint;            // the signed note
  ProvenEntry seal;
  std::vector<ProvenSubject> subjects;  // sorted by class and id
  friend bool operator==(const PeerState&, const PeerState&) = default;
};

// Something of another village: a record, a grant.
struct ForeignId {
  StatementId village;
  StatementId id;
  friend bool operator==(const ForeignId&, const ForeignId&) = default;
  friend auto operator<=>(const ForeignId&, const ForeignId&) = default;
};

}  // namespace holdfast::model
