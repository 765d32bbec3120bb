// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "ledger/model/state.h"

namespace holdfast::rules {

inline constexpr std::size_t kChangesMax = 64;

// What an entry sets one subject to.
struct SubjectChange {
  StateKey key;          // K
  ValueHash value_hash;  // V
  model::StateValue value;
  Bytes detail;  // canonical bytes of the class's detail
};

// RFC 6962 root over the K || V pairs, which are sorted by K. The empty root where there are none.
ChangesRoot changes_root(std::span<const SubjectChange> changes);
// The pairs one after another, 64 bytes each: what peers and exports carry.
Bytes encode_change_pairs(std::span<const SubjectChange> changes);

struct ChangePair {
  StateKey key;
  ValueHash value;
};
// Errors: kMalformed [PAIRS-1] unless a whole number of pairs, at most 64, strictly rising by K.
Result<std::vector<ChangePair>> decode_change_pairs(ByteView bytes);
ChangesRoot changes_root(std::span<const ChangePair> pairs);

}  // namespace holdfast::rules
