// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace holdfast {

// A number of leaves.
struct TreeSize {
  std::uint64_t value = 0;
  friend auto operator<=>(const TreeSize&, const TreeSize&) = default;
};

// The position of a leaf, counted from 0. A leaf at index i is in every tree of size > i.
struct LeafIndex {
  std::uint64_t value = 0;
  friend auto operator<=>(const LeafIndex&, const LeafIndex&) = default;

  // The size of the tree that ends with this leaf.
  TreeSize size_after() const { return {value + 1}; }
  // The size of the tree that this leaf comes next to.
  TreeSize size_before() const { return {value}; }
  bool in(TreeSize size) const { return value < size.value; }
};

}  // namespace holdfast
