// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/merkle/tile.h"

#include <gtest/gtest.h>

#include "tests/merkle/samples.h"
#include "tests/reference/log_tree.h"

namespace holdfast::merkle {
namespace {

TEST(TilePath, GroupsTheIndexByThreeDigits) {
  EXPECT_EQ(format_tile_index(0), "000");
  EXPECT_EQ(format_tile_index(67), "067");
  EXPECT_EQ(format_tile_index(999), "999");
  EXPECT_EQ(format_tile_index(1000), "x001/000");
  EXPECT_EQ(format_tile_index(1234067), "x001/x234/067");
  EXPECT_EQ(format_tile_index(kLargest), "x018/x446/x744/x073/x709/x551/615");
}

TEST(TilePath, NamesLevelIndexAndPartialWidth) {
  EXPECT_EQ(format_tile_path({0, 1234067, 256}), "tile/0/x001/x234/067");
  EXPECT_EQ(format_tile_path({0, 1234067, 5}), "tile/0/x001/x234/067.p/5");
  EXPECT_EQ(format_tile_path({7, 0, 255}), "tile/7/000.p/255");
  EXPECT_EQ(format_bundle_path(3, 256), "tile/entries/003");
  EXPECT_EQ(format_bundle_path(4000, 1), "tile/entries/x004/000.p/1");
}

TEST(TilePath, ReadsWhatItWrites) {
  for (std::uint64_t index : {std::uint64_t{0}, std::uint64_t{7}, std::uint64_t{1000},
                              std::uint64_t{70210040}, kLargest}) {
    for (unsigned wide : {1u, 9u, 10u, 255u, 256u}) {
      const auto width = static_cast<std::uint16_t>(wide);
      const TileId tile{2, index, width};
      EXPECT_EQ(*parse_tile_path(format_tile_path(tile)), tile);
      const BundleId bundle{index, width};
      EXPECT_EQ(*parse_bundle_path(format_bundle_path(index, width)), bundle);
    }
  }
}

TEST(TilePath, RefusesEveryOtherSpelling) {
  for (const char* path : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "tile/0/0",
                           "tile/0/00",
                           "tile/0/0000",
                           "tile/0/x000/067",
                           "tile/0/x001/67",
                           "tile/0/001/067",
                           "tile/0/x001067",
                           "tile/0/x001//067",
                           "tile/0/x1/067",
                           "tile/0/067/",
                           "/tile/0/067",
                           "tile/00/067",
                           "tile/8/067",
                           "tile/-1/067",
                           "tile/0/067.p/",
                           "tile/0/067.p/0",
                           "tile/0/067.p/01",
                           "tile/0/067.p/256",
                           "tile/0/067.p/257",
                           "tile/0/067.p/5/",
                           "tile/0/067.p/5.p/5",
                           "tile/0/067.p",
                           "tile/0/.p/5",
                           "tile/0/-67",
                           "tile/0/x018/x446/x744/x073/x709/x551/616",
                           "tile/0/x99/x99/x99/x99/x99/x99/x99/x99/999",
                           "tile/entries/067",
                           "tile/0/abc",
                           "tiles0/067"}) {
    const auto tile = parse_tile_path(path);
    ASSERT_FALSE(tile) << path;
    EXPECT_EQ(tile.error().code, Code::kMalformed);
  }
  for (const char* path : {"tile/0/067", "tile/entries/", "tile/entries/67", "tile/entries/067.p/0",
                           "tile/entries/x/067", "tile/entries/x001/x234/x067", "entries/067"})
    EXPECT_FALSE(parse_bundle_path(path)) << path;
}

// C2SP tlog-tiles: level L has floor(size / 256^L) hashes, in full tiles and at most one partial
// one.
TEST(TilesOf, CoversEachLevelOnceWithoutEmptyTiles) {
  for (std::uint64_t size : {0, 1, 255, 256, 257, 511, 512, 65535, 65536, 65537, 70000, 131072}) {
    std::uint64_t hashes_at_level[8] = {};
    for (const TileId& tile : tiles_of({size})) {
      ASSERT_LT(tile.level, 8);
      EXPECT_EQ(tile.index * 256, hashes_at_level[tile.level]) << "size " << size;
      EXPECT_GE(tile.width, 1);
      hashes_at_level[tile.level] += tile.width;
    }
    for (std::uint64_t level = 0, hashes = size; level < 8; ++level, hashes /= 256)
      EXPECT_EQ(hashes_at_level[level], hashes) << "size " << size << " level " << level;
  }
  EXPECT_EQ(tiles_of({65537}).back(), (TileId{2, 0, 1}));
}

TEST(BundlesOf, CoversTheEntriesOnce) {
  EXPECT_TRUE(bundles_of({0}).empty());
  EXPECT_EQ(bundles_of({1}), (std::vector<BundleId>{{0, 1}}));
  EXPECT_EQ(bundles_of({256}), (std::vector<BundleId>{{0, 256}}));
  EXPECT_EQ(bundles_of({600}), (std::vector<BundleId>{{0, 256}, {1, 256}, {2, 88}}));
}

TEST(TileBlock, HasTheHashesAndEveryNodeAboveThem) {
  const auto entries = sample_entries(256);
  std::vector<NodeHash> hashes;
  for (const LeafHash& leaf : leaf_hashes(entries)) hashes.push_back(NodeHash::from(leaf));
  const TileBlock block = TileBlock::build(hashes);

  ASSERT_EQ(block.bytes().size(), 16352u);
  for (unsigned height = 0; height <= 8; ++height) {
    const std::size_t length = std::size_t{1} << height;
    for (std::size_t i = 0; i < 256 / length; ++i) {
      const auto part = std::span(entries).subspan(i * length, length);
      ASSERT_EQ(block.node(height, i), NodeHash::from(reference::tree_hash(part)));
      ASSERT_EQ(TileBlock::node_in(block.bytes(), height, i), block.node(height, i));
    }
  }
  EXPECT_EQ(block.root(), NodeHash::from(reference::tree_hash(entries)));
  EXPECT_TRUE(equal(TileBlock::view(block.bytes()).bytes(), block.bytes()));
  // The tile that is served is the beginning of the block.
  EXPECT_TRUE(equal(block.bytes().first(8192), std::as_bytes(std::span(hashes))));
}

TEST(TileBlock, IsMadeAndReadWithinItsBoundsOnly) {
  EXPECT_DEATH(TileBlock::build(std::vector<NodeHash>(255)), "broken invariant");
  EXPECT_DEATH(TileBlock::view(Bytes(16351)), "broken invariant");
  const TileBlock block = TileBlock::view(Bytes(16352));
  EXPECT_DEATH((void)block.node(9, 0), "broken invariant");
  EXPECT_DEATH((void)block.node(8, 1), "broken invariant");
  EXPECT_DEATH((void)block.node(0, 256), "broken invariant");
}

TEST(PlaceOf, PutsEachNodeIntoTheTileThatCoversIt) {
  const auto expect_place = [](NodeId node, BlockPlace want) {
    const BlockPlace place = place_of(node);
    EXPECT_EQ(place.tile_level, want.tile_level);
    EXPECT_EQ(place.tile_index, want.tile_index);
    EXPECT_EQ(place.height, want.height);
    EXPECT_EQ(place.index, want.index);
  };
  expect_place({0, 0}, {0, 0, 0, 0});
  expect_place({0, 1000}, {0, 3, 0, 232});
  expect_place({7, 5}, {0, 2, 7, 1});
  expect_place({8, 5}, {1, 0, 0, 5});
  expect_place({9, 300}, {1, 2, 1, 44});
  expect_place({63, 1}, {7, 0, 7, 1});
  expect_place({0, kLargest}, {0, kLargest >> 8, 0, 255});
  EXPECT_DEATH(place_of({64, 0}), "broken invariant");
  EXPECT_DEATH(place_of({63, 2}), "broken invariant");
}

}  // namespace
}  // namespace holdfast::merkle
