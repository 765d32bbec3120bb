// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "ledger/merkle/hash.h"
#include "ledger/merkle/proof.h"
#include "tests/merkle/samples.h"
#include "tests/reference/log_tree.h"

namespace holdfast::merkle {
namespace {

class ConsistencyProof : public testing::Test {
 protected:
  struct Case {
    TreeSize old_size;
    TreeSize new_size;
    std::vector<NodeHash> proof;
    Root old_root;
    Root new_root;
  };

  ConsistencyProof() {
    for (std::size_t size = 0; size <= 64; ++size)
      roots_.push_back(reference::tree_hash(std::span(entries_).first(size)));
  }

  // Every pair of sizes 0 < old < new <= size_max, which is at most 64.
  void for_every_case_to(std::uint64_t size_max, const std::function<void(const Case&)>& check) {
    for (std::uint64_t n = 2; n <= size_max; ++n) {
      for (std::uint64_t m = 1; m < n; ++m) {
        check({{m},
               {n},
               reference::consistency_proof(m, std::span(entries_).first(n)),
               roots_[m],
               roots_[n]});
        if (HasFatalFailure()) FAIL() << m << " to " << n;
      }
    }
  }

  std::vector<Bytes> entries_ = sample_entries(1025);
  std::vector<Root> roots_;
};

TEST_F(ConsistencyProof, IsThatOfTheReferenceForEveryPairOfSizesTo64) {
  ReferenceNodes nodes{std::span(entries_).first(64)};
  const NodeReader read = nodes.reader();
  for_every_case_to(64, [&](const Case& c) {
    const auto proof = prove_consistency(c.old_size, c.new_size, read);
    ASSERT_TRUE(proof) << describe(proof.error());
    ASSERT_EQ(*proof, c.proof);
    const auto found = roots_from_consistency_proof(c.old_size, c.new_size, c.old_root, *proof);
    ASSERT_TRUE(found) << describe(found.error());
    ASSERT_EQ(found->old_root, c.old_root);
    ASSERT_EQ(found->new_root, c.new_root);
    ASSERT_TRUE(verify_consistency(c.old_size, c.new_size, c.old_root, c.new_root, *proof));
  });
}

TEST_F(ConsistencyProof, IsThatOfTheReferenceAroundPowersOfTwo) {
  ReferenceNodes nodes{entries_};
  const NodeReader read = nodes.reader();
  for (std::size_t n : {127, 128, 129, 511, 512, 513, 1023, 1024, 1025}) {
    const auto part = std::span(entries_).first(n);
    const Root new_root = reference::tree_hash(part);
    for (std::size_t m : {1, 2, 63, 64, 65, 126, 127, 128, 129, 256, 511, 512, 1022, 1023, 1024}) {
      if (m >= n) continue;
      const auto proof = prove_consistency({m}, {n}, read);
      ASSERT_EQ(*proof, reference::consistency_proof(m, part)) << m << " to " << n;
      const Root old_root = reference::tree_hash(part.first(m));
      ASSERT_TRUE(verify_consistency({m}, {n}, old_root, new_root, *proof)) << m << " to " << n;
    }
  }
}

TEST_F(ConsistencyProof, RejectsAProofOneHashTooLongOrTooShort) {
  for_every_case_to(64, [&](const Case& c) {
    auto proof = c.proof;
    proof.push_back(NodeHash::from(c.new_root));
    auto refusal = verify_consistency(c.old_size, c.new_size, c.old_root, c.new_root, proof);
    ASSERT_FALSE(refusal);
    ASSERT_EQ(refusal.error().code, Code::kMalformed);
    proof.resize(c.proof.size() - 1);
    refusal = verify_consistency(c.old_size, c.new_size, c.old_root, c.new_root, proof);
    ASSERT_FALSE(refusal);
    ASSERT_EQ(refusal.error().code, Code::kMalformed);
    // A reader who has the old root of a power of two is not to be given it again.
    proof = c.proof;
    proof.insert(proof.begin(), NodeHash::from(c.old_root));
    ASSERT_FALSE(verify_consistency(c.old_size, c.new_size, c.old_root, c.new_root, proof));
    ASSERT_FALSE(verify_consistency(c.old_size, c.new_size, c.old_root, c.new_root, {}));
  });
}

TEST_F(ConsistencyProof, RejectsEveryFlippedBit) {
  for_every_case_to(10, [&](const Case& c) {
    for (unsigned bit = 0; bit < 256; ++bit) {
      ASSERT_FALSE(verify_consistency(c.old_size, c.new_size, flipped(c.old_root, bit), c.new_root,
                                      c.proof));
      ASSERT_FALSE(verify_consistency(c.old_size, c.new_size, c.old_root, flipped(c.new_root, bit),
                                      c.proof));
      for (std::size_t i = 0; i < c.proof.size(); ++i) {
        auto proof = c.proof;
        proof[i] = flipped(proof[i], bit);
        const auto refusal =
            verify_consistency(c.old_size, c.new_size, c.old_root, c.new_root, proof);
        ASSERT_FALSE(refusal);
        ASSERT_EQ(refusal.error().code, Code::kInvalid);
      }
    }
  });
}

TEST_F(ConsistencyProof, RejectsEveryOtherPairOfSizesWithTheRootsOfThoseSizes) {
  for_every_case_to(20, [&](const Case& c) {
    for (std::uint64_t n = 0; n <= 24; ++n) {
      for (std::uint64_t m = 0; m <= 24; ++m) {
        if (m == c.old_size.value && n == c.new_size.value) continue;
        ASSERT_FALSE(verify_consistency({m}, {n}, roots_[m], roots_[n], c.proof))
            << "as " << m << " to " << n;
      }
    }
  });
}

TEST_F(ConsistencyProof, RefusesAnOldSizeOfZeroOrAboveTheNewOne) {
  const NodeReader read = nodes_of_equal_leaves(LeafHash{});
  const std::pair<std::uint64_t, std::uint64_t> outside[] = {
      {0, 0}, {0, 1}, {0, kLargest}, {2, 1}, {1, 0}, {kLargest, kLargest - 1}};
  for (const auto& [m, n] : outside) {
    EXPECT_EQ(roots_from_consistency_proof({m}, {n}, Root{}, {}).error().code, Code::kMalformed);
    EXPECT_EQ(prove_consistency({m}, {n}, read).error().code, Code::kInvalid);
  }
}

TEST_F(ConsistencyProof, BetweenEqualSizesIsEmptyAndHoldsForEqualRootsOnly) {
  const NodeReader read = nodes_of_equal_leaves(LeafHash{});
  for (std::uint64_t size : {std::uint64_t{1}, std::uint64_t{8}, std::uint64_t{11}, kLargest}) {
    EXPECT_TRUE(prove_consistency({size}, {size}, read)->empty());
    EXPECT_TRUE(verify_consistency({size}, {size}, roots_[9], roots_[9], {}));
    EXPECT_EQ(verify_consistency({size}, {size}, roots_[9], roots_[8], {}).error().code,
              Code::kInvalid);
    const std::vector<NodeHash> proof{NodeHash::from(roots_[9])};
    EXPECT_EQ(verify_consistency({size}, {size}, roots_[9], roots_[9], proof).error().code,
              Code::kMalformed);
  }
}

TEST_F(ConsistencyProof, ShowsAForkByTheNewRootWithoutTheOldOne) {
  auto forked = std::vector<Bytes>(entries_.begin(), entries_.begin() + 7);
  forked[1] = to_bytes("what the log says now");
  const auto proof = reference::consistency_proof(6, forked);
  const auto found = roots_from_consistency_proof({6}, {7}, roots_[6], proof);
  ASSERT_TRUE(found) << describe(found.error());
  EXPECT_EQ(found->new_root, reference::tree_hash(forked));
  EXPECT_NE(found->old_root, roots_[6]);
  const auto refusal = verify_consistency({6}, {7}, roots_[6], found->new_root, proof);
  EXPECT_EQ(refusal.error().what, "old root that the consistency proof gives");
}

TEST_F(ConsistencyProof, ShowsAForkAtAPowerOfTwoBySeedingWithTheHashThatWasShown) {
  auto forked = std::vector<Bytes>(entries_.begin(), entries_.begin() + 7);
  forked[1] = to_bytes("what the log says now");
  const auto proof = reference::consistency_proof(4, forked);
  const Root shown = reference::tree_hash(std::span(forked).first(4));
  const auto found = roots_from_consistency_proof({4}, {7}, shown, proof);
  ASSERT_TRUE(found) << describe(found.error());
  EXPECT_EQ(found->new_root, reference::tree_hash(forked));
  EXPECT_NE(found->old_root, roots_[4]);
}

TEST_F(ConsistencyProof, HoldsAtTheLargestSizes) {
  const LeafHash leaf = leaf_hash(as_bytes("leaf"));
  const NodeReader read = nodes_of_equal_leaves(leaf);
  const std::uint64_t half = std::uint64_t{1} << 63;
  for (std::uint64_t n : {half - 1, half, half + 1, kLargest - 1, kLargest}) {
    const Root new_root = *root_at({n}, read);
    for (std::uint64_t m : {std::uint64_t{1}, half / 2, half / 2 + 1, half - 2, n - 1}) {
      auto proof = *prove_consistency({m}, {n}, read);
      const Root old_root = *root_at({m}, read);
      ASSERT_TRUE(verify_consistency({m}, {n}, old_root, new_root, proof)) << m << " to " << n;
      proof.push_back(proof.back());
      ASSERT_FALSE(verify_consistency({m}, {n}, old_root, new_root, proof)) << m << " to " << n;
    }
  }
}

}  // namespace
}  // namespace holdfast::merkle
