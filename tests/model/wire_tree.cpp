// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/model/wire_tree.h"

#include <cstring>

namespace holdfast::model {
namespace {

using WireShape = WireObject::Shape;
using Words = std::vector<std::uint64_t>;

constexpr std::uint64_t kOffsetMask = (std::uint64_t{1} << 30) - 1;

std::uint64_t struct_word(std::uint64_t offset, std::uint64_t data, std::uint64_t pointers) {
  return (offset & kOffsetMask) << 2 | data << 32 | pointers << 48;
}
std::uint64_t list_word(std::uint64_t offset, std::uint64_t size_code, std::uint64_t count) {
  return 1 | (offset & kOffsetMask) << 2 | size_code << 32 | count << 35;
}

// --- reading ------------------------------------------------------------------------------------

WireObject parse_pointer(const Words& words, std::size_t at);

WireObject parse_struct(const Words& words, std::size_t at, std::size_t data,
                        std::size_t pointers) {
  WireObject out{WireShape::kStruct, {}, {}, {}};
  out.data.assign(words.begin() + static_cast<std::ptrdiff_t>(at),
                  words.begin() + static_cast<std::ptrdiff_t>(at + data));
  for (std::size_t i = 0; i < pointers; ++i)
    out.children.push_back(parse_pointer(words, at + data + i));
  return out;
}

WireObject parse_list(const Words& words, std::size_t start, std::uint64_t code,
                      std::size_t count) {
  WireObject out;
  if (code == 2) {
    out = wire_bytes(Bytes(count));
    std::memcpy(out.bytes.data(), words.data() + start, count);
  } else if (code == 6) {
    out.shape = WireShape::kPointers;
    for (std::size_t i = 0; i < count; ++i) out.children.push_back(parse_pointer(words, start + i));
  } else {
    CHECK(code == 7);
    out.shape = WireShape::kStructs;
    const std::uint64_t tag = words.at(start);
    const std::size_t data = tag >> 32 & 0xffff, pointers = tag >> 48;
    for (std::size_t i = 0; i < (tag >> 2 & kOffsetMask); ++i)
      out.children.push_back(
          parse_struct(words, start + 1 + i * (data + pointers), data, pointers));
  }
  return out;
}

WireObject parse_pointer(const Words& words, std::size_t at) {
  const std::uint64_t word = words.at(at);
  if (word == 0) return {};
  const std::size_t start = at + 1 + (word >> 2 & kOffsetMask);
  CHECK((word & 3) <= 1);
  if ((word & 3) == 0) return parse_struct(words, start, word >> 32 & 0xffff, word >> 48);
  return parse_list(words, start, word >> 32 & 7, word >> 35);
}

// --- laying out ---------------------------------------------------------------------------------

class Layout {
 public:
  explicit Layout(bool backwards) : backwards_(backwards) {}

  // Writes the object behind what is there, and the pointer to it into words[at].
  void put(const WireObject& object, std::size_t at) {
    const std::uint64_t offset = words_.size() - at - 1;
    switch (object.shape) {
      case WireShape::kNull: return;
      case WireShape::kWord: words_[at] = object.data.at(0); return;
      case WireShape::kBytes:
        words_[at] = list_word(offset, 2, object.bytes.size());
        words_.resize(words_.size() + (object.bytes.size() + 7) / 8);
        if (!object.bytes.empty())
          std::memcpy(&words_[at + 1 + offset], object.bytes.data(), object.bytes.size());
        return;
      case WireShape::kPointers:
        words_[at] = list_word(offset, 6, object.children.size());
        put_children(object, words_.size());
        return;
      case WireShape::kStruct: {
        const bool empty = object.data.empty() && object.children.empty();
        words_[at] =
            struct_word(empty ? kOffsetMask : offset, object.data.size(), object.children.size());
        put_struct(object);
        return;
      }
      case WireShape::kStructs: put_structs(object, at, offset);
    }
  }

  Bytes bytes() const {
    const ByteView view = std::as_bytes(std::span(words_));
    return {view.begin(), view.end()};
  }

 private:
  void put_children(const WireObject& object, std::size_t first) {
    words_.resize(first + object.children.size());
    put_all(object, first);
  }
  void put_all(const WireObject& object, std::size_t first) {
    const std::size_t count = object.children.size();
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t child = backwards_ ? count - 1 - i : i;
      put(object.children[child], first + child);
    }
  }
  void put_struct(const WireObject& object) {
    words_.insert(words_.end(), object.data.begin(), object.data.end());
    put_children(object, words_.size());
  }
  void put_structs(const WireObject& list, std::size_t at, std::uint64_t offset) {
    CHECK(!list.children.empty());
    const std::size_t data = list.children[0].data.size();
    const std::size_t pointers = list.children[0].children.size();
    words_[at] = list_word(offset, 7, list.children.size() * (data + pointers));
    words_.push_back(struct_word(list.children.size(), data, pointers));
    const std::size_t first = words_.size();
    for (const WireObject& element : list.children) {
      words_.insert(words_.end(), element.data.begin(), element.data.end());
      words_.resize(words_.size() + pointers);
    }
    for (std::size_t i = 0; i < list.children.size(); ++i)
      put_all(list.children[i], first + i * (data + pointers) + data);
  }

  bool backwards_;
  Words words_ = Words(1);
};

}  // namespace

WireObject wire_bytes(Bytes bytes) { return {WireShape::kBytes, {}, {}, std::move(bytes)}; }

WireObject wire_struct(std::vector<std::uint64_t> data, std::vector<WireObject> children) {
  return {WireShape::kStruct, std::move(data), std::move(children), {}};
}

WireObject wire_word(std::uint64_t word) { return {WireShape::kWord, {word}, {}, {}}; }

WireObject parse_wire(ByteView canonical) {
  Words words(canonical.size() / 8);
  std::memcpy(words.data(), canonical.data(), words.size() * 8);
  return parse_pointer(words, 0);
}

Bytes lay_out(const WireObject& root) {
  Layout layout(false);
  layout.put(root, 0);
  return layout.bytes();
}

Bytes lay_out_backwards(const WireObject& root) {
  Layout layout(true);
  layout.put(root, 0);
  return layout.bytes();
}

}  // namespace holdfast::model
