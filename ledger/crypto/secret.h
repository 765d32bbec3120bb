// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>

#include "ledger/core/bytes.h"

namespace holdfast::crypto {

// Call once before anything else of crypto/; calling again is harmless. Aborts if libsodium cannot
// start, or judges signatures otherwise than strictness.h asks. Also switches core dumps off for
// this process.
void start();

// Bytes that are wiped when they go: move-only, locked into memory where the system lets us.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::size_t size);  // zeros
  explicit Secret(ByteView bytes);    // a copy; the caller wipes his own
  ~Secret();
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  ByteView view() const { return {data_, size_}; }
  std::span<std::byte> mutable_view() { return {data_, size_}; }
  Secret clone() const { return Secret(view()); }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

// Overwrites with zeros in a way that compilers keep.
void wipe(std::span<std::byte> bytes);

}  // namespace holdfast::crypto
