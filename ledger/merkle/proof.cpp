// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/merkle/proof.h"

#include <algorithm>
#include <bit>

#include "ledger/merkle/hash.h"

namespace holdfast::merkle {
namespace {

std::string hashes(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " hash" : " hashes");
}

Result<void> require_length(const char* rule, const char* what, std::size_t found,
                            std::size_t want) {
  if (found == want) return {};
  return Error{Code::kMalformed, rule, what, hashes(found), hashes(want)};
}

Result<void> require_root(const char* rule, const char* what, const Root& found, const Root& want) {
  if (found == want) return {};
  return Error{Code::kInvalid, rule, what, found.hex(), want.hex()};
}

// How many siblings a walk from node `index` of some level up to the root has, where `last` is the
// last node of that level: one at each level up to where the two paths meet, and above that one for
// each time that the node is a right child.
std::size_t siblings(std::uint64_t index, std::uint64_t last) {
  const auto meet = static_cast<unsigned>(std::bit_width(index ^ last));
  const std::uint64_t above = meet == 64 ? 0 : index >> meet;
  return meet + static_cast<std::size_t>(std::popcount(above));
}

// The walk of RFC 9162 sections 2.1.3.2 and 2.1.4.2: the position `fn` of the node at hand in its
// level, the last position `sn` of that level, and the rule by which both move up past one sibling.
class Walk {
 public:
  Walk(std::uint64_t index, std::uint64_t last) : fn_(index), sn_(last) {}

  bool at_root() const { return sn_ == 0; }
  bool sibling_is_left() const { return fn_ % 2 == 1 || fn_ == sn_; }

  void up() {
    if (sibling_is_left()) {
      // A last node without a right neighbour moved up as it was: skip those levels.
      while (fn_ % 2 == 0 && fn_ != 0) halve();
    }
    halve();
  }

  void halve() {
    fn_ >>= 1;
    sn_ >>= 1;
  }

 private:
  std::uint64_t fn_;
  std::uint64_t sn_;
};

// The root over leaves [first, first + length), where `first` is a multiple of a power of two that
// is not below `length`: perfect subtrees, folded from the right.
Result<NodeHash> root_of_range(std::uint64_t first, std::uint64_t length, const NodeReader& read) {
  // Most ranges are one perfect subtree.
  if (std::has_single_bit(length)) {
    const auto level = static_cast<std::uint8_t>(std::countr_zero(length));
    return read({level, first >> level});
  }
  const std::vector<NodeId> nodes = perfect_subtrees({length});
  std::optional<NodeHash> hash;
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
    TRY_ASSIGN(const NodeHash left, read({node->level, node->index + (first >> node->level)}));
    hash = hash ? node_hash(left, *hash) : left;
  }
  return *hash;
}

// Appends the siblings that leaf `index` has from `level` up to the root of `size` leaves.
Result<void> append_siblings(std::uint64_t index, unsigned level, std::uint64_t size,
                             const NodeReader& read, std::vector<NodeHash>& to) {
  for (const unsigned height = static_cast<unsigned>(std::bit_width(size - 1)); level < height;
       ++level) {
    const std::uint64_t first = ((index >> level) ^ 1) << level;
    if (first >= size) continue;  // no sibling: the node moves up as it is
    const std::uint64_t length = std::min(std::uint64_t{1} << level, size - first);
    TRY_ASSIGN(const NodeHash sibling, root_of_range(first, length, read));
    to.push_back(sibling);
  }
  return {};
}

}  // namespace

Result<Root> root_from_inclusion_proof(LeafIndex index, TreeSize size, const LeafHash& leaf,
                                       std::span<const NodeHash> path) {
  if (!index.in(size))
    return Error{Code::kMalformed, "PROOF-1", "leaf index", std::to_string(index.value),
                 "below the tree size " + std::to_string(size.value)};
  TRY(require_length("PROOF-1", "inclusion proof", path.size(),
                     siblings(index.value, size.value - 1)));

  Walk walk(index.value, size.value - 1);
  NodeHash hash = NodeHash::from(leaf);
  for (const NodeHash& sibling : path) {
    hash = walk.sibling_is_left() ? node_hash(sibling, hash) : node_hash(hash, sibling);
    walk.up();
  }
  CHECK(walk.at_root());
  return Root::from(hash);
}

Result<void> verify_inclusion(LeafIndex index, TreeSize size, const LeafHash& leaf,
                              std::span<const NodeHash> path, const Root& root) {
  TRY_ASSIGN(const Root found, root_from_inclusion_proof(index, size, leaf, path));
  return require_root("PROOF-2", "root that the inclusion proof gives", found, root);
}

