// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/merkle/samples.h"

#include "ledger/crypto/sha256.h"
#include "ledger/merkle/hash.h"
#include "tests/reference/log_tree.h"

namespace holdfast::merkle {

std::vector<Bytes> sample_entries(std::size_t count) {
  std::vector<Bytes> entries;
  for (std::size_t i = 0; i < count; ++i) entries.push_back(to_bytes("entry " + std::to_string(i)));
  return entries;
}

std::vector<LeafHash> leaf_hashes(std::span<const Bytes> entries) {
  std::vector<LeafHash> leaves;
  for (const Bytes& entry : entries) leaves.push_back(leaf_hash(entry));
  return leaves;
}

StateKey sample_key(std::uint64_t number) {
  return {crypto::sha256({as_bytes("key"), u64be(number)})};
}

ValueHash sample_value(std::uint64_t number) {
  return {crypto::sha256({as_bytes("value"), u64be(number)})};
}

NodeReader ReferenceNodes::reader() {
  return [this](NodeId id) -> Result<NodeHash> {
    const std::uint64_t length = std::uint64_t{1} << id.level;
    if ((id.index + 1) * length > entries_.size())
      return Error{Code::kNotFound, "", "node", "one that is not complete", "a complete one"};
    if (const auto found = known_.find(id); found != known_.end()) return found->second;
    const auto hash =
        NodeHash::from(reference::tree_hash(entries_.subspan(id.index * length, length)));
    known_.emplace(id, hash);
    return hash;
  };
}

NodeReader nodes_of_equal_leaves(const LeafHash& leaf) {
  std::vector<NodeHash> hashes{NodeHash::from(leaf)};
  while (hashes.size() < 64) hashes.push_back(node_hash(hashes.back(), hashes.back()));
  return [hashes](NodeId id) -> Result<NodeHash> { return hashes[id.level]; };
}

void SampleLog::append(const LeafHash& leaf) {
  edge.append(leaf, [this](std::uint8_t level, std::uint64_t index, const TileBlock& block) {
    CHECK(blocks.emplace(std::pair(level, index), block).second);
  });
}

NodeReader SampleLog::reader() const {
  return [this](NodeId id) -> Result<NodeHash> {
    if (!in_full_block(id, edge.size())) return edge.node(id);
    const BlockPlace place = place_of(id);
    return blocks.at({place.tile_level, place.tile_index}).node(place.height, place.index);
  };
}

}  // namespace holdfast::merkle
