// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/canonical.h"

#include <gtest/gtest.h>

#include <random>

#include "ledger/model/wire.h"
#include "tests/model/wire_tree.h"

namespace holdfast::model {
namespace {

using Words = std::vector<std::uint64_t>;

Words words_of(ByteView bytes) {
  Words words(bytes.size() / sizeof(std::uint64_t));
  std::memcpy(words.data(), bytes.data(), bytes.size());
  return words;
}

std::optional<Bytes> ours(const Words& words) {
  Canonical canonical;
  const auto out = canonical.write(words);
  if (!out) return std::nullopt;
  const ByteView bytes = std::as_bytes(*out);
  return Bytes(bytes.begin(), bytes.end());
}

Bytes librarys(const Words& words) {
  SegmentReader reader(kj::ArrayPtr<const capnp::word>(
      reinterpret_cast<const capnp::word*>(words.data()), words.size()));
  capnp::MallocMessageBuilder copy;
  copy.setRoot(reader.getRoot<capnp::AnyPointer>());
  return canonical_bytes_by_library(copy);
}

// Any message of structs, bytes and lists, with zero words wherever they may be left out.
class AnyMessage {
 public:
  explicit AnyMessage(unsigned seed) : random_(seed) {}

  WireObject structure(unsigned depth) { return sized(below(4), below(4), depth); }

 private:
  std::size_t below(std::size_t end) { return random_() % end; }

  WireObject sized(std::size_t data, std::size_t pointers, unsigned depth) {
    WireObject out = wire_struct({}, {});
    for (std::size_t i = 0; i < data; ++i) out.data.push_back(below(2) == 0 ? 0 : random_());
    for (std::size_t i = 0; i < pointers; ++i) out.children.push_back(child(depth));
    return out;
  }
  WireObject child(unsigned depth) {
    switch (below(depth == 0 ? 2 : 5)) {
      case 0: return {};
      case 1: return wire_bytes(Bytes(1 + below(20), std::byte{7}));
      case 2: return structure(depth - 1);
      case 3: return list(WireObject::Shape::kPointers, depth);
      default: return list(WireObject::Shape::kStructs, depth);
    }
  }
  WireObject list(WireObject::Shape shape, unsigned depth) {
    WireObject out{shape, {}, {}, {}};
    const std::size_t data = 1 + below(2), pointers = below(3);
    for (std::size_t count = 1 + below(3); count > 0; --count)
      out.children.push_back(shape == WireObject::Shape::kStructs ? sized(data, pointers, depth - 1)
                                                                  : child(depth - 1));
    return out;
  }

  std::mt19937_64 random_;
};

TEST(CanonicalForm, OfAnyMessageIsTheLibrarys) {
  std::size_t shorter = 0;
  for (unsigned seed = 1; seed <= 2000; ++seed) {
    const Words words = words_of(lay_out(AnyMessage(seed).structure(3)));
    const auto written = ours(words);
    ASSERT_TRUE(written) << "seed " << seed;
    ASSERT_EQ(*written, librarys(words)) << "seed " << seed;
    shorter += written->size() < words.size() * sizeof(std::uint64_t) ? 1 : 0;
  }
  EXPECT_GT(shorter, 1000u);  // there was something to leave out
}

TEST(CanonicalForm, IsLeftToTheLibraryWhereTheSchemaHasNoUseForIt) {
  const std::uint64_t capability = 3, far = 2;
  const std::uint64_t empty_list = 1 | std::uint64_t{2} << 32;
  const std::uint64_t bits = 1 | std::uint64_t{1 | 8 << 3} << 32;
  for (const std::uint64_t word : {capability, far, empty_list, bits})
    EXPECT_FALSE(ours(words_of(lay_out(wire_struct({1}, {wire_word(word)}))))) << word;
  EXPECT_FALSE(ours(Words{capability}));
  EXPECT_FALSE(ours({}));
}

}  // namespace
}  // namespace holdfast::model
