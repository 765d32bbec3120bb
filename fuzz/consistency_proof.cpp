// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: old size, new size (u64be each), old root, then hashes of a proof, 32 bytes each.
// Oracle: the loop of RFC 9162 agrees with the recursion that RFC 6962 defines proofs by, both on
// which proofs have the right length and on both roots.
#include <bit>
#include <optional>

#include "fuzz/target.h"
#include "ledger/merkle/hash.h"
#include "ledger/merkle/proof.h"

namespace {

using namespace holdfast;

struct Both {
  NodeHash old_root;
  NodeHash new_root;
};

// SUBPROOF(m, D[n], b) of RFC 6962 section 2.1.2, read backwards. `whole` is b: the old tree is
// this subtree and its root is known.
std::optional<Both> roots_by_definition(std::uint64_t old_size, std::uint64_t size, bool whole,
                                        const NodeHash& old_root, std::span<const NodeHash> proof) {
  if (old_size == size) {
    if (whole) return proof.empty() ? std::optional(Both{old_root, old_root}) : std::nullopt;
    return proof.size() == 1 ? std::optional(Both{proof[0], proof[0]}) : std::nullopt;
  }
  if (proof.empty()) return std::nullopt;
  const std::uint64_t half = std::bit_floor(size - 1);
  const auto rest = proof.first(proof.size() - 1);
  if (old_size <= half) {
    const auto left = roots_by_definition(old_size, half, whole, old_root, rest);
    if (!left) return std::nullopt;
    return Both{left->old_root, merkle::node_hash(left->new_root, proof.back())};
  }
  const auto right = roots_by_definition(old_size - half, size - half, false, old_root, rest);
  if (!right) return std::nullopt;
  return Both{merkle::node_hash(proof.back(), right->old_root),
              merkle::node_hash(proof.back(), right->new_root)};
}

}  // namespace

FUZZ_TARGET(consistency_proof) {
  fuzz::Taker taker(input);
  const TreeSize old_size{taker.u64()};
  const TreeSize new_size{taker.u64()};
  const auto old_root = taker.digest<Root>();
  std::vector<NodeHash> proof;
  while (!taker.rest().empty() && proof.size() < 140) proof.push_back(taker.digest<NodeHash>());

  const auto roots = merkle::roots_from_consistency_proof(old_size, new_size, old_root, proof);
  if (old_size.value == 0 || old_size > new_size) {
    CHECK(!roots);
    return;
  }
  const auto want =
      roots_by_definition(old_size.value, new_size.value, true, NodeHash::from(old_root), proof);
  CHECK(roots.has_value() == want.has_value());
  if (!roots) return;
  CHECK(NodeHash::from(roots->old_root) == want->old_root);
  CHECK(NodeHash::from(roots->new_root) == want->new_root);
}
