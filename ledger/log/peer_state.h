// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <vector>

#include "ledger/log/reader.h"
#include "ledger/model/peer_state.h"

// What this village shows another of itself: facts with everything that proves them. Checked by
// ledger/rules/peer.h. Source: spec/exchange.md, "What is shown of a peer".
namespace holdfast::log {

// How far somebody has followed this village: the versions of it and of its council that he knows.
// Of whoever knows its genesis alone both are 1.
struct FollowedTo {
  std::uint64_t village_version = 1;
  std::uint64_t council_version = 1;
};

// The entries that changed the village or its council: its operator, witness and sealing keys, the
// council's own, its rules, its end. Kept from one reader to the next, because finding them costs a
// look at every entry. Threads: one.
class VillageTurns {
 public:
  struct Turn {
    LeafIndex index;
    bool of_council = false;
    std::uint64_t version = 0;  // of the village or the council, behind it
  };
  // Looks at what was appended since the last time. Errors: those of the reader.
  Result<void> catch_up(Reader& reader);
  // By rising index, as of the reader that was caught up with last.
  const std::vector<Turn>& all() const { return turns_; }

 private:
  TreeSize seen_;
  std::uint64_t village_version_ = 1;
  std::uint64_t council_version_ = 1;
  std::vector<Turn> turns_;
};

struct SubjectRef {
  model::StateClass state_class{};
  Bytes id;
  friend auto operator<=>(const SubjectRef&, const SubjectRef&) = default;
};
template <typename D>
SubjectRef subject_ref(model::StateClass state_class, const D& id) {
  return {state_class, Bytes(id.bytes.begin(), id.bytes.end())};
}

// These subjects, and the village itself, under the reader's newest seal, with what whoever has
// `followed` it so far has to see of its history. Errors: kNotFound where a subject is not there;
// kInvalid where there are more of either than may be shown at once; those of the reader.
Result<model::PeerState> show_state(Reader& reader, VillageTurns& turns,
                                    std::vector<SubjectRef> subjects, const FollowedTo& followed);

// An entry with its statement and its path in the reader's newest checkpoint.
Result<model::ProvenEntry> prove_entry(Reader& reader, LeafIndex index);

}  // namespace holdfast::log
