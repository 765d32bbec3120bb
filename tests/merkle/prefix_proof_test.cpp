// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/merkle/prefix_proof.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <set>

#include "ledger/crypto/sha256.h"
#include "tests/merkle/samples.h"
#include "tests/reference/state_tree.h"

namespace holdfast::merkle {
namespace {

NodeHash leaf_node(const StateKey& key, const ValueHash& value) {
  return {crypto::sha256({key, value})};
}

NodeHash inner_node(const NodeHash& left, const NodeHash& right, std::uint8_t bit) {
  return {crypto::sha256({left, right, std::array{std::byte{bit}}})};
}

StateKey key_with_bits(std::initializer_list<unsigned> bits) {
  StateKey key;
  for (unsigned bit : bits) key = flipped(key, bit);
  return key;
}

reference::State sample_state(std::size_t count) {
  reference::State state;
  for (std::size_t i = 0; i < count; ++i) state[sample_key(i)] = sample_value(i);
  return state;
}

// Three leaves: 00..., 001..., 1...; the tree is inner(0, inner(2, a, b), c).
class ThreeLeaves : public testing::Test {
 protected:
  const StateKey a_ = key_with_bits({});
  const StateKey b_ = key_with_bits({2, 7});
  const StateKey c_ = key_with_bits({0});
  const ValueHash value_ = sample_value(1);
  const NodeHash leaf_a_ = leaf_node(a_, value_);
  const NodeHash leaf_b_ = leaf_node(b_, value_);
  const NodeHash leaf_c_ = leaf_node(c_, value_);
  const StateRoot root_ = StateRoot::from(inner_node(inner_node(leaf_a_, leaf_b_, 2), leaf_c_, 0));
  const PrefixProof proof_of_b_{std::nullopt, {{2, leaf_a_}, {0, leaf_c_}}};
};

TEST_F(ThreeLeaves, AreIncludedByTheirSiblingsAndBits) {
  EXPECT_TRUE(verify_state_inclusion(b_, value_, proof_of_b_, root_));
  EXPECT_TRUE(
      verify_state_inclusion(c_, value_, {{}, {{0, inner_node(leaf_a_, leaf_b_, 2)}}}, root_));
  EXPECT_EQ(reference::state_root({{a_, value_}, {b_, value_}, {c_, value_}}), root_);
}

TEST_F(ThreeLeaves, ProveTheAbsenceOfTheKeysThatEndAtThem) {
  // Bits 0 and 2 as in b: whatever else it is, the walk ends at b.
  const PrefixProof at_b{{{b_, value_}}, proof_of_b_.steps};
  EXPECT_TRUE(verify_state_absence(key_with_bits({2}), at_b, root_));
  EXPECT_TRUE(verify_state_absence(key_with_bits({1, 2, 255}), at_b, root_));
  // Bit 2 as in a: the walk ends elsewhere.
  const auto refusal = verify_state_absence(key_with_bits({7}), at_b, root_);
  ASSERT_FALSE(refusal);
  EXPECT_EQ(describe(refusal.error()),
            "[PROOF-6] bit 2 of the key in the state proof of absence: found 1, want 0");
}

TEST_F(ThreeLeaves, AreNotProvedAbsentByThemselves) {
  const auto refusal = root_from_state_absence(b_, {{{b_, value_}}, proof_of_b_.steps});
  ASSERT_FALSE(refusal);
  EXPECT_EQ(refusal.error().code, Code::kMalformed);
}

TEST_F(ThreeLeaves, AreNotIncludedWithAnotherValueOrUnderAnotherKey) {
  const auto refusal = verify_state_inclusion(b_, sample_value(2), proof_of_b_, root_);
  ASSERT_FALSE(refusal);
  EXPECT_EQ(refusal.error().code, Code::kInvalid);
  EXPECT_FALSE(verify_state_inclusion(a_, value_, proof_of_b_, root_));
}

TEST_F(ThreeLeaves, AreNotIncludedByAnAbsenceProof) {
  EXPECT_EQ(root_from_state_inclusion(b_, value_, {{{a_, value_}}, proof_of_b_.steps}).error().code,
            Code::kMalformed);
}

TEST_F(ThreeLeaves, AreNotReplacedByAnInnerNodeReadAsALeaf) {
  // An inner node hashes its children and a bit, which is a byte more than a leaf.
  const NodeHash inner = inner_node(leaf_a_, leaf_b_, 2);
  const auto key = StateKey::from(leaf_a_);
  const auto value = ValueHash::from(leaf_b_);
  EXPECT_NE(leaf_node(key, value), inner);
  EXPECT_FALSE(verify_state_inclusion(key, value, {{}, {{0, leaf_c_}}}, root_));
}

TEST_F(ThreeLeaves, HaveNoProofWhereTheTreePutsThemOnTheWrongSide) {
  // The maker of this tree put b, whose bit 0 is 0, to the right.
  const NodeHash top = inner_node(leaf_a_, leaf_b_, 0);
  const StateRoot root = StateRoot::from(top);
  EXPECT_FALSE(verify_state_inclusion(b_, value_, {{}, {{0, leaf_a_}}}, root));
  // Nor does it show the absence of keys that end there, whose bit 0 is 1, nor of any other.
  EXPECT_FALSE(verify_state_absence(c_, {{{b_, value_}}, {{0, leaf_a_}}}, root));
  EXPECT_FALSE(verify_state_absence(key_with_bits({9}), {{{b_, value_}}, {{0, leaf_a_}}}, root));
}

TEST(PrefixProof, OfTheEmptyTreeIsAbsenceWithoutALeaf) {
  EXPECT_TRUE(verify_state_absence(sample_key(1), {}, empty_state_root()));
  EXPECT_EQ(empty_state_root(), reference::state_root({}));
  const PrefixProof with_steps{std::nullopt, {{3, NodeHash{}}}};
  EXPECT_EQ(root_from_state_absence(sample_key(1), with_steps).error().code, Code::kMalformed);
  EXPECT_FALSE(verify_state_inclusion(sample_key(1), sample_value(1), {}, empty_state_root()));
  EXPECT_FALSE(verify_state_absence(sample_key(1), {}, reference::state_root(sample_state(1))));
}

TEST(PrefixProof, IsRefusedUnlessItsBitsFall) {
  const auto refused = [](std::vector<PrefixStep> steps) {
    const PrefixProof inclusion{std::nullopt, steps};
    // A key that agrees with the zero key in all bits that are looked at here.
    const PrefixProof absence{{{StateKey{}, ValueHash{}}}, steps};
    const auto one = root_from_state_inclusion(StateKey{}, ValueHash{}, inclusion);
    const auto two = root_from_state_absence(key_with_bits({255}), absence);
    EXPECT_EQ(one.has_value(), two.has_value());
    return !one && one.error().code == Code::kMalformed;
  };
  EXPECT_FALSE(refused({}));
  EXPECT_FALSE(refused({{9, {}}, {5, {}}, {0, {}}}));
  EXPECT_TRUE(refused({{9, {}}, {9, {}}}));
  EXPECT_TRUE(refused({{0, {}}, {0, {}}}));
  EXPECT_TRUE(refused({{5, {}}, {9, {}}}));
  EXPECT_TRUE(refused({{9, {}}, {5, {}}, {6, {}}}));
}

TEST(PrefixProof, HasAtMost256Steps) {
  std::vector<PrefixStep> steps;
  for (unsigned bit = 256; bit-- > 0;) steps.push_back({static_cast<std::uint8_t>(bit), {}});
  EXPECT_TRUE(root_from_state_inclusion(StateKey{}, ValueHash{}, {{}, steps}));
  EXPECT_TRUE(decode_inclusion_proof(encode_prefix_proof({{}, steps})));
  steps.push_back({0, {}});
  const auto refusal = root_from_state_inclusion(StateKey{}, ValueHash{}, {{}, steps});
  ASSERT_FALSE(refusal);
  EXPECT_EQ(describe(refusal.error()),
            "[PROOF-5] steps of the state proof: found 257, want at most 256");
  EXPECT_FALSE(decode_inclusion_proof(encode_prefix_proof({{}, steps})));
}

TEST(PrefixProof, ReadsWhatItWrites) {
  const auto state = sample_state(20);
  for (std::uint64_t i = 0; i < 40; ++i) {
    const PrefixProof proof = reference::prove(state, sample_key(i));
    const Bytes bytes = encode_prefix_proof(proof);
    const auto back = i < 20 ? decode_inclusion_proof(bytes) : decode_absence_proof(bytes);
    ASSERT_TRUE(back) << describe(back.error());
    EXPECT_EQ(*back, proof);
    EXPECT_EQ(bytes.size(), proof.steps.size() * 33 + (i < 20 ? 0 : 64));
  }
  EXPECT_TRUE(encode_prefix_proof({}).empty());
  EXPECT_EQ(*decode_absence_proof({}), PrefixProof{});
}

TEST(PrefixProof, IsRefusedUnlessItIsAWholeNumberOfSteps) {
  const Bytes bytes(64 + 3 * 33);
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const auto part = ByteView(bytes).first(size);
    EXPECT_EQ(decode_inclusion_proof(part).has_value(), size % 33 == 0) << size;
    EXPECT_EQ(decode_absence_proof(part).has_value(),
              size == 0 || (size >= 64 && (size - 64) % 33 == 0))
        << size;
  }
}

TEST(PrefixProof, IsRefutedByEveryFlippedBit) {
  const auto state = sample_state(9);
  const StateRoot root = reference::state_root(state);
  for (std::uint64_t number : {2, 7, 100, 101}) {
    const StateKey key = sample_key(number);
    const ValueHash value = sample_value(number);
    const bool present = state.contains(key);
    const auto verify = [&](const Bytes& bytes) -> Result<void> {
      if (present) {
        TRY_ASSIGN(const PrefixProof proof, decode_inclusion_proof(bytes));
        return verify_state_inclusion(key, value, proof, root);
      }
      TRY_ASSIGN(const PrefixProof proof, decode_absence_proof(bytes));
      return verify_state_absence(key, proof, root);
    };
    Bytes bytes = encode_prefix_proof(reference::prove(state, key));
    ASSERT_TRUE(verify(bytes));
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      const auto mask = static_cast<std::byte>(1u << bit % 8);
      bytes[bit / 8] ^= mask;
      ASSERT_FALSE(verify(bytes)) << "bit " << bit << " of key " << number;
      bytes[bit / 8] ^= mask;
    }
  }
}

