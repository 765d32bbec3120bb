// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/merkle/tile.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <limits>

#include "ledger/merkle/hash.h"

namespace holdfast::merkle {
namespace {

constexpr std::uint8_t kTileLevels = 8;
constexpr std::string_view kTilePrefix = "tile/";
constexpr std::string_view kBundlePrefix = "tile/entries/";
static_assert(sizeof(NodeHash) == kDigestBytes, "blocks are arrays of hashes without gaps");

// Where the nodes of `height` begin in a block: after 256 + 128 + ... of the heights below.
constexpr std::size_t offset_of(unsigned height) { return 512 - (512u >> height); }

std::string format_place(std::string_view prefix, std::uint64_t index, std::uint16_t width) {
  CHECK(width >= 1 && width <= kTileWidth);
  std::string path = std::string(prefix) + format_tile_index(index);
  if (width < kTileWidth) path += ".p/" + std::to_string(width);
  return path;
}

Error malformed_path(std::string_view path) {
  return {Code::kMalformed, "", "tile path", "\"" + std::string(path.substr(0, 64)) + "\"",
          "tile/<level>/<index> or tile/entries/<index>, the index in groups of three digits"};
}

// Reads "x001/x234/067.p/5" loosely; the caller compares with what format_* makes of the result.
Result<BundleId> read_place(std::string_view text) {
  BundleId place;
  if (const auto partial = text.find(".p/"); partial != text.npos) {
    TRY_ASSIGN(const std::uint64_t width, parse_decimal(text.substr(partial + 3)));
    if (width < 1 || width >= kTileWidth) return malformed_path(text);
    place.width = static_cast<std::uint16_t>(width);
    text = text.substr(0, partial);
  }
  std::string digits;
  for (char c : text) {
    if (c != 'x' && c != '/') digits += c;
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.empty() ? 0 : digits.size() - 1));
  TRY_ASSIGN(place.index, parse_decimal(digits));
  return place;
}

// floor(size / 256^level): how many hashes all tiles of a level have together.
std::uint64_t hashes_at(TreeSize size, unsigned level) {
  return level < kTileLevels ? size.value >> (kTileHeight * level) : 0;
}

}  // namespace

std::string format_tile_index(std::uint64_t index) {
  std::array<char, 8> group;
  std::snprintf(group.data(), group.size(), "%03u", static_cast<unsigned>(index % 1000));
  std::string text = group.data();
  while ((index /= 1000) != 0) {
    std::snprintf(group.data(), group.size(), "x%03u/", static_cast<unsigned>(index % 1000));
    text.insert(0, group.data());
  }
  return text;
}

std::string format_tile_path(const TileId& tile) {
  CHECK(tile.level < kTileLevels);
  return format_place(std::string(kTilePrefix) + std::to_string(tile.level) + "/", tile.index,
                      tile.width);
}

std::string format_bundle_path(std::uint64_t index, std::uint16_t width) {
  return format_place(kBundlePrefix, index, width);
}

Result<TileId> parse_tile_path(std::string_view path) {
  const std::size_t place_at = kTilePrefix.size() + 2;  // after "tile/<L>/"
  if (path.size() <= place_at || path[5] < '0' || path[5] >= '0' + kTileLevels)
    return malformed_path(path);
  const auto place = read_place(path.substr(place_at));
  if (!place) return malformed_path(path);
  const TileId tile{static_cast<std::uint8_t>(path[5] - '0'), place->index, place->width};
  if (format_tile_path(tile) != path) return malformed_path(path);
  return tile;
}

Result<BundleId> parse_bundle_path(std::string_view path) {
  if (!path.starts_with(kBundlePrefix)) return malformed_path(path);
  const auto place = read_place(path.substr(kBundlePrefix.size()));
  if (!place || format_bundle_path(place->index, place->width) != path) return malformed_path(path);
  return *place;
}

std::vector<TileId> tiles_of(TreeSize size) {
  std::vector<TileId> tiles;
  for (std::uint8_t level = 0; hashes_at(size, level) != 0; ++level) {
    const std::uint64_t hashes = hashes_at(size, level);
    for (std::uint64_t index = 0; index < hashes / kTileWidth; ++index)
      tiles.push_back({level, index, kTileWidth});
    if (hashes % kTileWidth != 0)
      tiles.push_back(
          {level, hashes / kTileWidth, static_cast<std::uint16_t>(hashes % kTileWidth)});
  }
  return tiles;
}

std::vector<BundleId> bundles_of(TreeSize size) {
  std::vector<BundleId> bundles;
  for (std::uint64_t index = 0; index < size.value / kTileWidth; ++index)
    bundles.push_back({index, kTileWidth});
  if (size.value % kTileWidth != 0)
    bundles.push_back(
        {size.value / kTileWidth, static_cast<std::uint16_t>(size.value % kTileWidth)});
  return bundles;
}

