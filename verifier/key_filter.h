// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "ledger/core/digest.h"

namespace holdfast::verifier {

// Tells at the cost of one cache line that a key was surely never added: nearly every record is
// asked for once before it is there, and the walk down a large state tree would wait for memory at
// each step. A blocked Bloom filter; keys are hashes already. Threads: one at a time.
class KeyFilter {
 public:
  // For about `keys` keys: 2 bytes each, at most 32 MiB. With more of them it only tells less.
  explicit KeyFilter(std::uint64_t keys);

  void add(const StateKey& key);
  bool may_have(const StateKey& key) const;

 private:
  // One cache line; a key has one bit in each of four words of its line.
  using Line = std::array<std::uint64_t, 8>;
  struct Place {
    std::size_t line;
    std::array<std::uint8_t, 4> word;
    std::array<std::uint64_t, 4> bit;
  };
  Place place_of(const StateKey& key) const;

  std::vector<Line> lines_;
};

}  // namespace holdfast::verifier
