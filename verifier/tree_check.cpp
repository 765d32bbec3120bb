// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/tree_check.h"

#include <algorithm>

#include "ledger/merkle/hash.h"

namespace holdfast::verifier {
namespace {

// How many leaves a hash of this level stands for.
std::uint64_t leaves_of(std::size_t level) {
  return std::uint64_t{1} << (merkle::kTileHeight * level);
}

}  // namespace

TreeCheck::Level& TreeCheck::level_at(std::size_t level) {
  if (level == levels_.size()) levels_.emplace_back();
  return levels_[level];
}

void TreeCheck::append(const LeafHash& leaf) {
  size_ = {size_.value + 1};
  push(0, leaf);
}

void TreeCheck::push(std::size_t level, const LeafHash& hash) {
  Level& row = level_at(level);
  if (level > 0) compare(level, static_cast<std::size_t>(row.filling.size().value), hash);
  row.filling.append(hash);
  if (row.filling.size().value < merkle::kTileWidth) return;
  // A full tile's root is a hash of the row above: there it is a leaf like any other.
  const LeafHash above = LeafHash::from(row.filling.root());
  row.filling = {};
  ++row.tile_index;
  push(level + 1, above);
}

void TreeCheck::compare(std::size_t level, std::size_t place, const LeafHash& hash) {
  Level& row = levels_[level];
  const std::uint64_t first_leaf = (row.tile_index * merkle::kTileWidth + place) * leaves_of(level);
  if (place == 0) {
    const std::uint64_t width =
        std::min(merkle::kTileWidth,
                 final_size_.value / leaves_of(level) - row.tile_index * merkle::kTileWidth);
    auto tile = load_tile(source_, {static_cast<std::uint8_t>(level), row.tile_index,
                                    static_cast<std::uint16_t>(width)});
    row.tile = {};
    if (!tile) {
      const bool malformed = tile.error().code == Code::kMalformed;
      if (malformed) findings_.refute(first_leaf, FaultRank::kRule, false, tile.error());
      if (!malformed) findings_.cannot_tell(first_leaf, false, tile.error());
      return;
    }
    row.tile = *std::move(tile);
    if (!row.tile.present) findings_.missing(first_leaf / merkle::kTileWidth, row.tile.path);
    if (row.tile.present) ++tiles_;
  }
  if (!row.tile.present || equal(row.tile.items[place], hash)) return;
  findings_.refute(
      first_leaf, FaultRank::kRule, false,
      Error{Code::kInvalid, "EXPORT-2", row.tile.path + ", hash " + std::to_string(place),
            format_hex(row.tile.items[place]),
            hash.hex() + ", the root of entries " + std::to_string(first_leaf) + " to " +
                std::to_string(first_leaf + leaves_of(level) - 1)});
}

Root TreeCheck::root() const {
  // Rows from the top down hold the perfect subtrees of the whole tree, largest first.
  std::optional<NodeHash> right;
  for (const Level& row : levels_) {
    const auto& hashes = row.filling.hashes();
    for (auto it = hashes.rbegin(); it != hashes.rend(); ++it)
      right = right ? merkle::node_hash(*it, *right) : *it;
  }
  return right ? Root::from(*right) : merkle::empty_root();
}

}  // namespace holdfast::verifier