Root root_before(LeafIndex index, TreeSize size, std::span<const NodeHash> path) {
  Walk walk(index.value, size.value - 1);
  std::optional<NodeHash> hash;
  for (const NodeHash& sibling : path) {
    if (walk.sibling_is_left()) hash = hash ? node_hash(sibling, *hash) : sibling;
    walk.up();
  }
  return hash ? Root::from(*hash) : empty_root();
}

Result<ConsistencyRoots> roots_from_consistency_proof(TreeSize old_size, TreeSize new_size,
                                                      const Root& old_root,
                                                      std::span<const NodeHash> proof) {
  if (old_size.value == 0 || old_size > new_size)
    return Error{Code::kMalformed, "PROOF-3", "old tree size", std::to_string(old_size.value),
                 "1 to the new tree size " + std::to_string(new_size.value)};
  if (old_size == new_size) {
    TRY(require_length("PROOF-3", "consistency proof between equal sizes", proof.size(), 0));
    return ConsistencyRoots{old_root, old_root};
  }

  // The walk starts at the largest perfect subtree that ends with the old tree. Where that is the
  // whole old tree, the proof leaves it out, because its reader has it.
  const int start = std::countr_zero(old_size.value);
  const std::uint64_t fn = (old_size.value - 1) >> start;
  const std::uint64_t sn = (new_size.value - 1) >> start;
  const bool seeded = std::has_single_bit(old_size.value);
  TRY(require_length("PROOF-3", "consistency proof", proof.size(),
                     siblings(fn, sn) + (seeded ? 0 : 1)));

  NodeHash old_hash = seeded ? NodeHash::from(old_root) : proof[0];
  NodeHash new_hash = old_hash;
  Walk walk(fn, sn);
  for (const NodeHash& sibling : proof.subspan(seeded ? 0 : 1)) {
    if (walk.sibling_is_left()) {
      old_hash = node_hash(sibling, old_hash);
      new_hash = node_hash(sibling, new_hash);
    } else {
      new_hash = node_hash(new_hash, sibling);
    }
    walk.up();
  }
  CHECK(walk.at_root());
  return ConsistencyRoots{Root::from(old_hash), Root::from(new_hash)};
}

Result<void> verify_consistency(TreeSize old_size, TreeSize new_size, const Root& old_root,
                                const Root& new_root, std::span<const NodeHash> proof) {
  TRY_ASSIGN(const ConsistencyRoots found,
             roots_from_consistency_proof(old_size, new_size, old_root, proof));
  TRY(require_root("PROOF-4", "old root that the consistency proof gives", found.old_root,
                   old_root));
  return require_root("PROOF-4", "new root that the consistency proof gives", found.new_root,
                      new_root);
}

std::vector<NodeId> perfect_subtrees(TreeSize size) {
  std::vector<NodeId> nodes;
  nodes.reserve(static_cast<std::size_t>(std::popcount(size.value)));
  std::uint64_t first = 0;
  for (std::uint64_t rest = size.value; rest != 0; rest &= ~std::bit_floor(rest)) {
    const auto level = static_cast<std::uint8_t>(std::bit_width(rest) - 1);
    nodes.push_back({level, first >> level});
    first += std::bit_floor(rest);
  }
  return nodes;
}

Result<Root> root_at(TreeSize size, const NodeReader& read) {
  if (size.value == 0) return empty_root();
  TRY_ASSIGN(const NodeHash root, root_of_range(0, size.value, read));
  return Root::from(root);
}

Result<std::vector<NodeHash>> prove_inclusion(LeafIndex index, TreeSize size,
                                              const NodeReader& read) {
  if (!index.in(size))
    return Error{Code::kNotFound, "", "leaf index", std::to_string(index.value),
                 "below the tree size " + std::to_string(size.value)};
  std::vector<NodeHash> path;
  path.reserve(siblings(index.value, size.value - 1));
  TRY(append_siblings(index.value, 0, size.value, read, path));
  return path;
}

Result<std::vector<NodeHash>> prove_consistency(TreeSize old_size, TreeSize new_size,
                                                const NodeReader& read) {
  if (old_size.value == 0 || old_size > new_size)
    return Error{Code::kInvalid, "", "old tree size", std::to_string(old_size.value),
                 "1 to the new tree size " + std::to_string(new_size.value)};
  std::vector<NodeHash> proof;
  if (old_size == new_size) return proof;
  const auto start = static_cast<std::uint8_t>(std::countr_zero(old_size.value));
  const std::uint64_t last = old_size.value - 1;
  if (!std::has_single_bit(old_size.value)) {
    TRY_ASSIGN(const NodeHash seed, read({start, last >> start}));
    proof.push_back(seed);
  }
  TRY(append_siblings(last, start, new_size.value, read, proof));
  return proof;
}

}  // namespace holdfast::merkle
