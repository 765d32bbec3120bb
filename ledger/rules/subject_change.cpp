// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/subject_change.h"

#include <array>

#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/hash.h"

namespace holdfast::rules {
namespace {

constexpr std::size_t kPairBytes = 64;

LeafHash pair_leaf(const StateKey& key, const ValueHash& value) {
  std::array<std::byte, kPairBytes> pair;
  std::memcpy(pair.data(), key.bytes.data(), kDigestBytes);
  std::memcpy(pair.data() + kDigestBytes, value.bytes.data(), kDigestBytes);
  return merkle::leaf_hash(pair);
}

ChangesRoot root_over(const std::vector<LeafHash>& leaves) {
  return ChangesRoot::from(merkle::root_of(leaves));
}

}  // namespace

ChangesRoot changes_root(std::span<const SubjectChange> changes) {
  std::vector<LeafHash> leaves;
  leaves.reserve(changes.size());
  for (const SubjectChange& change : changes)
    leaves.push_back(pair_leaf(change.key, change.value_hash));
  return root_over(leaves);
}

ChangesRoot changes_root(std::span<const ChangePair> pairs) {
  std::vector<LeafHash> leaves;
  leaves.reserve(pairs.size());
  for (const ChangePair& pair : pairs) leaves.push_back(pair_leaf(pair.key, pair.value));
  return root_over(leaves);
}

Bytes encode_change_pairs(std::span<const SubjectChange> changes) {
  Bytes out;
  out.reserve(changes.size() * kPairBytes);
  for (const SubjectChange& change : changes) {
    append(out, change.key);
    append(out, change.value_hash);
  }
  return out;
}

Result<std::vector<ChangePair>> decode_change_pairs(ByteView bytes) {
  const std::size_t count = bytes.size() / kPairBytes;
  if (bytes.size() % kPairBytes != 0 || count > kChangesMax)
    return Error{Code::kMalformed, "PAIRS-1", "change pairs",
                 std::to_string(bytes.size()) + " bytes", "up to 64 pairs of 64 bytes"};
  std::vector<ChangePair> pairs;
  pairs.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const ByteView pair = bytes.subspan(i * kPairBytes, kPairBytes);
    pairs.push_back(
        {StateKey::from(pair.first(kDigestBytes)), ValueHash::from(pair.last(kDigestBytes))});
    if (i > 0 && pairs[i - 1].key >= pairs[i].key)
      return Error{Code::kMalformed, "PAIRS-1", "change pair " + std::to_string(i),
                   "key " + pairs[i].key.hex(), "a key above " + pairs[i - 1].key.hex()};
  }
  return pairs;
}

}  // namespace holdfast::rules
