// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ledger/core/digest.h"

// The log tree by the recursive definitions of RFC 6962 section 2.1, slow and obvious. `entries` is
// the list D[n] of the RFC.
namespace holdfast::reference {

// MTH(D[n]).
Root tree_hash(std::span<const Bytes> entries);
// PATH(m, D[n]), for m < n.
std::vector<NodeHash> audit_path(std::size_t m, std::span<const Bytes> entries);
// PROOF(m, D[n]), for 0 < m <= n.
std::vector<NodeHash> consistency_proof(std::size_t m, std::span<const Bytes> entries);

// The same tree where all leaves are one: MTH and PATH for sizes that no list could have.
Root tree_hash_of_equal_leaves(const LeafHash& leaf, std::uint64_t n);
std::vector<NodeHash> audit_path_of_equal_leaves(std::uint64_t m, const LeafHash& leaf,
                                                 std::uint64_t n);

}  // namespace holdfast::reference
