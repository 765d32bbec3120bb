// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/merkle/compact_range.h"

#include <gtest/gtest.h>

#include <limits>

#include "ledger/merkle/hash.h"
#include "tests/merkle/samples.h"
#include "tests/reference/log_tree.h"

namespace holdfast::merkle {
namespace {

// The leaves and roots that the Certificate Transparency project tests its logs with.
TEST(CompactRange, GivesTheRootsOfTheCertificateTransparencyVectors) {
  const char* const leaves[] = {"",
                                "00",
                                "10",
                                "2021",
                                "3031",
                                "40414243",
                                "5051525354555657",
                                "606162636465666768696a6b6c6d6e6f"};
  const char* const roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                               "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                               "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                               "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                               "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                               "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                               "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                               "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  CompactRange range;
  EXPECT_EQ(range.root().hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (std::size_t i = 0; i < 8; ++i) {
    range.append(leaf_hash(*parse_hex(leaves[i])));
    EXPECT_EQ(range.root().hex(), roots[i]) << "size " << i + 1;
  }
}

TEST(CompactRange, AgreesWithTheReferenceAtEverySizeToThreeHundred) {
  const auto entries = sample_entries(300);
  const auto leaves = leaf_hashes(entries);
  CompactRange range;
  for (std::size_t size = 0; size <= entries.size(); ++size) {
    ASSERT_EQ(range.size().value, size);
    ASSERT_EQ(range.root(), reference::tree_hash(std::span(entries).first(size))) << size;
    ASSERT_EQ(root_of(std::span(leaves).first(size)), range.root()) << size;
    if (size < leaves.size()) range.append(leaves[size]);
  }
}

TEST(CompactRange, GoesOnFromTheHashesItWasSavedAs) {
  const auto leaves = leaf_hashes(sample_entries(130));
  CompactRange range;
  for (const LeafHash& leaf : leaves) {
    range = CompactRange(range.size(), range.hashes());
    range.append(leaf);
  }
  EXPECT_EQ(range.root(), root_of(leaves));
}

TEST(CompactRange, ReachesTheLargestSizeAndStopsThere) {
  const LeafHash leaf = leaf_hash(as_bytes("leaf"));
  const NodeReader read = nodes_of_equal_leaves(leaf);
  const TreeSize largest{std::numeric_limits<std::uint64_t>::max()};
  std::vector<NodeHash> hashes;
  for (const NodeId& id : perfect_subtrees({largest.value - 1})) hashes.push_back(*read(id));

  CompactRange range({largest.value - 1}, hashes);
  range.append(leaf);
  EXPECT_EQ(range.root(), reference::tree_hash_of_equal_leaves(leaf, largest.value));
  EXPECT_DEATH(range.append(leaf), "broken invariant");
}

TEST(CompactRange, IsNotMadeFromAWrongNumberOfHashes) {
  EXPECT_DEATH(CompactRange({3}, std::vector<NodeHash>(1)), "broken invariant");
  EXPECT_DEATH(CompactRange({4}, std::vector<NodeHash>(2)), "broken invariant");
}

TEST(AllInclusionPaths, AreTheAuditPathsOfTheReference) {
  const auto entries = sample_entries(130);
  for (std::size_t size = 0; size <= entries.size(); size += size < 66 ? 1 : 16) {
    const auto part = std::span(entries).first(size);
    const auto paths = all_inclusion_paths(leaf_hashes(part));
    ASSERT_EQ(paths.size(), size);
    for (std::size_t i = 0; i < size; ++i)
      ASSERT_EQ(paths[i], reference::audit_path(i, part)) << i << " of " << size;
  }
}

}  // namespace
}  // namespace holdfast::merkle
