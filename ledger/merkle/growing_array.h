// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace holdfast::merkle {

// An array that only grows, in pieces that never move: a vector of a hundred megabytes would stop
// its owner while it copies itself, and hold both copies meanwhile.
template <typename T>
class GrowingArray {
 public:
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  T& operator[](std::size_t i) { return pieces_[i / kPiece][i % kPiece]; }
  const T& operator[](std::size_t i) const { return pieces_[i / kPiece][i % kPiece]; }

  void push_back(const T& value) {
    if (size_ % kPiece == 0) pieces_.emplace_back().reserve(kPiece);
    pieces_.back().push_back(value);
    ++size_;
  }

 private:
  static constexpr std::size_t kPiece = std::size_t{1} << 14;
  std::vector<std::vector<T>> pieces_;  // all full but the last
  std::size_t size_ = 0;
};

}  // namespace holdfast::merkle
