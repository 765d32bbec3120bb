// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "ledger/rules/state_view.h"

namespace holdfast::verifier {

// The subjects of a ledger in rows numbered by first appearance, packed: a record takes about 165
// bytes. A row whose detail grows moves; its old place is not used again.
// Threads: one at a time.
class SubjectTable {
 public:
  std::uint32_t add(const model::StateValue& value, ByteView detail);
  void set(std::uint32_t row, const model::StateValue& value, ByteView detail);
  rules::Subject get(std::uint32_t row) const;
  std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
  static constexpr std::size_t kPlacesPerBlock = std::size_t{1} << 16;
  struct Header;

  std::byte* at(std::uint32_t row) const {
    return (*places_[row / kPlacesPerBlock])[row % kPlacesPerBlock];
  }
  void place(std::uint32_t row, std::byte* where) {
    (*places_[row / kPlacesPerBlock])[row % kPlacesPerBlock] = where;
  }
  std::byte* reserve(std::size_t bytes);

  std::vector<std::unique_ptr<std::array<std::byte*, kPlacesPerBlock>>> places_;
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::byte* free_ = nullptr;
  std::size_t left_ = 0;
  std::uint32_t size_ = 0;
};

}  // namespace holdfast::verifier
