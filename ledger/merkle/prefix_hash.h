// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>
#include <optional>

#include "ledger/core/digest.h"

namespace holdfast::merkle {

// The state tree's hashes: SHA-256(K || V) and SHA-256(L || R || b). Their inputs differ in length,
// so a leaf is never an inner node; and b is hashed, so a node cannot be read at another bit.
NodeHash prefix_leaf_hash(const StateKey& key, const ValueHash& value);
NodeHash prefix_inner_hash(const NodeHash& left, const NodeHash& right, std::uint8_t bit);

// Bit 0 is the most significant bit of the first byte.
inline bool bit_of(const StateKey& key, std::uint8_t bit) {
  return (static_cast<unsigned>(key.bytes[bit / 8]) >> (7 - bit % 8) & 1) != 0;
}

// The first bit in which two keys differ; nothing if they are the same.
inline std::optional<std::uint8_t> first_difference(const StateKey& a, const StateKey& b) {
  for (unsigned word = 0; word < kDigestBytes / 8; ++word) {
    std::uint64_t x, y;
    std::memcpy(&x, &a.bytes[8 * word], 8);
    std::memcpy(&y, &b.bytes[8 * word], 8);
    if (x == y) continue;
    if constexpr (std::endian::native == std::endian::little)
      x = __builtin_bswap64(x ^ y);
    else
      x ^= y;
    return static_cast<std::uint8_t>(64 * word + static_cast<unsigned>(std::countl_zero(x)));
  }
  return std::nullopt;
}

}  // namespace holdfast::merkle
