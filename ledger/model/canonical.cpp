// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/canonical.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "ledger/core/check.h"

namespace holdfast::model {
namespace {

static_assert(std::endian::native == std::endian::little, "words as they lie in memory");

// The kinds of a pointer, its two low bits, and the sizes of a list's elements.
constexpr unsigned kStruct = 0;
constexpr unsigned kList = 1;
constexpr unsigned kBytes = 2;
constexpr unsigned kEightBytes = 5;
constexpr unsigned kPointers = 6;
constexpr unsigned kStructs = 7;

unsigned kind_of(std::uint64_t pointer) { return pointer & 3; }
// Of the object, from the word behind the pointer.
std::int64_t offset_of(std::uint64_t pointer) { return static_cast<std::int32_t>(pointer) >> 2; }

std::uint64_t low_word(unsigned kind, std::size_t pointer, std::size_t object) {
  const auto offset = static_cast<std::uint32_t>(object - pointer - 1);
  return offset << 2 | kind;
}

std::uint64_t struct_sizes(std::size_t data, std::size_t pointers) {
  return std::uint64_t{data} << 32 | std::uint64_t{pointers} << 48;
}

}  // namespace

std::optional<std::span<const std::uint64_t>> Canonical::write(
    std::span<const std::uint64_t> segment) {
  in_ = segment;
  used_ = 0;
  // Words are left out and never added.
  if (out_.size() < segment.size()) out_.resize(segment.size());
  if (in_.empty() || kind_of(in_[0]) != kStruct || !copy(0, take(1))) return std::nullopt;
  return std::span<const std::uint64_t>(out_).first(used_);
}

std::size_t Canonical::take(std::size_t words) {
  CHECK(used_ + words <= out_.size());
  return std::exchange(used_, used_ + words);
}

Canonical::StructSize Canonical::trimmed(std::size_t from, StructSize size) const {
  while (size.pointers > 0 && in_[from + size.data + size.pointers - 1] == 0) --size.pointers;
  while (size.data > 0 && in_[from + size.data - 1] == 0) --size.data;
  return size;
}

// What the pointer at `from` points to, and a pointer to it at `to`.
bool Canonical::copy(std::size_t from, std::size_t to) {
  const std::uint64_t pointer = in_[from];
  if (pointer == 0) {
    out_[to] = 0;
    return true;
  }
  const std::size_t object = from + 1 + static_cast<std::size_t>(offset_of(pointer));
  if (kind_of(pointer) == kStruct)
    return copy_struct(object, {pointer >> 32 & 0xffff, pointer >> 48}, to);
  if (kind_of(pointer) == kList) return copy_list(object, pointer >> 32 & 7, pointer >> 35, to);
  return false;
}

bool Canonical::copy_struct(std::size_t from, StructSize had, std::size_t pointer) {
  CHECK(from + had.data + had.pointers <= in_.size());
  const StructSize size = trimmed(from, had);
  const std::size_t to = take(size.data + size.pointers);
  // A struct without words stands nowhere: the pointer points to itself.
  const bool empty = size.data + size.pointers == 0;
  out_[pointer] =
      low_word(kStruct, pointer, empty ? pointer : to) | struct_sizes(size.data, size.pointers);
  return copy_fields(from, had, to, size);
}

bool Canonical::copy_fields(std::size_t from, StructSize had, std::size_t to, StructSize size) {
  std::copy_n(in_.data() + from, size.data, out_.data() + to);
  for (std::size_t i = 0; i < size.pointers; ++i)
    if (!copy(from + had.data + i, to + size.data + i)) return false;
  return true;
}

bool Canonical::copy_list(std::size_t from, unsigned element, std::size_t count,
                          std::size_t pointer) {
  if (count == 0 || element < kBytes) return false;
  if (element == kStructs) return copy_structs(from, count, pointer);
  const std::size_t bytes = element >= kEightBytes ? 8 : std::size_t{1} << (element - kBytes);
  const std::size_t words = (count * bytes + 7) / 8;
  CHECK(from + words <= in_.size());
  const std::size_t to = take(words);
  out_[pointer] =
      low_word(kList, pointer, to) | (std::uint64_t{element} | std::uint64_t{count} << 3) << 32;
  if (element != kPointers) {
    std::copy_n(in_.data() + from, words, out_.data() + to);
    return true;
  }
  for (std::size_t i = 0; i < count; ++i)
    if (!copy(from + i, to + i)) return false;
  return true;
}

// A tag that tells their number and sizes, then one after another: all as large as the largest.
bool Canonical::copy_structs(std::size_t from, std::size_t words, std::size_t pointer) {
  CHECK(from + 1 + words <= in_.size());
  const std::uint64_t tag = in_[from];
  const auto count = static_cast<std::size_t>(static_cast<std::uint32_t>(tag) >> 2);
  const StructSize had{tag >> 32 & 0xffff, tag >> 48};
  const std::size_t step = had.data + had.pointers;
  CHECK(count * step <= words);
  if (count == 0) return false;
  StructSize size;
  for (std::size_t i = 0; i < count; ++i) {
    const StructSize one = trimmed(from + 1 + i * step, had);
    size = {std::max(size.data, one.data), std::max(size.pointers, one.pointers)};
  }
  const std::size_t each = size.data + size.pointers;
  const std::size_t to = take(1 + count * each);
  out_[pointer] = low_word(kList, pointer, to) |
                  (std::uint64_t{kStructs} | std::uint64_t{count * each} << 3) << 32;
  out_[to] = std::uint64_t{count} << 2 | struct_sizes(size.data, size.pointers);
  for (std::size_t i = 0; i < count; ++i)
    if (!copy_fields(from + 1 + i * step, had, to + 1 + i * each, size)) return false;
  return true;
}

}  // namespace holdfast::model
