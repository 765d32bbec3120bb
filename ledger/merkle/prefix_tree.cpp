// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/merkle/prefix_tree.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <system_error>
#include <thread>
#include <utility>

#include "ledger/merkle/prefix_hash.h"

namespace holdfast::merkle {
namespace {

constexpr std::uint32_t kLeafBit = 0x8000'0000;

// Below this many stale nodes (some 0.2 ms of hashing) starting threads costs more than it gains.
constexpr std::size_t kParallelFrom = 2000;
// More pieces of work than threads, so that uneven pieces even out.
constexpr std::size_t kPiecesPerJob = 32;

// How many nodes ahead memory is asked for: enough to cover its latency with hashing or walking.
constexpr std::size_t kAhead = 8;

// Asks for a cache line. The empty statement keeps GCC 12 from dropping calls of functions that do
// nothing else, as if they had no effect.
inline void fetch_ahead(const void* address) {
  __builtin_prefetch(address);
  __asm__ __volatile__("");
}

constexpr bool is_leaf(std::uint32_t ref) { return (ref & kLeafBit) != 0; }
constexpr std::uint32_t index_of(std::uint32_t ref) { return ref & ~kLeafBit; }

// Runs `work` on `jobs` threads, the caller's being one of them, until all have returned.
template <typename Work>
void run_on_threads(unsigned jobs, const Work& work) {
  std::vector<std::thread> threads;
  try {
    while (threads.size() + 1 < jobs) threads.emplace_back(work);
  } catch (const std::system_error&) {
    // The machine has no thread for us: those that there are do all of it.
  }
  work();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

PrefixTree PrefixTree::build(std::span<const PrefixSet> sorted, unsigned jobs) {
  PrefixTree tree;
  if (sorted.empty()) return tree;
  tree.root_ = tree.add_leaf(sorted[0]);

  // One inner node lies between each two neighbours, at the bit where they part. The nodes on the
  // way from the root to the last leaf are those that a next leaf can still change.
  std::vector<Ref> edge;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    CHECK(sorted[i - 1].key < sorted[i].key);
    const std::uint8_t bit = *first_difference(sorted[i - 1].key, sorted[i].key);
    Ref below = kLeafBit | static_cast<Ref>(i - 1);
    for (; !edge.empty() && tree.inner_[edge.back()].bit > bit; edge.pop_back())
      below = edge.back();
    const Ref made = tree.add_inner({{below, tree.add_leaf(sorted[i])}, bit, true});
    (edge.empty() ? tree.root_ : tree.inner_[edge.back()].child[1]) = made;
    edge.push_back(made);
  }
  tree.refresh_all(jobs);
  return tree;
}

void PrefixTree::set(const PrefixSet& entry) {
  if (leaves_.empty()) {
    root_ = add_leaf(entry);
    return;
  }
  const Path path = walk(entry.key);
  Leaf& leaf = leaves_[path.leaf];
  if (const auto bit = first_difference(leaf.key, entry.key)) return insert(entry, *bit, path);
  rows_[path.leaf] = entry.row;
  if (leaf.value == entry.value) return;
  leaf.value = entry.value;
  mark_stale(path, path.length);
}

void PrefixTree::set_batch(std::span<const PrefixSet> entries) {
  std::array<StateKey, kAhead> keys;
  for (; !entries.empty(); entries = entries.subspan(std::min(kAhead, entries.size()))) {
    const auto group = entries.first(std::min(kAhead, entries.size()));
    std::ranges::transform(group, keys.begin(), &PrefixSet::key);
    prefetch(std::span(keys).first(group.size()));
    for (const PrefixSet& entry : group) set(entry);
  }
}

std::optional<PrefixLeaf> PrefixTree::find(const StateKey& key) const {
  if (leaves_.empty()) return std::nullopt;
  Ref ref = root_;
  while (!is_leaf(ref)) ref = inner_[ref].child[bit_of(key, inner_[ref].bit)];
  const Leaf& leaf = leaves_[index_of(ref)];
  if (leaf.key != key) return std::nullopt;
  return PrefixLeaf{leaf.value, rows_[index_of(ref)]};
}

StateRoot PrefixTree::root(unsigned jobs) {
  if (leaves_.empty()) return empty_state_root();
  refresh_all(jobs);
  return StateRoot::from(hash_of(root_));
}

PrefixProof PrefixTree::prove(const StateKey& key) {
  refresh_all(1);
  return std::as_const(*this).prove(key);
}

PrefixProof PrefixTree::prove(const StateKey& key) const {
  CHECK(stale_ == 0);
  PrefixProof proof;
  if (leaves_.empty()) return proof;
  const Path path = walk(key);
  const Leaf& leaf = leaves_[path.leaf];
  if (leaf.key != key) proof.other = {leaf.key, leaf.value};
  proof.steps.reserve(path.length);
  for (unsigned i = path.length; i-- > 0;) {
    const Inner& inner = inner_[path.inner[i]];
    proof.steps.push_back({inner.bit, hash_of(inner.child[!bit_of(key, inner.bit)])});
  }
  return proof;
}

PrefixTree::Ref PrefixTree::add_leaf(const PrefixSet& entry) {
  CHECK(leaves_.size() < kLeafBit);
  leaves_.push_back({entry.key, entry.value});
  rows_.push_back(entry.row);
  return kLeafBit | static_cast<Ref>(leaves_.size() - 1);
}

PrefixTree::Ref PrefixTree::add_inner(const Inner& stale) {
  inner_.push_back(stale);
  hashes_.push_back({});
  ++stale_;
  return static_cast<Ref>(inner_.size() - 1);
}

// Puts a new leaf beside the subtree that the path enters after looking at the bits before `bit`.
void PrefixTree::insert(const PrefixSet& entry, std::uint8_t bit, const Path& path) {
  unsigned above = path.length;
  while (above > 0 && inner_[path.inner[above - 1]].bit > bit) --above;
  const Ref beside = above < path.length ? path.inner[above] : kLeafBit | path.leaf;

  const bool side = bit_of(entry.key, bit);
  Inner made{{beside, beside}, bit, true};
  made.child[side] = add_leaf(entry);
  const Ref ref = add_inner(made);
  if (above == 0) {
    root_ = ref;
    return;
  }
  Inner& parent = inner_[path.inner[above - 1]];
  parent.child[bit_of(entry.key, parent.bit)] = ref;
  mark_stale(path, above);
}

// Marks the first `length` nodes of the path, from below. Above a stale node all are stale already.
void PrefixTree::mark_stale(const Path& path, unsigned length) {
  for (unsigned i = length; i-- > 0;) {
    Inner& inner = inner_[path.inner[i]];
    if (inner.stale) return;
    inner.stale = true;
    ++stale_;
  }
}

PrefixTree::Path PrefixTree::walk(const StateKey& key) const {
  Path path;
  Ref ref = root_;
  while (!is_leaf(ref)) {
    path.inner[path.length++] = ref;
    const Inner& inner = inner_[ref];
    ref = inner.child[bit_of(key, inner.bit)];
  }
  path.leaf = index_of(ref);
  return path;
}

NodeHash PrefixTree::hash_of(Ref ref) const {
  if (!is_leaf(ref)) return hashes_[ref];
  const Leaf& leaf = leaves_[index_of(ref)];
  return prefix_leaf_hash(leaf.key, leaf.value);
}

// Hashes a subtree's stale nodes. They are listed from the top down first, so that no step waits
// for memory: each fetches ahead what a later one needs. Most nodes of a large tree are not in a
// cache.
void PrefixTree::refresh(Ref top) {
  std::vector<Ref> stale{top};
  for (std::size_t i = 0; i < stale.size(); ++i) {
    if (i + kAhead < stale.size()) prefetch_children(stale[i + kAhead]);
    for (Ref child : inner_[stale[i]].child) {
      if (!is_leaf(child) && inner_[child].stale) stale.push_back(child);
    }
  }
  // Backwards, children come before their parents.
  for (std::size_t i = stale.size(); i-- > 0;) {
    if (i >= 2 * kAhead) fetch_ahead(&inner_[stale[i - 2 * kAhead]]);
    if (i >= kAhead) prefetch_hashes(stale[i - kAhead]);
    Inner& inner = inner_[stale[i]];
    hashes_[stale[i]] =
        prefix_inner_hash(hash_of(inner.child[0]), hash_of(inner.child[1]), inner.bit);
    inner.stale = false;
  }
}

// All walks take their steps in turns, so that their waits for memory overlap.
void PrefixTree::prefetch(std::span<const StateKey> keys) const {
  if (leaves_.empty()) return;
  for (; keys.size() > kAhead; keys = keys.subspan(kAhead)) prefetch(keys.first(kAhead));
  std::array<Ref, kAhead> at;
  at.fill(root_);
  for (bool on_the_way = true; on_the_way;) {
    on_the_way = false;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (is_leaf(at[i])) continue;
      const Inner& inner = inner_[at[i]];
      at[i] = inner.child[bit_of(keys[i], inner.bit)];
      if (is_leaf(at[i])) {
        prefetch_leaf(at[i]);
      } else {
        fetch_ahead(&inner_[at[i]]);
        on_the_way = true;
      }
    }
  }
}

void PrefixTree::prefetch_children(Ref ref) const {
  for (Ref child : inner_[ref].child) {
    if (!is_leaf(child)) fetch_ahead(&inner_[child]);
  }
}

void PrefixTree::prefetch_hashes(Ref ref) const {
  fetch_ahead(&hashes_[ref]);
  for (Ref child : inner_[ref].child) {
    if (is_leaf(child))
      prefetch_leaf(child);
    else
      fetch_ahead(&hashes_[child]);
  }
}

void PrefixTree::prefetch_leaf(Ref ref) const {
  const auto* const leaf = reinterpret_cast<const std::byte*>(&leaves_[index_of(ref)]);
  fetch_ahead(leaf);
  fetch_ahead(leaf + sizeof(Leaf) - 1);
}

// Disjoint subtrees with a stale root, from the top down until there are `wanted` of them.
std::vector<PrefixTree::Ref> PrefixTree::stale_subtrees(std::size_t wanted) const {
  std::vector<Ref> found{root_};
  std::size_t next = 0;  // those before it have been replaced by their children
  while (next < found.size() && found.size() - next < wanted) {
    for (Ref child : inner_[found[next++]].child) {
      if (!is_leaf(child) && inner_[child].stale) found.push_back(child);
    }
  }
  found.erase(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(next));
  return found;
}

void PrefixTree::refresh_all(unsigned jobs) {
  if (stale_ == 0) return;
  if (jobs > 1 && stale_ >= kParallelFrom) {
    const std::vector<Ref> pieces = stale_subtrees(jobs * kPiecesPerJob);
    std::atomic<std::size_t> next = 0;
    run_on_threads(jobs, [&] {
      for (std::size_t i = next++; i < pieces.size(); i = next++) refresh(pieces[i]);
    });
  }
  if (!is_leaf(root_)) refresh(root_);
  stale_ = 0;
}

}  // namespace holdfast::merkle
