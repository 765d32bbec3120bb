// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ledger/core/digest.h"

namespace holdfast::merkle {

// A step from a leaf towards the root: the branching bit of the inner node, and the other child.
struct PrefixStep {
  std::uint8_t bit = 0;
  NodeHash sibling;
  friend bool operator==(const PrefixStep&, const PrefixStep&) = default;
};

// What is at a key of the state tree. Inclusion: `other` is empty and the steps lead from the key's
// leaf to the root. Absence: `other` is the leaf that the key's walk ends at, with its steps; in
// the empty tree there is no leaf and there are no steps.
struct PrefixProof {
  struct OtherLeaf {
    StateKey key;
    ValueHash value;
    friend bool operator==(const OtherLeaf&, const OtherLeaf&) = default;
  };
  std::optional<OtherLeaf> other;
  std::vector<PrefixStep> steps;  // leaf first: bits strictly decreasing
  friend bool operator==(const PrefixProof&, const PrefixProof&) = default;
};

StateRoot empty_state_root();

// The root that the proof implies for key = value. Errors: kMalformed if bits do not decrease
// strictly, there are more than 256 steps, or `other` is present.
Result<StateRoot> root_from_state_inclusion(const StateKey& key, const ValueHash& value,
                                            const PrefixProof& proof);
// The root that the proof implies for the absence of `key`. Errors: kMalformed as above; if `other`
// is the key itself; if at some step the two keys differ in that step's bit.
Result<StateRoot> root_from_state_absence(const StateKey& key, const PrefixProof& proof);

// Errors: the above; kInvalid if the root is another.
Result<void> verify_state_inclusion(const StateKey& key, const ValueHash& value,
                                    const PrefixProof& proof, const StateRoot& root);
Result<void> verify_state_absence(const StateKey& key, const PrefixProof& proof,
                                  const StateRoot& root);

// Bytes of a proof: for inclusion the steps, leaf first, each b[1] || sibling[32]; for absence
// K[32] || V[32] in front of them, or nothing at all for the empty tree. Whether it is an inclusion
// or an absence is said beside it. Errors: kMalformed (not a whole number of steps, over 256 of
// them).
Bytes encode_prefix_proof(const PrefixProof& proof);
Result<PrefixProof> decode_inclusion_proof(ByteView bytes);
Result<PrefixProof> decode_absence_proof(ByteView bytes);

}  // namespace holdfast::merkle
