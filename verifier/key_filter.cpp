// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/key_filter.h"

#include <algorithm>
#include <bit>

namespace holdfast::verifier {
namespace {

constexpr std::uint64_t kKeysALine = 32;
constexpr std::uint64_t kLinesMax = std::uint64_t{1} << 19;

}  // namespace

KeyFilter::KeyFilter(std::uint64_t keys)
    : lines_(std::bit_ceil(std::clamp<std::uint64_t>(keys / kKeysALine, 1, kLinesMax))) {}

KeyFilter::Place KeyFilter::place_of(const StateKey& key) const {
  Place place{};
  place.line = static_cast<std::size_t>(read_u64be(key.view())) & (lines_.size() - 1);
  // Four pairs of words, and of each pair one by a bit of the key.
  const ByteView rest = key.view().subspan(8);
  for (std::size_t i = 0; i < place.word.size(); ++i) {
    const auto which = static_cast<std::uint8_t>(rest[2 * i]);
    const auto bit = static_cast<std::uint8_t>(rest[2 * i + 1]);
    place.word[i] = static_cast<std::uint8_t>(2 * i + which % 2);
    place.bit[i] = std::uint64_t{1} << (bit % 64);
  }
  return place;
}

void KeyFilter::add(const StateKey& key) {
  const Place place = place_of(key);
  for (std::size_t i = 0; i < place.word.size(); ++i)
    lines_[place.line][place.word[i]] |= place.bit[i];
}

bool KeyFilter::may_have(const StateKey& key) const {
  const Place place = place_of(key);
  bool all = true;
  for (std::size_t i = 0; i < place.word.size(); ++i)
    all = all && (lines_[place.line][place.word[i]] & place.bit[i]) != 0;
  return all;
}

}  // namespace holdfast::verifier
