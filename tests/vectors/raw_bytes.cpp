// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/vectors/raw_bytes.h"

namespace holdfast::vectors {
namespace {

// A struct pointer: 0 in the lowest two bits, signed offset in words, data words, pointers.
std::uint64_t struct_pointer(std::int32_t offset, std::size_t data, std::size_t pointers) {
  return static_cast<std::uint32_t>(offset) << 2 | static_cast<std::uint64_t>(data) << 32 |
         static_cast<std::uint64_t>(pointers) << 48;
}
std::size_t data_words(const Words& words) { return words.at(0) >> 32 & 0xffff; }
std::size_t pointer_words(const Words& words) { return words.at(0) >> 48; }

}  // namespace

Bytes with_unknown_data(ByteView canonical, std::uint64_t value) {
  Words words(canonical);
  const std::size_t data = data_words(words);
  // Pointers and what they point to move together, so their offsets stay.
  words.insert(1 + data, value);
  words.set(0, struct_pointer(0, data + 1, pointer_words(words)));
  return words.bytes();
}

Bytes with_unknown_pointer(ByteView canonical, std::uint64_t pointer) {
  Words words(canonical);
  const std::size_t data = data_words(words);
  const std::size_t pointers = pointer_words(words);
  for (std::size_t i = 1 + data; i < 1 + data + pointers; ++i)
    if (words.at(i) != 0) words.set(i, words.at(i) + 4);  // one word further
  words.insert(1 + data + pointers, pointer);
  words.set(0, struct_pointer(0, data, pointers + 1));
  return words.bytes();
}

Bytes with_unknown_nesting(ByteView canonical, std::size_t depth) {
  const Words before(canonical);
  const std::size_t place = 1 + data_words(before) + pointer_words(before);
  const auto distance = static_cast<std::int32_t>(before.size() - place);
  Words words(with_unknown_pointer(canonical, struct_pointer(distance, 0, 1)));
  for (std::size_t i = 1; i < depth; ++i) words.push_back(struct_pointer(0, 0, 1));
  words.push_back(0);
  return words.bytes();
}

Bytes behind_far_pointer(ByteView canonical) {
  Words words(canonical);
  const std::uint64_t root = words.at(0);
  const std::size_t landing = words.size();
  const auto back = -static_cast<std::int32_t>(landing);
  words.set(0, 2 | static_cast<std::uint64_t>(landing) << 3);  // far, one word, segment 0
  words.push_back((root & ~std::uint64_t{0xffffffff}) | struct_pointer(back, 0, 0));
  return words.bytes();
}

Bytes with_u16(ByteView canonical, std::size_t offset, std::uint16_t value) {
  Bytes out(canonical.begin(), canonical.end());
  out[8 + offset] = static_cast<std::byte>(value & 255);
  out[8 + offset + 1] = static_cast<std::byte>(value >> 8);
  return out;
}

}  // namespace holdfast::vectors
