// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "ledger/merkle/hash.h"
#include "ledger/merkle/prefix_tree.h"
#include "ledger/merkle/proof.h"
#include "tests/merkle/samples.h"
#include "tests/reference/log_tree.h"
#include "tests/reference/state_tree.h"

namespace holdfast::merkle {
namespace {

// Keys of a few bits at random places: they meet often, and share prefixes of every length.
rc::Gen<StateKey> any_key() {
  return rc::gen::map(
      rc::gen::container<std::vector<std::uint8_t>>(rc::gen::inRange<std::uint8_t>(0, 12)),
      [](const std::vector<std::uint8_t>& places) {
        StateKey key;
        for (std::uint8_t place : places) key = flipped(key, place * 23u);
        return key;
      });
}

// Whatever is set, in whatever order, with roots asked for in between: the tree is that of the
// reference, and its proof about any key holds and says what the reference says.
RC_GTEST_PROP(PrefixTreeProperty, IsTheReferenceAfterAnySequenceOfSets, ()) {
  struct Step {
    StateKey key;
    std::uint64_t value;
    bool ask;
  };
  const auto steps = *rc::gen::container<std::vector<Step>>(rc::gen::construct<Step>(
      any_key(), rc::gen::inRange<std::uint64_t>(0, 5), rc::gen::arbitrary<bool>()));
  PrefixTree tree;
  reference::State state;
  for (const Step& step : steps) {
    tree.set({step.key, sample_value(step.value), 0});
    state[step.key] = sample_value(step.value);
    if (step.ask) RC_ASSERT(tree.root() == reference::state_root(state));
  }
  const StateRoot root = reference::state_root(state);
  RC_ASSERT(tree.root() == root);
  RC_ASSERT(tree.size() == state.size());

  const StateKey key = *any_key();
  const PrefixProof proof = tree.prove(key);
  RC_ASSERT(proof == reference::prove(state, key));
  if (const auto found = state.find(key); found != state.end()) {
    RC_ASSERT(verify_state_inclusion(key, found->second, proof, root).has_value());
    RC_ASSERT(!verify_state_absence(key, proof, root).has_value());
  } else {
    RC_ASSERT(verify_state_absence(key, proof, root).has_value());
    for (std::uint64_t value = 0; value < 5; ++value)
      RC_ASSERT(!verify_state_inclusion(key, sample_value(value), proof, root).has_value());
  }
}

RC_GTEST_PROP(PrefixProofProperty, ReadsWhatItWritesAndIsRefutedByAnyFlippedBit, ()) {
  const auto count = *rc::gen::inRange<std::uint64_t>(1, 40);
  reference::State state;
  for (std::uint64_t i = 0; i < count; ++i) state[sample_key(i)] = sample_value(i);
  const auto number = *rc::gen::inRange<std::uint64_t>(0, 80);
  const StateRoot root = reference::state_root(state);
  Bytes bytes = encode_prefix_proof(reference::prove(state, sample_key(number)));
  const auto holds = [&] {
    if (number < count) {
      const auto proof = decode_inclusion_proof(bytes);
      return proof &&
             verify_state_inclusion(sample_key(number), sample_value(number), *proof, root);
    }
    const auto proof = decode_absence_proof(bytes);
    return proof && verify_state_absence(sample_key(number), *proof, root);
  };
  RC_ASSERT(holds());
  if (bytes.empty()) return;  // one leaf: there is no bit to flip
  const auto bit = *rc::gen::inRange<std::size_t>(0, bytes.size() * 8);
  bytes[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
  RC_ASSERT(!holds());
}

RC_GTEST_PROP(LogProofProperty, FromBlocksAndEdgeIsThatOfTheReference, ()) {
  const auto size = *rc::gen::inRange<std::uint64_t>(1, 1500);
  const auto index = *rc::gen::inRange<std::uint64_t>(0, size);
  const auto old_size = *rc::gen::inRange<std::uint64_t>(1, size + 1);
  const auto entries = sample_entries(size);
  SampleLog log;
  for (const Bytes& entry : entries) log.append(leaf_hash(entry));
  RC_ASSERT(log.edge.root() == reference::tree_hash(entries));
  RC_ASSERT(*prove_inclusion({index}, {size}, log.reader()) ==
            reference::audit_path(index, entries));
  RC_ASSERT(*prove_consistency({old_size}, {size}, log.reader()) ==
            reference::consistency_proof(old_size, entries));
}

RC_GTEST_PROP(LogProofProperty, IsRejectedWithAnyFlippedBit, ()) {
  const auto size = *rc::gen::inRange<std::uint64_t>(2, 300);
  const auto index = *rc::gen::inRange<std::uint64_t>(0, size);
  const auto entries = sample_entries(size);
  const Root root = reference::tree_hash(entries);
  auto path = reference::audit_path(index, entries);
  RC_ASSERT(verify_inclusion({index}, {size}, leaf_hash(entries[index]), path, root).has_value());
  NodeHash& hash = path[*rc::gen::inRange<std::size_t>(0, path.size())];
  hash = flipped(hash, *rc::gen::inRange(0u, 256u));
  RC_ASSERT(!verify_inclusion({index}, {size}, leaf_hash(entries[index]), path, root).has_value());
}

}  // namespace
}  // namespace holdfast::merkle
