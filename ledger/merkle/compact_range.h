// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/core/position.h"

namespace holdfast::merkle {

// The roots of the perfect subtrees that a tree of some size consists of, largest first: all that
// is needed to append, at most 64 hashes.
class CompactRange {
 public:
  CompactRange() = default;
  // CHECKs that there are as many hashes as `size` has one bits.
  CompactRange(TreeSize size, std::vector<NodeHash> hashes);

  void append(const LeafHash& leaf);
  TreeSize size() const { return size_; }
  Root root() const;  // the empty root at size 0
  const std::vector<NodeHash>& hashes() const { return hashes_; }

 private:
  TreeSize size_;
  std::vector<NodeHash> hashes_;
};

// The RFC 6962 root over these leaves, for small lists (a batch, change pairs, fields).
Root root_of(std::span<const LeafHash> leaves);

// All inclusion paths of a small tree at once: paths[i] proves leaf i. Cost: 2n hashes.
std::vector<std::vector<NodeHash>> all_inclusion_paths(std::span<const LeafHash> leaves);

}  // namespace holdfast::merkle
