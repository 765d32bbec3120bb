// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/merkle/prefix_tree.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tile.h"

namespace holdfast::merkle {

// Sizes and indexes at the end of what 64 bits can say.
inline constexpr std::uint64_t kLargest = ~std::uint64_t{0};

// `count` short entries, each unlike the others.
std::vector<Bytes> sample_entries(std::size_t count);
std::vector<LeafHash> leaf_hashes(std::span<const Bytes> entries);

// Keys and values that depend on nothing but the number, spread like real ones.
StateKey sample_key(std::uint64_t number);
ValueHash sample_value(std::uint64_t number);

// The digest with one bit turned over, counted from the first.
template <typename D>
D flipped(D digest, unsigned bit) {
  digest.bytes[bit / 8] ^= static_cast<std::byte>(0x80u >> bit % 8);
  return digest;
}

// Answers nodes from the reference definition. kNotFound where a node is not complete.
class ReferenceNodes {
 public:
  explicit ReferenceNodes(std::span<const Bytes> entries) : entries_(entries) {}
  NodeReader reader();

 private:
  std::span<const Bytes> entries_;
  std::map<NodeId, NodeHash> known_;
};

// Answers nodes of a tree whose leaves are all `leaf`, of any size.
NodeReader nodes_of_equal_leaves(const LeafHash& leaf);

// Keeps what an edge hands out, as a store would, and answers any complete node.
class SampleLog {
 public:
  void append(const LeafHash& leaf);
  NodeReader reader() const;
  TileEdge edge;
  std::map<std::pair<std::uint8_t, std::uint64_t>, TileBlock> blocks;  // by level and index
};

}  // namespace holdfast::merkle
