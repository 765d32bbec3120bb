// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/core/bytes.h"
#include "ledger/crypto/random.h"

namespace holdfast::crypto {

inline Bytes from_hex(std::string_view hex) { return parse_hex(hex).value(); }

// The bytes first, first + 1, first + 2, ...: what looks random is the same in every run.
class CountingRandom : public Random {
 public:
  explicit CountingRandom(unsigned first = 0) : next_(first) {}
  void fill(std::span<std::byte> out) override {
    for (std::byte& b : out) b = static_cast<std::byte>(next_++);
  }

 private:
  unsigned next_;
};

}  // namespace holdfast::crypto
