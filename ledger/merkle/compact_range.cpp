// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/merkle/compact_range.h"

#include <bit>
#include <limits>

#include "ledger/merkle/hash.h"

namespace holdfast::merkle {

CompactRange::CompactRange(TreeSize size, std::vector<NodeHash> hashes)
    : size_(size), hashes_(std::move(hashes)) {
  CHECK(hashes_.size() == static_cast<std::size_t>(std::popcount(size.value)));
}

void CompactRange::append(const LeafHash& leaf) {
  CHECK(size_.value != std::numeric_limits<std::uint64_t>::max());
  NodeHash hash = NodeHash::from(leaf);
  // Every trailing one bit of the size is a subtree that the new leaf completes to the next height.
  if (hashes_.empty()) hashes_.reserve(8);  // enough for a batch, and one allocation
  for (std::uint64_t rest = size_.value; rest % 2 == 1; rest /= 2) {
    hash = node_hash(hashes_.back(), hash);
    hashes_.pop_back();
  }
  hashes_.push_back(hash);
  ++size_.value;
}

Root CompactRange::root() const {
  if (hashes_.empty()) return empty_root();
  NodeHash hash = hashes_.back();
  for (std::size_t i = hashes_.size() - 1; i > 0; --i) hash = node_hash(hashes_[i - 1], hash);
  return Root::from(hash);
}

Root root_of(std::span<const LeafHash> leaves) {
  if (leaves.size() == 1) return Root::from(leaves[0]);
  CompactRange range;
  for (const LeafHash& leaf : leaves) range.append(leaf);
  return range.root();
}

std::vector<std::vector<NodeHash>> all_inclusion_paths(std::span<const LeafHash> leaves) {
  std::vector<std::vector<NodeHash>> paths(leaves.size());
  std::vector<NodeHash> nodes;
  nodes.reserve(leaves.size());
  for (const LeafHash& leaf : leaves) nodes.push_back(NodeHash::from(leaf));
  for (auto& path : paths)
    path.reserve(static_cast<std::size_t>(std::bit_width(leaves.size() - 1)));

  // Level by level: neighbours are paired, and a last one without neighbour moves up as it is.
  for (unsigned level = 0; nodes.size() > 1; ++level) {
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      const std::size_t sibling = (i >> level) ^ 1;
      if (sibling < nodes.size()) paths[i].push_back(nodes[sibling]);
    }
    const std::size_t pairs = nodes.size() / 2;
    for (std::size_t i = 0; i < pairs; ++i) nodes[i] = node_hash(nodes[2 * i], nodes[2 * i + 1]);
    if (nodes.size() % 2 == 1) nodes[pairs] = nodes.back();
    nodes.resize((nodes.size() + 1) / 2);
  }
  return paths;
}

}  // namespace holdfast::merkle