TileBlock TileBlock::build(std::span<const NodeHash> hashes) {
  CHECK(hashes.size() == kTileWidth);
  std::vector<NodeHash> nodes(hashes.begin(), hashes.end());
  nodes.reserve(kHashes);
  // Each height follows the one below, so the pairs of one list make the next, to its end.
  for (std::size_t i = 0; nodes.size() < kHashes; i += 2)
    nodes.push_back(node_hash(nodes[i], nodes[i + 1]));
  return view(std::as_bytes(std::span(nodes)));
}

TileBlock TileBlock::view(ByteView bytes) {
  CHECK(bytes.size() == kHashes * kDigestBytes);
  return TileBlock(Bytes(bytes.begin(), bytes.end()));
}

NodeHash TileBlock::node_in(ByteView bytes, unsigned height, std::size_t index) {
  CHECK(bytes.size() == kHashes * kDigestBytes);
  CHECK(height <= kTileHeight && index < kTileWidth >> height);
  return NodeHash::from(bytes.subspan((offset_of(height) + index) * kDigestBytes, kDigestBytes));
}

BlockPlace place_of(NodeId node) {
  CHECK(node.level < 64 && node.index <= std::numeric_limits<std::uint64_t>::max() >> node.level);
  const unsigned height = node.level % kTileHeight;
  const unsigned in_tile = kTileHeight - height;  // bits of the index that stay within the tile
  return {static_cast<std::uint8_t>(node.level / kTileHeight), node.index >> in_tile, height,
          static_cast<std::size_t>(node.index & ((1u << in_tile) - 1))};
}

bool in_full_block(NodeId node, TreeSize size) {
  const BlockPlace place = place_of(node);
  return place.tile_index < hashes_at(size, place.tile_level) / kTileWidth;
}

void TileEdge::PartialTile::append(const NodeHash& hash) {
  nodes[width] = hash;
  // The nodes that this hash completes: one for each trailing one bit of its index.
  std::size_t index = width;
  for (unsigned height = 0; index % 2 == 1; ++height) {
    const NodeHash* const right = &nodes[offset_of(height) + index];
    index /= 2;
    nodes[offset_of(height + 1) + index] = node_hash(right[-1], right[0]);
  }
  ++width;
}

Result<TileEdge> TileEdge::restore(TreeSize size,
                                   const std::vector<std::vector<NodeHash>>& hashes) {
  TileEdge edge;
  edge.size_ = size;
  for (unsigned level = 0; level < hashes.size() || hashes_at(size, level) != 0; ++level) {
    const std::size_t found = level < hashes.size() ? hashes[level].size() : 0;
    const std::uint64_t want = hashes_at(size, level) % kTileWidth;
    if (found != want)
      return Error{Code::kInvalid, "", "partial tile of level " + std::to_string(level),
                   std::to_string(found) + " hashes", std::to_string(want) + " hashes"};
    if (hashes_at(size, level) == 0) continue;
    PartialTile& tile = edge.tiles_.emplace_back();
    for (std::size_t i = 0; i < found; ++i) tile.append(hashes[level][i]);
  }
  return edge;
}

void TileEdge::append(const LeafHash& leaf, const BlockSink& sink) {
  CHECK(size_.value != std::numeric_limits<std::uint64_t>::max());
  NodeHash hash = NodeHash::from(leaf);
  for (std::uint8_t level = 0;; ++level) {
    if (level == tiles_.size()) tiles_.emplace_back();
    PartialTile& tile = tiles_[level];
    tile.append(hash);
    if (tile.width < kTileWidth) break;
    const TileBlock block = TileBlock::view(std::as_bytes(std::span(tile.nodes)));
    sink(level, size_.value >> (kTileHeight * (level + 1u)), block);
    hash = block.root();
    tile.width = 0;
  }
  ++size_.value;
}

Root TileEdge::root() const {
  return root_at(size_, [this](NodeId id) { return node(id); }).value();
}

std::span<const NodeHash> TileEdge::partial(std::uint8_t level) const {
  if (level >= tiles_.size()) return {};
  return std::span(tiles_[level].nodes).first(tiles_[level].width);
}

Result<NodeHash> TileEdge::node(NodeId node) const {
  const BlockPlace place = place_of(node);
  const bool at_edge = hashes_at(size_, place.tile_level) / kTileWidth == place.tile_index;
  if (at_edge && place.tile_level < tiles_.size()) {
    const PartialTile& tile = tiles_[place.tile_level];
    if ((place.index + 1) << place.height <= tile.width)
      return tile.nodes[offset_of(place.height) + place.index];
  }
  return Error{Code::kNotFound, "",
               "node " + std::to_string(node.index) + " of level " + std::to_string(node.level),
               "a tree of size " + std::to_string(size_.value),
               "one in a partial tile of the edge"};
}

}  // namespace holdfast::merkle
