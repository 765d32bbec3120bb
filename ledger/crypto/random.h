// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>

#include "ledger/core/bytes.h"

namespace holdfast::crypto {

// A constructor parameter wherever randomness matters, so that tests own it.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::byte> out) = 0;
};

// The operating system's generator, drawn in blocks and wiped once handed out. Threads: any.
class SystemRandom : public Random {
 public:
  void fill(std::span<std::byte> out) override;
};

}  // namespace holdfast::crypto
