// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/subject_table.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "ledger/model/codec.h"

namespace holdfast::verifier {

// What stands before the detail's bytes. The hash of the detail is kept for every class but the
// record's, of which there are so many and which rules read so seldom.
struct SubjectTable::Header {
  std::uint64_t first_index;
  std::uint64_t last_index;
  std::uint64_t version;
  std::uint32_t length;
  std::uint32_t capacity;
  std::uint8_t state_class;
  std::uint8_t status;
  std::array<std::uint8_t, 6> unused;
};

namespace {

bool keeps_hash(model::StateClass state_class) { return state_class != model::StateClass::kRecord; }

std::size_t hash_bytes(model::StateClass state_class) {
  return keeps_hash(state_class) ? kDigestBytes : 0;
}

std::uint8_t narrow(std::uint16_t value) {
  CHECK(value <= std::numeric_limits<std::uint8_t>::max());
  return static_cast<std::uint8_t>(value);
}

}  // namespace

std::byte* SubjectTable::reserve(std::size_t bytes) {
  if (bytes > left_) {
    const std::size_t size = std::max(bytes, kBlockBytes);
    blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(size));
    free_ = blocks_.back().get();
    left_ = size;
  }
  std::byte* const out = free_;
  free_ += bytes;
  left_ -= bytes;
  return out;
}

std::uint32_t SubjectTable::add(const model::StateValue& value, ByteView detail) {
  const std::uint32_t row = size_++;
  if (row % kPlacesPerBlock == 0)
    places_.push_back(std::make_unique<std::array<std::byte*, kPlacesPerBlock>>());
  set(row, value, detail);
  return row;
}

void SubjectTable::set(std::uint32_t row, const model::StateValue& value, ByteView detail) {
  const std::size_t hash = hash_bytes(value.state_class);
  std::byte* where = at(row);
  Header header{};
  if (where != nullptr) std::memcpy(&header, where, sizeof header);
  if (where == nullptr || header.capacity < hash + detail.size()) {
    const std::size_t capacity = (hash + detail.size() + 7) / 8 * 8;
    where = reserve(sizeof header + capacity);
    header.capacity = static_cast<std::uint32_t>(capacity);
    place(row, where);
  }
  header.first_index = value.first_index.value;
  header.last_index = value.last_index.value;
  header.version = value.version;
  header.length = static_cast<std::uint32_t>(detail.size());
  header.state_class = narrow(static_cast<std::uint16_t>(value.state_class));
  header.status = narrow(static_cast<std::uint16_t>(value.status));
  std::memcpy(where, &header, sizeof header);
  if (hash != 0) std::memcpy(where + sizeof header, value.detail.bytes.data(), hash);
  if (!detail.empty()) std::memcpy(where + sizeof header + hash, detail.data(), detail.size());
}

rules::Subject SubjectTable::get(std::uint32_t row) const {
  CHECK(row < size_);
  const std::byte* const where = at(row);
  Header header;
  std::memcpy(&header, where, sizeof header);
  rules::Subject out;
  out.value.state_class = static_cast<model::StateClass>(header.state_class);
  out.value.status = static_cast<model::Status>(header.status);
  out.value.version = header.version;
  out.value.first_index = {header.first_index};
  out.value.last_index = {header.last_index};
  const std::size_t hash = hash_bytes(out.value.state_class);
  const std::byte* const detail = where + sizeof header + hash;
  out.detail.assign(detail, detail + header.length);
  out.value.detail = hash != 0 ? DetailHash::from(ByteView(where + sizeof header, hash))
                               : model::detail_hash(out.detail);
  return out;
}

}  // namespace holdfast::verifier
