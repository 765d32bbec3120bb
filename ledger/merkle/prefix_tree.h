// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/merkle/prefix_proof.h"

namespace holdfast::merkle {

// One key and what it is set to. `row` is the caller's handle (where it keeps the subject), carried
// but not hashed; below 2^31.
struct PrefixSet {
  StateKey key;
  ValueHash value;
  std::uint32_t row = 0;
};

struct PrefixLeaf {
  ValueHash value;
  std::uint32_t row = 0;
};

// The state tree: a Patricia Merkle tree over 256-bit keys, most significant bit first, in memory.
//   empty = SHA-256("")   leaf = SHA-256(K || V)   inner = SHA-256(L || R || b)
// About 112 bytes a subject. Threads: one writer; readers only while nobody writes.
// Changing marks the path stale; hashes are made anew, each once, when root() or prove() is asked.
class PrefixTree {
 public:
  // From pairs sorted by key without duplicates, linear; hashes disjoint subtrees on `jobs` threads.
  static PrefixTree build(std::span<const PrefixSet> sorted, unsigned jobs = 1);

  // Sets one key, new or present. Keys are never removed.
  void set(const PrefixSet& entry);
  std::optional<PrefixLeaf> find(const StateKey& key) const;
  std::size_t size() const { return leaves_.size(); }

  // Hashes what is stale, on up to `jobs` threads where there is enough of it.
  StateRoot root(unsigned jobs = 1);

  // Inclusion if the key is present, else absence. Call after root().
  PrefixProof prove(const StateKey& key);

 private:
  struct Leaf {
    StateKey key;
    ValueHash value;
    std::uint32_t row;
  };
  struct Inner {
    NodeHash hash;
    std::uint32_t left;   // child references: top bit set = leaf
    std::uint32_t right;
    std::uint8_t bit;
    bool stale;
  };
  std::vector<Leaf> leaves_;
  std::vector<Inner> inner_;
  std::uint32_t root_ = 0;
};

}  // namespace holdfast::merkle