// A tree by a maker who keeps to no rule: any bits in any order, leaves on any side, keys twice.
struct Forged {
  NodeHash hash;
  std::uint8_t bit = 0;
  std::unique_ptr<Forged> left, right;  // both or neither
  StateKey key;
  ValueHash value;
};

class Forger {
 public:
  explicit Forger(unsigned seed) : random_(seed) {}

  std::unique_ptr<Forged> tree(unsigned leaves) {
    auto node = std::make_unique<Forged>();
    if (leaves == 1) {
      node->key = some_key();
      node->value = sample_value(random_() % 3);
      node->hash = leaf_node(node->key, node->value);
    } else {
      const unsigned left = 1 + static_cast<unsigned>(random_() % (leaves - 1));
      node->bit = static_cast<std::uint8_t>(random_() % 4);
      node->left = tree(left);
      node->right = tree(leaves - left);
      node->hash = inner_node(node->left->hash, node->right->hash, node->bit);
    }
    return node;
  }

  // Keys of four bits, so that they meet.
  StateKey some_key() { return key_of(random_() % 16); }
  static StateKey key_of(std::uint64_t number) {
    StateKey key;
    key.bytes[0] = static_cast<std::byte>(number << 4);
    return key;
  }

 private:
  std::mt19937 random_;
};

