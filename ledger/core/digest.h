// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstring>
#include <functional>
#include <string>

#include "ledger/core/bytes.h"

namespace holdfast {

inline constexpr std::size_t kDigestBytes = 32;

// 32 bytes that mean one thing. The tag keeps a leaf hash from being passed as a root.
// Not for secrets: comparison is not constant time.
template <typename Tag>
struct Digest {
  std::array<std::byte, kDigestBytes> bytes{};

  // CHECKs the length; for bytes from outside use parse_digest.
  static Digest from(ByteView view) {
    CHECK(view.size() == kDigestBytes);
    Digest out;
    std::memcpy(out.bytes.data(), view.data(), kDigestBytes);
    return out;
  }
  template <typename Other>
  static Digest from(const Digest<Other>& other) {
    return Digest{other.bytes};
  }

  ByteView view() const { return bytes; }
  operator ByteView() const { return bytes; }  // NOLINT(*-explicit-*)
  std::string hex() const { return format_hex(bytes); }
  bool is_zero() const { return *this == Digest{}; }

  friend bool operator==(const Digest& a, const Digest& b) {
    return std::memcmp(a.bytes.data(), b.bytes.data(), kDigestBytes) == 0;
  }
  friend std::strong_ordering operator<=>(const Digest& a, const Digest& b) {
    return std::memcmp(a.bytes.data(), b.bytes.data(), kDigestBytes) <=> 0;
  }
};

// Log tree (RFC 6962): a leaf's hash, any node's hash, a tree's root.
using LeafHash = Digest<struct LeafHashTag>;
using NodeHash = Digest<struct NodeHashTag>;
using Root = Digest<struct RootTag>;

// State tree: K, V and the tree's root.
using StateKey = Digest<struct StateKeyTag>;
using ValueHash = Digest<struct ValueHashTag>;
using StateRoot = Digest<struct StateRootTag>;
using DetailHash = Digest<struct DetailHashTag>;

// The id of a statement, and so of the thing that it makes: village, domain, record, grant.
using StatementId = Digest<struct StatementIdTag>;
// What an entry commits: the hash of the signed statement.
using StatementHash = Digest<struct StatementHashTag>;
// RFC 6962 root over the K || V pairs that an entry sets.
using ChangesRoot = Digest<struct ChangesRootTag>;

using KeyId = Digest<struct KeyIdTag>;
using FieldCommitment = Digest<struct FieldCommitmentTag>;
using ContentRoot = Digest<struct ContentRootTag>;
// Of the terms that two councils sign.
using TermsHash = Digest<struct TermsHashTag>;
// Prefix-tree root of the records that a model was trained on.
using TrainingRoot = Digest<struct TrainingRootTag>;
// Of records used that a statement hides: over HMACs of their ids.
using HiddenRoot = Digest<struct HiddenRootTag>;
// SHA-256 of bytes that the ledger does not hold: weights, instructions, an envelope, a report.
using BytesDigest = Digest<struct BytesDigestTag>;

// Errors: kMalformed unless there are exactly 32 bytes.
template <typename D>
Result<D> parse_digest(ByteView bytes, const char* what) {
  if (bytes.size() != kDigestBytes)
    return Error{Code::kMalformed, "", what, std::to_string(bytes.size()) + " bytes", "32 bytes"};
  return D::from(bytes);
}

}  // namespace holdfast

template <typename Tag>
struct std::hash<holdfast::Digest<Tag>> {
  std::size_t operator()(const holdfast::Digest<Tag>& digest) const noexcept {
    std::size_t out;
    std::memcpy(&out, digest.bytes.data(), sizeof out);
    return out;
  }
};
