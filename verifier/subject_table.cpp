// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/subject_table.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "ledger/crypto/random.h"

namespace holdfast::verifier {
namespace {

constexpr std::size_t kUnit = 8;  // bytes
constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
constexpr std::size_t kUnitsPerBlock = kBlockBytes / kUnit;
constexpr std::size_t kSlotsAtFirst = std::size_t{1} << 10;

std::uint8_t narrow(std::uint16_t value) {
  CHECK(value <= std::numeric_limits<std::uint8_t>::max());
  return static_cast<std::uint8_t>(value);
}

}  // namespace

// What stands at a subject's place, its key before it and its detail behind it.
struct SubjectTable::Row {
  std::uint64_t first_index = 0;
  std::uint64_t last_index = 0;
  std::uint64_t version = 0;
  std::uint32_t length = 0;
  std::uint32_t capacity = 0;
  std::uint8_t state_class = 0;  // 0: not known
  std::uint8_t status = 0;
  bool known = false;
  std::array<std::uint8_t, 5> unused{};
};

namespace {

constexpr std::size_t kRowAt = kDigestBytes;
constexpr std::size_t kDetailAt = kRowAt + 40;

}  // namespace

SubjectTable::SubjectTable() : slots_(kSlotsAtFirst) {
  static_assert(kRowAt + sizeof(Row) == kDetailAt);
  crypto::SystemRandom random;
  random.fill(std::as_writable_bytes(std::span(multipliers_)));
  reserve(kUnit);  // nothing stands at place 0
}

std::uint32_t SubjectTable::hash_of(const StateKey& key) const {
  std::array<std::uint64_t, kDigestBytes / 8> words;
  std::memcpy(words.data(), key.bytes.data(), kDigestBytes);
  Wide sum = multipliers_[words.size()];
  for (std::size_t i = 0; i < words.size(); ++i) sum += multipliers_[i] * words[i];
  return static_cast<std::uint32_t>(sum >> 96);
}

std::byte* SubjectTable::at(std::uint32_t place) const {
  return blocks_[place / kUnitsPerBlock].get() + place % kUnitsPerBlock * kUnit;
}

SubjectTable::Row SubjectTable::read(std::uint32_t place) const {
  Row row;
  std::memcpy(&row, at(place) + kRowAt, sizeof row);
  return row;
}

std::size_t SubjectTable::slot_of(const StateKey& key, std::uint32_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = hash & mask;
  while (slots_[i].place != 0 &&
         (slots_[i].hash != hash ||
          std::memcmp(at(slots_[i].place), key.bytes.data(), kDigestBytes) != 0))
    i = (i + 1) & mask;
  return i;
}

std::optional<SubjectTable::Seen> SubjectTable::find(const StateKey& key) const {
  const Slot& slot = slots_[slot_of(key, hash_of(key))];
  if (slot.place == 0) return std::nullopt;
  const Row row = read(slot.place);
  Seen out;
  if (row.state_class != 0) out.state_class = static_cast<model::StateClass>(row.state_class);
  if (!row.known) return out;
  model::StateValue value;
  value.state_class = *out.state_class;
  value.status = static_cast<model::Status>(row.status);
  value.version = row.version;
  value.first_index = {row.first_index};
  value.last_index = {row.last_index};
  out.subject = {value, ByteView(at(slot.place) + kDetailAt, row.length)};
  return out;
}

void SubjectTable::prefetch(const StateKey& key) const {
  __builtin_prefetch(&slots_[hash_of(key) & (slots_.size() - 1)]);
}

void SubjectTable::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.place == 0) continue;
    std::size_t i = slot.hash & mask;
    while (slots_[i].place != 0) i = (i + 1) & mask;
    slots_[i] = slot;
  }
}

std::uint32_t SubjectTable::reserve(std::size_t bytes) {
  CHECK(bytes <= kBlockBytes);
  if (blocks_.empty() || used_ + bytes > kBlockBytes) {
    blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(kBlockBytes));
    used_ = 0;
  }
  const std::size_t place = (blocks_.size() - 1) * kUnitsPerBlock + used_ / kUnit;
  CHECK(place <= std::numeric_limits<std::uint32_t>::max());
  used_ += bytes;
  return static_cast<std::uint32_t>(place);
}

SubjectTable::Slot& SubjectTable::take_slot(const StateKey& key) {
  const std::uint32_t hash = hash_of(key);
  std::size_t i = slot_of(key, hash);
  if (slots_[i].place == 0) {
    // At most three quarters are taken, so that a free one is near.
    if ((size_ + 1) * 4 > slots_.size() * 3) {
      grow();
      i = slot_of(key, hash);
    }
    ++size_;
    slots_[i].hash = hash;
  }
  return slots_[i];
}

void SubjectTable::put(Slot& slot, const StateKey& key, Row row, ByteView detail) {
  row.length = static_cast<std::uint32_t>(detail.size());
  if (slot.place == 0 || row.capacity < row.length) {
    row.capacity = static_cast<std::uint32_t>((detail.size() + kUnit - 1) / kUnit * kUnit);
    slot.place = reserve(kDetailAt + row.capacity);
    std::memcpy(at(slot.place), key.bytes.data(), kDigestBytes);
  }
  std::byte* const where = at(slot.place);
  std::memcpy(where + kRowAt, &row, sizeof row);
  if (!detail.empty()) std::memcpy(where + kDetailAt, detail.data(), detail.size());
}

void SubjectTable::set(const StateKey& key, const model::StateValue& value, ByteView detail) {
  Slot& slot = take_slot(key);
  Row row;
  if (slot.place != 0) row.capacity = read(slot.place).capacity;
  row.first_index = value.first_index.value;
  row.last_index = value.last_index.value;
  row.version = value.version;
  row.state_class = narrow(static_cast<std::uint16_t>(value.state_class));
  row.status = narrow(static_cast<std::uint16_t>(value.status));
  row.known = true;
  put(slot, key, row, detail);
}

void SubjectTable::set_unknown(const StateKey& key) {
  Slot& slot = take_slot(key);
  Row row;
  if (slot.place != 0) {
    const Row before = read(slot.place);
    row.capacity = before.capacity;
    row.state_class = before.state_class;
  }
  put(slot, key, row, {});
}

}  // namespace holdfast::verifier
