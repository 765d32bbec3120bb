// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/core/position.h"

namespace holdfast::merkle {

// --- checking -----------------------------------------------------------------------------------

// Recomputes the root that `path` implies for `leaf` at `index` in a tree of `size` leaves.
// `path` is the audit path, leaf side first. Cost: path.size() hashes.
// Errors: kMalformed if index >= size or the path has not exactly the required length.
// Source: RFC 9162 section 2.1.3.2.
Result<Root> root_from_inclusion_proof(LeafIndex index, TreeSize size, const LeafHash& leaf,
                                       std::span<const NodeHash> path);
// Errors: the above; kInvalid if the recomputed root is another.
Result<void> verify_inclusion(LeafIndex index, TreeSize size, const LeafHash& leaf,
                              std::span<const NodeHash> path, const Root& root);

// The root of the first `index` leaves, which an inclusion proof of the leaf at `index` holds: what
// stands to the left of its path. Of a proof that was verified. Cost: path.size() hashes at most.
Root root_before(LeafIndex index, TreeSize size, std::span<const NodeHash> path);

// What a consistency proof implies: the roots at both sizes. A proof that yields the signed new
// root but not the signed old one is evidence of a fork, so both are returned.
struct ConsistencyRoots {
  Root old_root;
  Root new_root;
};
// `old_root` is the claimed one: where old_size is a power of two it seeds the computation.
// Errors: kMalformed if old_size is 0 or > new_size, or the proof has the wrong length.
// Source: RFC 9162 section 2.1.4.2.
Result<ConsistencyRoots> roots_from_consistency_proof(TreeSize old_size, TreeSize new_size,
                                                      const Root& old_root,
                                                      std::span<const NodeHash> proof);
// Errors: the above; kInvalid if either root is another. Equal sizes need an empty proof, equal
// roots.
Result<void> verify_consistency(TreeSize old_size, TreeSize new_size, const Root& old_root,
                                const Root& new_root, std::span<const NodeHash> proof);

// --- making -------------------------------------------------------------------------------------

// A node of the log tree: the root of the perfect subtree of 2^level leaves at index << level.
struct NodeId {
  std::uint8_t level = 0;
  std::uint64_t index = 0;
  friend auto operator<=>(const NodeId&, const NodeId&) = default;
};

// Answers the hash of a perfect subtree that is complete in the tree at hand.
using NodeReader = std::function<Result<NodeHash>(NodeId)>;

// The perfect subtrees that leaves [0, size) consist of, left (largest) first.
std::vector<NodeId> perfect_subtrees(TreeSize size);

Result<Root> root_at(TreeSize size, const NodeReader& read);
// Errors: kNotFound if index >= size; those of `read`.
Result<std::vector<NodeHash>> prove_inclusion(LeafIndex index, TreeSize size,
                                              const NodeReader& read);
// Errors: kInvalid unless 0 < old_size <= new_size; those of `read`.
Result<std::vector<NodeHash>> prove_consistency(TreeSize old_size, TreeSize new_size,
                                                const NodeReader& read);

}  // namespace holdfast::merkle
