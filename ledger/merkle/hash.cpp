// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/merkle/hash.h"

#include <array>
#include <cstring>

#include "ledger/crypto/sha256.h"

namespace holdfast::merkle {

LeafHash leaf_hash(ByteView leaf) {
  static constexpr std::array<std::byte, 1> kLeafPrefix{std::byte{0x00}};
  return {crypto::sha256({kLeafPrefix, leaf})};
}

NodeHash node_hash(const NodeHash& left, const NodeHash& right) {
  // Put together here: parts of lengths known only at run time cost 8 ns more.
  std::array<std::byte, 1 + 2 * kDigestBytes> bytes;
  bytes[0] = std::byte{0x01};
  std::memcpy(&bytes[1], left.bytes.data(), kDigestBytes);
  std::memcpy(&bytes[1 + kDigestBytes], right.bytes.data(), kDigestBytes);
  return {crypto::sha256(bytes)};
}

Root empty_root() { return {crypto::sha256(ByteView{})}; }

}  // namespace holdfast::merkle
