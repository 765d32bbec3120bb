// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/core/position.h"
#include "ledger/merkle/proof.h"

namespace holdfast::merkle {

inline constexpr std::uint64_t kTileWidth = 256;
inline constexpr unsigned kTileHeight = 8;

// A tile's place: hash i of tile (level, index) is the root of leaves
// [(256 index + i) * 256^level, (256 index + i + 1) * 256^level). Source: C2SP tlog-tiles.
struct TileId {
  std::uint8_t level = 0;     // 0 to 7
  std::uint64_t index = 0;
  std::uint16_t width = 256;  // 1 to 256; below 256 the tile is partial
  friend auto operator<=>(const TileId&, const TileId&) = default;
};

// "tile/0/x001/x234/067" or "tile/0/x001/x234/067.p/5"; entry bundles "tile/entries/...".
std::string format_tile_path(const TileId& tile);
std::string format_bundle_path(std::uint64_t index, std::uint16_t width);
// "x001/x234/067", the digits alone: other per-256 files use the same grouping.
std::string format_tile_index(std::uint64_t index);

// Every hash tile and how many entry bundles a tree of `size` has, partial ones included.
std::vector<TileId> tiles_of(TreeSize size);
struct BundleId {
  std::uint64_t index = 0;
  std::uint16_t width = 256;
};
std::vector<BundleId> bundles_of(TreeSize size);

// A full tile of hashes together with the nodes above them, so that proofs need no hashing:
// 256 hashes of height 0, then 128 of height 1, ... then 1 of height 8. 511 hashes, 16,352 bytes.
class TileBlock {
 public:
  static constexpr std::size_t kHashes = 511;
  // CHECKs that there are 256 hashes. Cost: 255 hashes.
  static TileBlock build(std::span<const NodeHash> hashes);
  // The bytes that `bytes()` gave. CHECKs the length.
  static TileBlock view(ByteView bytes);
  // Node of `height` (0 to 8) above the tile's hashes, at `index` within the tile.
  NodeHash node(unsigned height, std::size_t index) const;
  NodeHash root() const { return node(8, 0); }
  ByteView bytes() const;
  static NodeHash node_in(ByteView bytes, unsigned height, std::size_t index);

 private:
  Bytes bytes_;
};

// Where node (level, index) of the log tree lies: the block and the place inside it.
struct BlockPlace {
  std::uint8_t tile_level;
  std::uint64_t tile_index;
  unsigned height;
  std::size_t index;
};
BlockPlace place_of(NodeId node);

// The growing edge of the log tree: per tile level the hashes of the one tile that is not full.
// append() hands out blocks as they fill, lowest level first.
class TileEdge {
 public:
  using BlockSink = std::function<void(std::uint8_t level, std::uint64_t index, const TileBlock&)>;
  void append(const LeafHash& leaf, const BlockSink& sink);
  TreeSize size() const;
  Root root() const;
  // The hashes of the tile at `level` that is not full yet, oldest first.
  std::span<const NodeHash> partial(std::uint8_t level) const;
  // A node above the partial tiles' hashes; kNotFound where it lies in a full block or is not complete.
  Result<NodeHash> node(NodeId node) const;
  // Rebuilds from what full blocks and entries give: hashes[level] = that level's partial tile.
  static TileEdge restore(TreeSize size, std::vector<std::vector<NodeHash>> hashes);

 private:
  TreeSize size_;
  std::vector<std::vector<NodeHash>> partial_;
};

}  // namespace holdfast::merkle
