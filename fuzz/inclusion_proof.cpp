// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: index, size (u64be each), leaf hash, then hashes of a path, 32 bytes each.
// Oracle: the loop of RFC 9162 agrees with the recursion that RFC 6962 defines paths by, both on
// which paths have the right length and on the root.
#include <bit>
#include <optional>

#include "fuzz/target.h"
#include "ledger/merkle/hash.h"
#include "ledger/merkle/proof.h"

namespace {

using namespace holdfast;

// PATH(m, D[n]) of RFC 6962 section 2.1.1, read backwards: the last hash is that of the other half.
std::optional<NodeHash> root_by_definition(std::uint64_t index, std::uint64_t size,
                                           const NodeHash& leaf, std::span<const NodeHash> path) {
  if (size == 1) return path.empty() ? std::optional(leaf) : std::nullopt;
  if (path.empty()) return std::nullopt;
  const std::uint64_t half = std::bit_floor(size - 1);
  const bool right = index >= half;
  const auto below = root_by_definition(right ? index - half : index, right ? size - half : half,
                                        leaf, path.first(path.size() - 1));
  if (!below) return std::nullopt;
  return right ? merkle::node_hash(path.back(), *below) : merkle::node_hash(*below, path.back());
}

}  // namespace

FUZZ_TARGET(inclusion_proof) {
  fuzz::Taker taker(input);
  const LeafIndex index{taker.u64()};
  const TreeSize size{taker.u64()};
  const auto leaf = taker.digest<LeafHash>();
  std::vector<NodeHash> path;
  while (!taker.rest().empty() && path.size() < 70) path.push_back(taker.digest<NodeHash>());

  const auto root = merkle::root_from_inclusion_proof(index, size, leaf, path);
  if (!index.in(size)) {
    CHECK(!root);
    return;
  }
  const auto want = root_by_definition(index.value, size.value, NodeHash::from(leaf), path);
  CHECK(root.has_value() == want.has_value());
  if (root) CHECK(NodeHash::from(*root) == *want);
}
