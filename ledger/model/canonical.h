// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace holdfast::model {

// Writes the canonical form of a message of one segment that was built here, in words as they lie
// in memory: every struct without the zero words at the ends of its data and of its pointers, every
// object right behind what points to it first. The library does the same through an arena and
// checks that words which were built here do not need; every statement is encoded several times
// over. What the schema has no use for (far and capability pointers, empty lists, lists of bits) is
// left to the library, and a test compares the two.
// Source: Cap'n Proto, "Encoding Spec", Canonicalization.
class Canonical {
 public:
  // The words written, good until the next call; nothing where it is for the library to do.
  std::optional<std::span<const std::uint64_t>> write(std::span<const std::uint64_t> segment);

 private:
  struct StructSize {
    std::size_t data = 0;  // words
    std::size_t pointers = 0;
  };
  StructSize trimmed(std::size_t from, StructSize size) const;
  std::size_t take(std::size_t words);
  bool copy(std::size_t from, std::size_t to);
  bool copy_struct(std::size_t from, StructSize size, std::size_t pointer);
  bool copy_list(std::size_t from, unsigned element, std::size_t count, std::size_t pointer);
  bool copy_structs(std::size_t from, std::size_t words, std::size_t pointer);
  bool copy_fields(std::size_t from, StructSize had, std::size_t to, StructSize size);

  std::span<const std::uint64_t> in_;
  std::vector<std::uint64_t> out_;
  std::size_t used_ = 0;
};

}  // namespace holdfast::model
