// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/merkle/prefix_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <utility>

#include "tests/merkle/samples.h"
#include "tests/reference/state_tree.h"

namespace holdfast::merkle {
namespace {

PrefixSet sample_set(std::uint64_t number) {
  return {sample_key(number), sample_value(number), static_cast<std::uint32_t>(number)};
}

std::vector<PrefixSet> sample_sets(std::size_t count) {
  std::vector<PrefixSet> sets;
  for (std::size_t i = 0; i < count; ++i) sets.push_back(sample_set(i));
  return sets;
}

std::vector<PrefixSet> sorted(std::vector<PrefixSet> sets) {
  std::ranges::sort(sets, {}, &PrefixSet::key);
  return sets;
}

// The zero key and each key of one bit: the zero key lies 256 nodes deep.
std::vector<PrefixSet> deepest_sets() {
  std::vector<PrefixSet> sets{{StateKey{}, sample_value(256), 256}};
  for (unsigned bit = 0; bit < 256; ++bit)
    sets.push_back({flipped(StateKey{}, bit), sample_value(bit), bit});
  return sets;
}

reference::State state_of(std::span<const PrefixSet> sets) {
  reference::State state;
  for (const PrefixSet& set : sets) state[set.key] = set.value;
  return state;
}

void expect_proofs_hold(PrefixTree& tree, std::span<const PrefixSet> sets) {
  const StateRoot root = tree.root();
  for (const PrefixSet& set : sets) {
    const auto found = tree.find(set.key);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->value, set.value);
    EXPECT_EQ(found->row, set.row);
    EXPECT_TRUE(verify_state_inclusion(set.key, set.value, tree.prove(set.key), root));
    const StateKey absent = flipped(set.key, 254);
    if (tree.find(absent)) continue;
    EXPECT_TRUE(verify_state_absence(absent, tree.prove(absent), root));
  }
}

TEST(PrefixTree, IsEmptyAtFirst) {
  PrefixTree tree;
  EXPECT_EQ(tree.size(), 0u);
  EXPECT_EQ(tree.root(), empty_state_root());
  EXPECT_FALSE(tree.find(sample_key(1)));
  EXPECT_EQ(tree.prove(sample_key(1)), PrefixProof{});
  EXPECT_EQ(PrefixTree::build({}).root(), empty_state_root());
}

TEST(PrefixTree, AgreesWithTheReferenceAfterEachOfTwoHundredKeys) {
  PrefixTree tree;
  reference::State state;
  for (std::uint64_t i = 0; i < 200; ++i) {
    tree.set(sample_set(i));
    state[sample_key(i)] = sample_value(i);
    ASSERT_EQ(tree.size(), i + 1);
    ASSERT_EQ(tree.root(), reference::state_root(state)) << i + 1 << " keys";
    for (std::uint64_t number : {i / 2, i, i + 1, i + 1000})
      ASSERT_EQ(tree.prove(sample_key(number)), reference::prove(state, sample_key(number)));
  }
}

TEST(PrefixTree, AgreesWithTheReferenceOnKeysThatShareLongPrefixes) {
  PrefixTree tree;
  reference::State state;
  std::mt19937 random(7);
  for (unsigned i = 0; i < 150; ++i) {
    // Few bits, at the very end and in the middle, so that nodes are split at every place.
    StateKey key;
    for (unsigned bit : {0u, 63u, 64u, 127u, 128u, 200u, 254u, 255u}) {
      if (random() % 2 == 0) key = flipped(key, bit);
    }
    tree.set({key, sample_value(i), i});
    state[key] = sample_value(i);
    ASSERT_EQ(tree.size(), state.size());
    ASSERT_EQ(tree.root(), reference::state_root(state));
    ASSERT_EQ(tree.prove(key), reference::prove(state, key));
  }
}

TEST(PrefixTree, IsTheSameInWhateverOrderTheKeysCame) {
  auto sets = sample_sets(3000);
  const StateRoot root = PrefixTree::build(sorted(sets)).root();
  std::mt19937 random(11);
  for (int round = 0; round < 3; ++round) {
    std::shuffle(sets.begin(), sets.end(), random);
    PrefixTree tree;
    for (std::size_t i = 0; i < sets.size(); ++i) {
      tree.set(sets[i]);
      if (i % 700 == 0) tree.root();
    }
    EXPECT_EQ(tree.root(), root);
    PrefixTree batch;
    batch.set_batch(sets);
    EXPECT_EQ(batch.root(), root);
  }
}

TEST(PrefixTree, BuiltFromSortedPairsAgreesWithTheReferenceForEveryNumberTo64) {
  for (std::size_t count = 0; count <= 64; ++count) {
    const auto sets = sorted(sample_sets(count));
    PrefixTree tree = PrefixTree::build(sets);
    ASSERT_EQ(tree.root(), reference::state_root(state_of(sets))) << count;
    expect_proofs_hold(tree, sets);
  }
}

TEST(PrefixTree, BuiltFromSortedPairsGoesOnAsAnyOther) {
  const auto sets = sample_sets(500);
  PrefixTree tree = PrefixTree::build(sorted({sets.begin(), sets.begin() + 300}));
  for (std::size_t i = 300; i < sets.size(); ++i) tree.set(sets[i]);
  EXPECT_EQ(tree.root(), PrefixTree::build(sorted(sets)).root());
  expect_proofs_hold(tree, sets);
}

TEST(PrefixTree, IsNotBuiltFromPairsOutOfOrder) {
  auto sets = sorted(sample_sets(3));
  std::swap(sets[1], sets[2]);
  EXPECT_DEATH(PrefixTree::build(sets), "broken invariant");
  sets[2] = sets[1];
  EXPECT_DEATH(PrefixTree::build(sets), "broken invariant");
}

TEST(PrefixTree, HoldsKeysThatAre256NodesDeep) {
  auto sets = deepest_sets();
  PrefixTree built = PrefixTree::build(sorted(sets), 2);
  PrefixTree grown;
  std::mt19937 random(3);
  std::shuffle(sets.begin(), sets.end(), random);
  for (const PrefixSet& set : sets) grown.set(set);
  EXPECT_EQ(grown.root(), built.root());
  EXPECT_EQ(grown.root(), reference::state_root(state_of(sets)));
  EXPECT_EQ(grown.prove(StateKey{}).steps.size(), 256u);
  expect_proofs_hold(grown, sets);
}

TEST(PrefixTree, HashesTheSameOnSeveralThreads) {
  const auto sets = sample_sets(20000);
  const StateRoot root = PrefixTree::build(sorted(sets), 1).root();
  EXPECT_EQ(PrefixTree::build(sorted(sets), 4).root(), root);
  PrefixTree tree;
  tree.set_batch(std::span(sets).first(5000));
  tree.root(3);
  tree.set_batch(std::span(sets).subspan(5000));
  EXPECT_EQ(tree.root(4), root);

  // All but one key in one small corner: subtrees as uneven as they can be.
  std::vector<PrefixSet> corner = deepest_sets();
  for (std::uint64_t i = 0; i < 5000; ++i) {
    StateKey key;
    std::ranges::copy(u64be(i * i), key.bytes.begin() + 20);
    corner.push_back({key, sample_value(i), 0});
  }
  corner = sorted(corner);
  corner.erase(std::unique(corner.begin(), corner.end(),
                           [](const auto& a, const auto& b) { return a.key == b.key; }),
               corner.end());
  EXPECT_EQ(PrefixTree::build(corner, 4).root(), PrefixTree::build(corner, 1).root());
}

TEST(PrefixTree, TakesANewValueAndANewRowForAKeyThatItHas) {
  const auto sets = sample_sets(50);
  PrefixTree tree = PrefixTree::build(sorted(sets));
  tree.set({sample_key(7), sample_value(1000), 1000});
  EXPECT_EQ(tree.size(), 50u);
  EXPECT_EQ(tree.find(sample_key(7))->value, sample_value(1000));
  EXPECT_EQ(tree.find(sample_key(7))->row, 1000u);
  auto state = state_of(sets);
  state[sample_key(7)] = sample_value(1000);
  EXPECT_EQ(tree.root(), reference::state_root(state));
  tree.set(sample_set(7));
  EXPECT_EQ(tree.root(), PrefixTree::build(sorted(sets)).root());
}

TEST(PrefixTree, ProvesForReadersOnlyWhatIsHashed) {
  PrefixTree tree = PrefixTree::build(sorted(sample_sets(50)));
  const PrefixTree& reader = tree;
  const PrefixProof proof = reader.prove(sample_key(7));
  // The value that it has already and another row: nothing to hash.
  tree.set({sample_key(7), sample_value(7), 99});
  EXPECT_EQ(reader.prove(sample_key(7)), proof);
  tree.set({sample_key(7), sample_value(8), 99});
  EXPECT_DEATH((void)reader.prove(sample_key(7)), "broken invariant");
  tree.root();
  EXPECT_NE(reader.prove(sample_key(8)), proof);
}

TEST(PrefixTree, FetchesAheadWithoutAnyEffect) {
  PrefixTree tree;
  std::vector<StateKey> keys;
  for (std::uint64_t i = 0; i < 21; ++i) keys.push_back(sample_key(i));
  tree.prefetch(keys);
  for (std::uint64_t i = 0; i < 40; ++i) {
    tree.set(sample_set(i));
    tree.prefetch(std::span(keys).first(std::min<std::size_t>(i, 21)));
  }
  EXPECT_EQ(tree.root(), PrefixTree::build(sorted(sample_sets(40))).root());
}

}  // namespace
}  // namespace holdfast::merkle
