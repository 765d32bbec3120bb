// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <vector>

#include "ledger/model/peer_state.h"
#include "tests/rules/founded_village.h"

namespace holdfast::testing {

struct SubjectId {
  model::StateClass state_class{};
  Bytes id;
  SubjectId(model::StateClass wanted, ByteView bytes)
      : state_class(wanted), id(bytes.begin(), bytes.end()) {}
};

// A village's last checkpoint as its operator signs it; CHECKs that a seal is last.
std::string checkpoint_of(const FoundedVillage& village);
model::ProvenEntry proven_entry(const FoundedVillage& village, LeafIndex index);
// What proves these subjects to somebody who knows what came before entry `known`: the events of
// village and council from there on are the history. The village itself is always among them.
model::PeerState peer_state(const FoundedVillage& village, std::vector<SubjectId> subjects = {},
                            LeafIndex known = {1});
std::vector<NodeHash> consistency_of(const FoundedVillage& village, TreeSize from);

}  // namespace holdfast::testing
