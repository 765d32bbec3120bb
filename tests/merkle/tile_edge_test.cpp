// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <random>

#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/hash.h"
#include "ledger/merkle/tile.h"
#include "tests/merkle/samples.h"
#include "tests/reference/log_tree.h"

namespace holdfast::merkle {
namespace {

TEST(TileEdge, HasTheRootOfTheTreeAtEverySize) {
  SampleLog log;
  CompactRange range;
  EXPECT_EQ(log.edge.root(), empty_root());
  for (const LeafHash& leaf : leaf_hashes(sample_entries(2000))) {
    log.append(leaf);
    range.append(leaf);
    ASSERT_EQ(log.edge.size(), range.size());
    ASSERT_EQ(log.edge.root(), range.root()) << range.size().value;
  }
}

TEST(TileEdge, AnswersExactlyTheCompleteNodesOutsideOfFullBlocks) {
  const auto entries = sample_entries(1300);
  ReferenceNodes nodes{entries};
  const NodeReader reference = nodes.reader();
  SampleLog log;
  for (std::uint64_t size = 1; size <= entries.size(); ++size) {
    log.append(leaf_hash(entries[size - 1]));
    if (size % 256 > 2 && size % 37 != 0) continue;
    for (std::uint8_t level = 0; level < 12; ++level) {
      for (std::uint64_t i = 0; i <= (size >> level) + 1; ++i) {
        const NodeId id{level, i};
        const bool complete = (i + 1) << level <= size;
        const auto found = log.edge.node(id);
        ASSERT_EQ(found.has_value(), complete && !in_full_block(id, {size}));
        if (found)
          ASSERT_EQ(*found, *reference(id)) << i << " of level " << int{level};
        else
          ASSERT_EQ(found.error().code, Code::kNotFound);
      }
    }
  }
}

TEST(TileEdge, HandsOutEachBlockAsItFillsLowestLevelFirst) {
  std::vector<std::pair<int, std::uint64_t>> seen;
  const LeafHash leaf = leaf_hash(as_bytes("leaf"));
  const NodeReader nodes = nodes_of_equal_leaves(leaf);
  TileEdge edge;
  while (edge.size().value < 65536 + 256) {
    edge.append(leaf, [&](std::uint8_t level, std::uint64_t index, const TileBlock& block) {
      seen.emplace_back(level, index);
      ASSERT_EQ(block.root(), *nodes({static_cast<std::uint8_t>(8 * level + 8), index}));
    });
  }
  ASSERT_EQ(seen.size(), 258u);
  EXPECT_EQ(seen[0], (std::pair<int, std::uint64_t>(0, 0)));
  EXPECT_EQ(seen[255], (std::pair<int, std::uint64_t>(0, 255)));
  EXPECT_EQ(seen[256], (std::pair<int, std::uint64_t>(1, 0)));
  EXPECT_EQ(seen[257], (std::pair<int, std::uint64_t>(0, 256)));
}

TEST(TileEdge, GivesWithItsBlocksTheProofsOfTheReference) {
  const auto entries = sample_entries(70000);
  std::mt19937_64 random(20260301);
  SampleLog log;
  for (std::uint64_t size = 1; size <= entries.size(); ++size) {
    log.append(leaf_hash(entries[size - 1]));
    // Small sizes often, then some; and those where tiles of two levels have just filled.
    if (random() % size > 3 && (size < 65535 || size > 65537)) continue;
    const auto part = std::span(entries).first(size);
    const NodeReader read = log.reader();
    ASSERT_EQ(*root_at({size}, read), reference::tree_hash(part)) << size;
    const std::uint64_t index = random() % size;
    ASSERT_EQ(*prove_inclusion({index}, {size}, read), reference::audit_path(index, part))
        << index << " of " << size;
    const std::uint64_t old_size = 1 + random() % size;
    ASSERT_EQ(*prove_consistency({old_size}, {size}, read),
              reference::consistency_proof(old_size, part))
        << old_size << " to " << size;
    // An older size, with the nodes of today.
    ASSERT_EQ(*root_at({old_size}, read), reference::tree_hash(part.first(old_size)));
  }
}

TEST(TileEdge, GoesOnFromThePartialTilesItIsRestoredFrom) {
  SampleLog log;
  CompactRange range;
  for (const LeafHash& leaf : leaf_hashes(sample_entries(1200))) {
    std::vector<std::vector<NodeHash>> partial;
    for (std::uint8_t level = 0; level < 3; ++level) {
      const auto hashes = log.edge.partial(level);
      partial.emplace_back(hashes.begin(), hashes.end());
    }
    auto restored = TileEdge::restore(log.edge.size(), partial);
    ASSERT_TRUE(restored) << describe(restored.error());
    ASSERT_EQ(restored->root(), log.edge.root());
    log.edge = *std::move(restored);
    log.append(leaf);
    range.append(leaf);
    ASSERT_EQ(log.edge.root(), range.root());
  }
  EXPECT_EQ(log.blocks.size(), 4u);
  EXPECT_EQ(*root_at({1024}, log.reader()), reference::tree_hash(sample_entries(1024)));
}

TEST(TileEdge, IsNotRestoredFromAnotherNumberOfHashes) {
  const auto refusal_for = [](std::uint64_t size, std::vector<std::size_t> widths) {
    std::vector<std::vector<NodeHash>> hashes;
    for (std::size_t width : widths) hashes.emplace_back(width);
    const auto edge = TileEdge::restore({size}, hashes);
    return edge ? std::string() : describe(edge.error());
  };
  EXPECT_EQ(refusal_for(0, {}), "");
  EXPECT_EQ(refusal_for(0, {0, 0}), "");
  EXPECT_EQ(refusal_for(515, {3, 2}), "");
  EXPECT_EQ(refusal_for(515, {4, 2}), "partial tile of level 0: found 4 hashes, want 3 hashes");
  EXPECT_EQ(refusal_for(515, {3}), "partial tile of level 1: found 0 hashes, want 2 hashes");
  EXPECT_EQ(refusal_for(512, {256, 1}), "partial tile of level 0: found 256 hashes, want 0 hashes");
  EXPECT_EQ(refusal_for(3, {3, 0, 1}), "partial tile of level 2: found 1 hashes, want 0 hashes");
}

TEST(TileEdge, ReachesTheLargestSizeAndStopsThere) {
  const LeafHash leaf = leaf_hash(as_bytes("leaf"));
  const NodeReader nodes = nodes_of_equal_leaves(leaf);
  std::vector<std::vector<NodeHash>> hashes;
  for (std::uint8_t level = 0; level < 8; ++level)
    hashes.emplace_back(level == 0 ? 254 : 255, *nodes({static_cast<std::uint8_t>(8 * level), 0}));
  TileEdge edge = *TileEdge::restore({kLargest - 1}, hashes);
  EXPECT_EQ(edge.root(), reference::tree_hash_of_equal_leaves(leaf, kLargest - 1));
  edge.append(leaf, nullptr);
  EXPECT_EQ(edge.root(), reference::tree_hash_of_equal_leaves(leaf, kLargest));
  EXPECT_EQ(*edge.node({63, 0}), *nodes({63, 0}));
  EXPECT_DEATH(edge.append(leaf, nullptr), "broken invariant");
}

}  // namespace
}  // namespace holdfast::merkle