struct Shown {
  StateKey key;
  ValueHash value;
  std::vector<PrefixStep> steps;
};

// Every leaf with its way up: all that anyone can show of the tree.
void collect(const Forged& node, std::vector<PrefixStep> above, std::vector<Shown>& to) {
  if (!node.left) {
    to.push_back({node.key, node.value, {above.rbegin(), above.rend()}});
    return;
  }
  above.push_back({node.bit, node.right->hash});
  collect(*node.left, above, to);
  above.back() = {node.bit, node.left->hash};
  collect(*node.right, above, to);
}

TEST(ForgedStateTree, ProvesOfAKeyOneValueOrItsAbsenceOrNothing) {
  unsigned included = 0, absent = 0, silent = 0;
  for (unsigned seed = 0; seed < 3000; ++seed) {
    Forger forger(seed);
    const auto tree = forger.tree(1 + seed % 9);
    const StateRoot root = StateRoot::from(tree->hash);
    std::vector<Shown> shown;
    collect(*tree, {}, shown);
    for (unsigned number = 0; number < 16; ++number) {
      const StateKey key = Forger::key_of(number);
      std::set<ValueHash> values;
      bool is_absent = false;
      for (const Shown& leaf : shown) {
        if (leaf.key == key && verify_state_inclusion(key, leaf.value, {{}, leaf.steps}, root))
          values.insert(leaf.value);
        if (verify_state_absence(key, {{{leaf.key, leaf.value}}, leaf.steps}, root))
          is_absent = true;
      }
      ASSERT_LE(values.size() + is_absent, 1u) << "key " << number << " of tree " << seed;
      included += !values.empty();
      absent += is_absent;
      silent += values.empty() && !is_absent;
    }
  }
  // All three happen, or this test would show nothing.
  EXPECT_GT(included, 1000u);
  EXPECT_GT(absent, 1000u);
  EXPECT_GT(silent, 1000u);
}

}  // namespace
}  // namespace holdfast::merkle
