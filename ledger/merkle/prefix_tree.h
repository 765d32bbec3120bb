// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/merkle/growing_array.h"
#include "ledger/merkle/prefix_proof.h"

namespace holdfast::merkle {

// One key and what it is set to. `row` is the caller's handle (where it keeps the subject), carried
// but not hashed.
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
// 112 bytes a subject; at most 2^31 subjects. Threads: one writer; readers only while nobody
// writes. Changing marks the path stale; hashes are made anew, each once, when root() or prove() is
// asked.
class PrefixTree {
 public:
  // From pairs sorted by key without duplicates, linear; hashes disjoint subtrees on `jobs`
  // threads.
  static PrefixTree build(std::span<const PrefixSet> sorted, unsigned jobs = 1);

  // Sets one key, new or present. Keys are never removed. Does not hash.
  void set(const PrefixSet& entry);
  // The same one after another; faster in a large tree, because the waits for memory overlap.
  void set_batch(std::span<const PrefixSet> entries);
  std::optional<PrefixLeaf> find(const StateKey& key) const;
  // Brings what find() and set() of these keys will read into the cache; for tens of keys at a
  // time.
  void prefetch(std::span<const StateKey> keys) const;
  std::size_t size() const { return leaves_.size(); }

  // Hashes what is stale, on up to `jobs` threads where there is enough of it.
  StateRoot root(unsigned jobs = 1);

  // Inclusion if the key is present, else absence. Hashes what is stale first.
  PrefixProof prove(const StateKey& key);
  // The same for several readers beside each other. CHECKs that nothing is stale.
  PrefixProof prove(const StateKey& key) const;

 private:
  // A child: an index into leaves_ if the top bit is set, else into inner_ and hashes_.
  using Ref = std::uint32_t;

  struct Leaf {
    StateKey key;
    ValueHash value;
  };
  // What a walk reads of an inner node, apart from its hash, so that more of it stays in the cache.
  struct Inner {
    Ref child[2];  // where the key's bit is 0, 1
    std::uint8_t bit;
    bool stale;  // then so is every node above it
  };
  // The inner nodes from the root down to a leaf: at most one for each bit.
  struct Path {
    Ref inner[256];
    unsigned length = 0;
    Ref leaf = 0;
  };

  Ref add_leaf(const PrefixSet& entry);
  Ref add_inner(const Inner& stale);
  void insert(const PrefixSet& entry, std::uint8_t bit, const Path& path);
  void mark_stale(const Path& path, unsigned length);
  Path walk(const StateKey& key) const;
  NodeHash hash_of(Ref ref) const;  // of a node that is not stale
  void refresh(Ref top);
  void prefetch_children(Ref ref) const;
  void prefetch_hashes(Ref ref) const;
  void prefetch_leaf(Ref ref) const;
  std::vector<Ref> stale_subtrees(std::size_t wanted) const;
  void refresh_all(unsigned jobs);

  GrowingArray<Leaf> leaves_;
  GrowingArray<std::uint32_t> rows_;  // by leaf
  GrowingArray<Inner> inner_;
  GrowingArray<NodeHash> hashes_;  // by inner node
  Ref root_ = 0;                   // has no meaning while there is no leaf
  std::size_t stale_ = 0;          // how many inner nodes are
};

}  // namespace holdfast::merkle
