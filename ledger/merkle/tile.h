// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
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
  std::uint8_t level = 0;  // 0 to 7
  std::uint64_t index = 0;
  std::uint16_t width = 256;  // 1 to 256; below 256 the tile is partial
  friend auto operator<=>(const TileId&, const TileId&) = default;
};

// The entries [256 index, 256 index + width).
struct BundleId {
  std::uint64_t index = 0;
  std::uint16_t width = 256;  // as in TileId
  friend auto operator<=>(const BundleId&, const BundleId&) = default;
};

// "tile/0/x001/x234/067" or "tile/0/x001/x234/067.p/5"; entry bundles "tile/entries/...".
std::string format_tile_path(const TileId& tile);
std::string format_bundle_path(std::uint64_t index, std::uint16_t width);
// "x001/x234/067", the digits alone: other per-256 files use the same grouping.
std::string format_tile_index(std::uint64_t index);

// Take exactly what the above write. Errors: kMalformed.
Result<TileId> parse_tile_path(std::string_view path);
Result<BundleId> parse_bundle_path(std::string_view path);

// Every hash tile and every entry bundle of a tree of `size`, partial ones included, by level and
// index. About size / 255 of them: for trees that exist, not for any size that somebody writes
// down.
std::vector<TileId> tiles_of(TreeSize size);
std::vector<BundleId> bundles_of(TreeSize size);

// A full tile of hashes together with the nodes above them, so that proofs need no hashing:
// 256 hashes of height 0, then 128 of height 1, ... then 1 of height 8. 511 hashes, 16,352 bytes.
class TileBlock {
 public:
  static constexpr std::size_t kHashes = 511;
  // CHECKs that there are 256 hashes. Cost: 255 hashes.
  static TileBlock build(std::span<const NodeHash> hashes);
  // From the bytes that `bytes()` gave, copied. CHECKs the length.
  static TileBlock view(ByteView bytes);
  // Node of `height` (0 to 8) above the tile's hashes, at `index` within the tile.
  NodeHash node(unsigned height, std::size_t index) const { return node_in(bytes_, height, index); }
  NodeHash root() const { return node(kTileHeight, 0); }
  ByteView bytes() const { return bytes_; }
  // The same without a copy of the block. CHECKs the length of `bytes`, and that there is such a
  // node.
  static NodeHash node_in(ByteView bytes, unsigned height, std::size_t index);

 private:
  explicit TileBlock(Bytes bytes) : bytes_(std::move(bytes)) {}
  Bytes bytes_;
};

// Where node (level, index) of the log tree lies: the block and the place inside it. `height` is 0
// to 7: a block's own root is looked up as a hash of the tile above it.
struct BlockPlace {
  std::uint8_t tile_level;
  std::uint64_t tile_index;
  unsigned height;
  std::size_t index;
};
// CHECKs that level is at most 63 and that the node's last leaf has an index below 2^64.
BlockPlace place_of(NodeId node);
// Whether that block is full in a tree of `size`; if not, the node is at the edge or not complete.
bool in_full_block(NodeId node, TreeSize size);

// The growing edge of the log tree: per tile level the one tile that is not full, with the nodes
// above its hashes as far as they are complete. 16 KiB a level. Cost of append: one hash,
// amortised.
class TileEdge {
 public:
  using BlockSink = std::function<void(std::uint8_t level, std::uint64_t index, const TileBlock&)>;

  // Rebuilds from what full blocks and entries give: hashes[level] = that level's partial tile,
  // which has floor(size / 256^level) mod 256 hashes; empty levels at the end may be left out.
  // Errors: kInvalid if a level has another number.
  static Result<TileEdge> restore(TreeSize size, const std::vector<std::vector<NodeHash>>& hashes);

  // Hands each block that fills to `sink`, lowest level first. The block is borrowed for the call.
  void append(const LeafHash& leaf, const BlockSink& sink);
  TreeSize size() const { return size_; }
  Root root() const;
  // The hashes of the tile at `level` that is not full yet, oldest first.
  std::span<const NodeHash> partial(std::uint8_t level) const;
  // A node at or above the partial tiles' hashes, without hashing.
  // Errors: kNotFound where it lies in a full block or is not complete.
  Result<NodeHash> node(NodeId node) const;

 private:
  // Laid out as a TileBlock, of which the first `width` hashes and what they complete are set.
  struct PartialTile {
    std::vector<NodeHash> nodes = std::vector<NodeHash>(TileBlock::kHashes);
    std::size_t width = 0;
    void append(const NodeHash& hash);
  };

  TreeSize size_;
  std::vector<PartialTile> tiles_;  // by level
};

}  // namespace holdfast::merkle
