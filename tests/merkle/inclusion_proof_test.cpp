// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "ledger/merkle/hash.h"
#include "ledger/merkle/proof.h"
#include "tests/merkle/samples.h"
#include "tests/reference/log_tree.h"

namespace holdfast::merkle {
namespace {

// The trees of every size to 64, with their paths by the reference.
class InclusionProof : public testing::Test {
 protected:
  struct Case {
    LeafIndex index;
    TreeSize size;
    LeafHash leaf;
    std::vector<NodeHash> path;
    Root root;
  };

  void for_every_case_to(std::uint64_t size_max, const std::function<void(const Case&)>& check) {
    for (std::uint64_t size = 1; size <= size_max; ++size) {
      const auto part = std::span(entries_).first(size);
      for (std::uint64_t i = 0; i < size; ++i) {
        check({{i}, {size}, leaf_hash(entries_[i]), reference::audit_path(i, part), root(size)});
        if (HasFatalFailure()) FAIL() << "index " << i << " of " << size;
      }
    }
  }

  Root root(std::uint64_t size) const {
    return reference::tree_hash(std::span(entries_).first(size));
  }

  std::vector<Bytes> entries_ = sample_entries(1025);
};

TEST_F(InclusionProof, IsThatOfTheReferenceForEveryIndexAndSizeTo64) {
  ReferenceNodes nodes{std::span(entries_).first(64)};
  const NodeReader read = nodes.reader();
  for_every_case_to(64, [&](const Case& c) {
    const auto path = prove_inclusion(c.index, c.size, read);
    ASSERT_TRUE(path) << describe(path.error());
    ASSERT_EQ(*path, c.path);
    ASSERT_EQ(*root_from_inclusion_proof(c.index, c.size, c.leaf, *path), c.root);
    ASSERT_TRUE(verify_inclusion(c.index, c.size, c.leaf, *path, c.root));
    ASSERT_EQ(root_before(c.index, c.size, *path), root(c.index.value));
  });
}

TEST_F(InclusionProof, IsThatOfTheReferenceAroundPowersOfTwo) {
  ReferenceNodes nodes{entries_};
  const NodeReader read = nodes.reader();
  for (std::uint64_t power = 128; power <= 1024; power *= 2) {
    for (std::uint64_t size = power - 1; size <= power + 1; ++size) {
      ASSERT_EQ(*root_at({size}, read), root(size));
      for (std::uint64_t i = 0; i < size; i += i + 4 < size && i > 3 ? size / 9 : 1) {
        const auto path = prove_inclusion({i}, {size}, read);
        ASSERT_EQ(*path, reference::audit_path(i, std::span(entries_).first(size)));
        ASSERT_TRUE(verify_inclusion({i}, {size}, leaf_hash(entries_[i]), *path, root(size)));
      }
    }
  }
}

TEST_F(InclusionProof, RejectsAPathOneHashTooLongOrTooShort) {
  for_every_case_to(64, [&](const Case& c) {
    auto path = c.path;
    path.push_back(NodeHash::from(c.root));
    const auto longer = verify_inclusion(c.index, c.size, c.leaf, path, c.root);
    ASSERT_FALSE(longer);
    ASSERT_EQ(longer.error().code, Code::kMalformed);
    if (c.path.empty()) return;
    path.resize(c.path.size() - 1);
    const auto shorter = verify_inclusion(c.index, c.size, c.leaf, path, c.root);
    ASSERT_FALSE(shorter);
    ASSERT_EQ(shorter.error().code, Code::kMalformed);
  });
}

TEST_F(InclusionProof, SaysHowManyHashesItHasAndShouldHave) {
  const std::vector<NodeHash> path(2);
  const auto refusal = root_from_inclusion_proof({3}, {6}, LeafHash{}, path);
  ASSERT_FALSE(refusal);
  EXPECT_EQ(describe(refusal.error()), "[PROOF-1] inclusion proof: found 2 hashes, want 3 hashes");
}

TEST_F(InclusionProof, RejectsEveryFlippedBit) {
  for_every_case_to(12, [&](const Case& c) {
    for (unsigned bit = 0; bit < 256; ++bit) {
      ASSERT_FALSE(verify_inclusion(c.index, c.size, flipped(c.leaf, bit), c.path, c.root));
      ASSERT_FALSE(verify_inclusion(c.index, c.size, c.leaf, c.path, flipped(c.root, bit)));
      for (std::size_t i = 0; i < c.path.size(); ++i) {
        auto path = c.path;
        path[i] = flipped(path[i], bit);
        const auto refusal = verify_inclusion(c.index, c.size, c.leaf, path, c.root);
        ASSERT_FALSE(refusal);
        ASSERT_EQ(refusal.error().code, Code::kInvalid);
      }
    }
  });
}

TEST_F(InclusionProof, RejectsEveryOtherIndex) {
  for_every_case_to(40, [&](const Case& c) {
    for (std::uint64_t other = 0; other < c.size.value + 2; ++other) {
      if (other == c.index.value) continue;
      ASSERT_FALSE(verify_inclusion({other}, c.size, c.leaf, c.path, c.root)) << "as " << other;
    }
  });
}

TEST_F(InclusionProof, RejectsEveryOtherSizeWithTheRootOfThatSize) {
  std::vector<Root> roots;
  for (std::uint64_t size = 0; size <= 48; ++size) roots.push_back(root(size));
  for_every_case_to(40, [&](const Case& c) {
    for (std::uint64_t other = 0; other <= 48; ++other) {
      if (other == c.size.value) continue;
      ASSERT_FALSE(verify_inclusion(c.index, {other}, c.leaf, c.path, roots[other])) << other;
    }
  });
}

TEST_F(InclusionProof, RefusesAnIndexThatTheTreeDoesNotHave) {
  const NodeReader read = nodes_of_equal_leaves(LeafHash{});
  const std::pair<std::uint64_t, std::uint64_t> outside[] = {
      {0, 0}, {1, 1}, {5, 4}, {kLargest, kLargest}};
  for (const auto& [index, size] : outside) {
    EXPECT_EQ(root_from_inclusion_proof({index}, {size}, LeafHash{}, {}).error().code,
              Code::kMalformed);
    EXPECT_EQ(prove_inclusion({index}, {size}, read).error().code, Code::kNotFound);
  }
}

TEST_F(InclusionProof, HoldsAtTheLargestSizes) {
  const LeafHash leaf = leaf_hash(as_bytes("leaf"));
  const NodeReader read = nodes_of_equal_leaves(leaf);
  const std::uint64_t half = std::uint64_t{1} << 63;
  for (std::uint64_t size : {half - 1, half, half + 1, half + 12345, kLargest - 1, kLargest}) {
    const Root root = *root_at({size}, read);
    ASSERT_EQ(root, reference::tree_hash_of_equal_leaves(leaf, size));
    for (std::uint64_t index : {std::uint64_t{0}, std::uint64_t{1}, half / 2, half - 2, size - 1}) {
      auto path = *prove_inclusion({index}, {size}, read);
      ASSERT_EQ(path, reference::audit_path_of_equal_leaves(index, leaf, size));
      ASSERT_TRUE(verify_inclusion({index}, {size}, leaf, path, root));
      path.push_back(path.front());
      ASSERT_FALSE(verify_inclusion({index}, {size}, leaf, path, root));
    }
  }
}

TEST_F(InclusionProof, PassesOnWhatItsReaderRefuses) {
  ReferenceNodes nodes{std::span(entries_).first(5)};
  const auto refusal = prove_inclusion({0}, {8}, nodes.reader());
  ASSERT_FALSE(refusal);
  EXPECT_EQ(refusal.error().code, Code::kNotFound);
}

TEST_F(InclusionProof, OfTheEmptyTreeIsNoneButItsRootIs) {
  ReferenceNodes nodes{{}};
  EXPECT_EQ(*root_at({0}, nodes.reader()), empty_root());
  EXPECT_EQ(empty_root(), reference::tree_hash({}));
}

TEST(PerfectSubtrees, CoverTheLeavesFromLargestToSmallest) {
  EXPECT_TRUE(perfect_subtrees({0}).empty());
  EXPECT_EQ(perfect_subtrees({13}), (std::vector<NodeId>{{3, 0}, {2, 2}, {0, 12}}));
  for (std::uint64_t size : {std::uint64_t{1}, std::uint64_t{1000}, kLargest}) {
    std::uint64_t next = 0;
    for (const NodeId& id : perfect_subtrees({size})) {
      EXPECT_EQ(id.index << id.level, next);
      next += std::uint64_t{1} << id.level;
    }
    EXPECT_EQ(next, size);
  }
}

}  // namespace
}  // namespace holdfast::merkle
