// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <vector>

#include "ledger/merkle/compact_range.h"
#include "verifier/findings.h"
#include "verifier/layout.h"

namespace holdfast::verifier {

// Recomputes the log tree from leaf hashes in order, and compares every hash of the tiles above
// level 0 with it; level 0 is compared where the leaves are hashed. Cost: one hash a leaf.
class TreeCheck {
 public:
  // The tree will have `size` leaves. All three outlive it.
  TreeCheck(const Source& source, Findings& findings, TreeSize size)
      : source_(source), findings_(findings), final_size_(size) {}

  void append(const LeafHash& leaf);
  TreeSize size() const { return size_; }
  Root root() const;
  std::uint64_t tiles() const { return tiles_; }

 private:
  // One row of tiles, with the perfect subtrees within the tile that is being filled.
  struct Level {
    merkle::CompactRange filling;
    std::uint64_t tile_index = 0;
    Loaded tile;  // above level 0
  };
  Level& level_at(std::size_t level);
  void push(std::size_t level, const LeafHash& hash);
  void compare(std::size_t level, std::size_t place, const LeafHash& hash);

  const Source& source_;
  Findings& findings_;
  TreeSize final_size_;
  TreeSize size_;
  std::vector<Level> levels_;
  std::uint64_t tiles_ = 0;
};

}  // namespace holdfast::verifier
