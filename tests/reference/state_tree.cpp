// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/reference/state_tree.h"

#include <array>

#include "ledger/crypto/sha256.h"

namespace holdfast::reference {
namespace {

// Bit 0 is the most significant bit of the first byte.
bool bit(const StateKey& key, unsigned b) {
  return (std::to_integer<unsigned>(key.bytes[b / 8]) & (0x80u >> b % 8)) != 0;
}

struct Split {
  unsigned bit;  // the first one in which the keys are not all the same
  State left;    // those where it is 0
  State right;
};

Split split(const State& state) {
  for (unsigned b = 0; b < 256; ++b) {
    Split parts{b, {}, {}};
    for (const auto& [key, value] : state) (bit(key, b) ? parts.right : parts.left)[key] = value;
    if (!parts.left.empty() && !parts.right.empty()) return parts;
  }
  CHECK(false);
}

NodeHash node(const State& state) {
  if (state.size() == 1) return {crypto::sha256({state.begin()->first, state.begin()->second})};
  const Split parts = split(state);
  const std::array b{static_cast<std::byte>(parts.bit)};
  return {crypto::sha256({node(parts.left), node(parts.right), b})};
}

void descend(const State& state, const StateKey& key, merkle::PrefixProof& proof) {
  if (state.size() == 1) {
    const auto& [shown, value] = *state.begin();
    if (shown != key) proof.other = {shown, value};
    return;
  }
  const Split parts = split(state);
  const bool right = bit(key, parts.bit);
  descend(right ? parts.right : parts.left, key, proof);
  proof.steps.push_back(
      {static_cast<std::uint8_t>(parts.bit), node(right ? parts.left : parts.right)});
}

}  // namespace

StateRoot state_root(const State& state) {
  if (state.empty()) return {crypto::sha256(ByteView{})};
  return StateRoot::from(node(state));
}

merkle::PrefixProof prove(const State& state, const StateKey& key) {
  merkle::PrefixProof proof;
  if (!state.empty()) descend(state, key, proof);
  return proof;
}

}  // namespace holdfast::reference
