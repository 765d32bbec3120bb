// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/reference/log_tree.h"

#include <array>

#include "ledger/crypto/sha256.h"

namespace holdfast::reference {
namespace {

constexpr std::array kLeaf{std::byte{0}};
constexpr std::array kNode{std::byte{1}};

// The largest power of two smaller than n.
std::uint64_t split(std::uint64_t n) {
  std::uint64_t k = 1;
  while (k < n - k) k *= 2;
  return k;
}

void add(std::vector<NodeHash>& to, const Root& root) { to.push_back(NodeHash::from(root)); }

std::vector<NodeHash> subproof(std::size_t m, std::span<const Bytes> entries, bool known) {
  const std::size_t n = entries.size();
  if (m == n) {
    std::vector<NodeHash> proof;
    if (!known) add(proof, tree_hash(entries));
    return proof;
  }
  const std::size_t k = split(n);
  std::vector<NodeHash> proof;
  if (m <= k) {
    proof = subproof(m, entries.first(k), known);
    add(proof, tree_hash(entries.subspan(k)));
  } else {
    proof = subproof(m - k, entries.subspan(k), false);
    add(proof, tree_hash(entries.first(k)));
  }
  return proof;
}

}  // namespace

Root tree_hash(std::span<const Bytes> entries) {
  if (entries.empty()) return {crypto::sha256(ByteView{})};
  if (entries.size() == 1) return {crypto::sha256({kLeaf, entries[0]})};
  const std::size_t k = split(entries.size());
  return {crypto::sha256({kNode, tree_hash(entries.first(k)), tree_hash(entries.subspan(k))})};
}

std::vector<NodeHash> audit_path(std::size_t m, std::span<const Bytes> entries) {
  if (entries.size() == 1) return {};
  const std::size_t k = split(entries.size());
  std::vector<NodeHash> path;
  if (m < k) {
    path = audit_path(m, entries.first(k));
    add(path, tree_hash(entries.subspan(k)));
  } else {
    path = audit_path(m - k, entries.subspan(k));
    add(path, tree_hash(entries.first(k)));
  }
  return path;
}

std::vector<NodeHash> consistency_proof(std::size_t m, std::span<const Bytes> entries) {
  return subproof(m, entries, true);
}

Root tree_hash_of_equal_leaves(const LeafHash& leaf, std::uint64_t n) {
  if (n == 1) return Root::from(leaf);
  const std::uint64_t k = split(n);
  // Both halves of a perfect tree are the same: without this, 2^63 leaves would take for ever.
  const Root left = tree_hash_of_equal_leaves(leaf, k);
  const Root right = n - k == k ? left : tree_hash_of_equal_leaves(leaf, n - k);
  return {crypto::sha256({kNode, left, right})};
}

std::vector<NodeHash> audit_path_of_equal_leaves(std::uint64_t m, const LeafHash& leaf,
                                                 std::uint64_t n) {
  if (n == 1) return {};
  const std::uint64_t k = split(n);
  auto path = m < k ? audit_path_of_equal_leaves(m, leaf, k)
                    : audit_path_of_equal_leaves(m - k, leaf, n - k);
  add(path, tree_hash_of_equal_leaves(leaf, m < k ? n - k : k));
  return path;
}

}  // namespace holdfast::reference
