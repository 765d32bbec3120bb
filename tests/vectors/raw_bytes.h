// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <capnp/message.h>

#include <cstring>

#include "ledger/core/bytes.h"
#include "ledger/core/check.h"

// Encodings that no encoder of ours writes: what a reader must refuse although Cap'n Proto would
// take it.
namespace holdfast::vectors {

// The struct in `canonical` after `edit`, in Cap'n Proto's own canonical form. That form keeps
// pointers to empty things, which ours does not.
template <typename Wire, typename Edit>
Bytes edited(ByteView canonical, Edit edit) {
  auto words = kj::heapArray<capnp::word>(canonical.size() / sizeof(capnp::word));
  std::memcpy(words.begin(), canonical.data(), canonical.size());
  const kj::ArrayPtr<const capnp::word> segments[] = {words};
  capnp::SegmentArrayMessageReader reader(segments);
  capnp::MallocMessageBuilder message;
  message.setRoot(reader.getRoot<Wire>());
  edit(message.getRoot<Wire>());
  const auto out = capnp::canonicalize(message.getRoot<Wire>().asReader());
  const ByteView bytes = std::as_bytes(std::span(out.asBytes().begin(), out.asBytes().size()));
  return {bytes.begin(), bytes.end()};
}

// Little-endian words of a message, to take apart and put together.
class Words {
 public:
  explicit Words(ByteView bytes) : bytes_(bytes.begin(), bytes.end()) {
    CHECK(bytes.size() % 8 == 0);
  }
  std::size_t size() const { return bytes_.size() / 8; }
  std::uint64_t at(std::size_t word) const {
    std::uint64_t out = 0;
    for (std::size_t i = 8; i-- > 0;)
      out = out << 8 | std::to_integer<std::uint64_t>(bytes_[word * 8 + i]);
    return out;
  }
  void set(std::size_t word, std::uint64_t value) {
    for (std::size_t i = 0; i < 8; ++i)
      bytes_[word * 8 + i] = static_cast<std::byte>(value >> (8 * i));
  }
  void insert(std::size_t before, std::uint64_t value) {
    bytes_.insert(bytes_.begin() + static_cast<std::ptrdiff_t>(before * 8), 8, std::byte{0});
    set(before, value);
  }
  void push_back(std::uint64_t value) { insert(size(), value); }
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

// The root struct with one data word more than the schema has. Its data section must be whole.
Bytes with_unknown_data(ByteView canonical, std::uint64_t value);
// The root struct with one pointer more, `pointer` as it stands.
Bytes with_unknown_pointer(ByteView canonical, std::uint64_t pointer);
// The same with a chain of `depth` nested structs behind the pointer.
Bytes with_unknown_nesting(ByteView canonical, std::size_t depth);
// The same struct reached by a far pointer into its own segment.
Bytes behind_far_pointer(ByteView canonical);
// Sets 16 bits of the root struct's data section.
Bytes with_u16(ByteView canonical, std::size_t offset, std::uint16_t value);

}  // namespace holdfast::vectors
