// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <capnp/message.h>
#include <holdfast.capnp.h>

#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/core/time.h"
#include "ledger/model/bounds.h"

// What all codecs share: opening bytes, reading fields under their bounds, encoding canonically.
// For the sources of this folder only.
namespace holdfast::model {

// Thrown while reading and caught in decode_root, so that the codecs read like the schema. The
// library below throws as well, and is caught at the same place.
struct Refused {
  Error error;
};

// Where reading is, for the refusal: every field is named with at() before it is touched.
//   out.name = in.at("genesis", "name").text(r.getName(), bounds::kVillageName);
class Reading {
 public:
  explicit Reading(const char* root) : parent_(root) {}

  Reading& at(const char* parent, const char* field = "") {
    parent_ = parent;
    field_ = field;
    index_ = kNoIndex;
    part_ = "";
    return *this;
  }
  // A field of the struct that is read now, keeping the place of that struct.
  Reading& part(const char* name) {
    part_ = name;
    return *this;
  }
  const char* parent() const { return parent_; }
  // read(*this, from): so that `from`, which may throw, is looked up after at().
  template <typename Read, typename From>
  auto with(Read read, From from) {
    return read(*this, from);
  }
  std::string place() const;  // "record.provenance.authored[3].role"
  [[noreturn]] void refuse(const char* rule, std::string found, std::string want,
                           Code code = Code::kMalformed) const;

  std::string text(capnp::Text::Reader reader, const TextBound& bound);
  template <std::size_t N>
  std::array<std::byte, N> fixed(capnp::Data::Reader reader) {
    if (reader.size() != N) [[unlikely]]
      refuse_length(reader.size(), N);
    std::array<std::byte, N> out;
    std::memcpy(out.data(), reader.begin(), N);
    return out;
  }
  template <typename D>
  D digest(capnp::Data::Reader reader) {
    return D{fixed<kDigestBytes>(reader)};
  }
  template <typename D>
  std::optional<D> digest_if_any(capnp::Data::Reader reader) {
    if (reader.size() == 0) return std::nullopt;
    return digest<D>(reader);
  }
  // Borrowed from the message.
  ByteView data(capnp::Data::Reader reader) const {
    return {reinterpret_cast<const std::byte*>(reader.begin()), reader.size()};
  }
  Seconds time(std::int64_t value) { return number(value, bounds::kTimeEnd); }
  std::int64_t number(std::int64_t value, std::int64_t end);
  template <typename E>
  E enumerator(std::uint16_t value, E least, E greatest) {
    if (value < static_cast<std::uint16_t>(least) || value > static_cast<std::uint16_t>(greatest))
      refuse_enumerator(value, static_cast<unsigned>(least), static_cast<unsigned>(greatest));
    return static_cast<E>(value);
  }
  [[noreturn]] void refuse_union(unsigned value) const;

  // Calls read(element) for each element and collects what it returns. The number is checked before
  // anything is reserved: a list of nothing can claim half a billion elements in one word.
  template <typename List, typename Read>
  auto list(List list, const bounds::ListBound& bound, Read read) {
    check_count(list.size(), bound);
    std::vector<decltype(read(list[0]))> out;
    out.reserve(list.size());
    for (unsigned i = 0; i < list.size(); ++i) {
      index_ = i;
      out.push_back(read(list[i]));
    }
    index_ = kNoIndex;
    part_ = "";
    return out;
  }
  // The same for lists that are sorted by key(element) without duplicates.
  template <typename List, typename Read, typename Key = std::identity>
  auto sorted_list(List from, const bounds::ListBound& bound, Read read, Key key = {}) {
    auto out = list(from, bound, read);
    for (std::size_t i = 1; i < out.size(); ++i)
      if (!(key(out[i - 1]) < key(out[i]))) [[unlikely]]
        refuse_order(i, key(out[i - 1]) == key(out[i]));
    return out;
  }
  template <typename D>
  std::vector<D> digests(capnp::List<capnp::Data>::Reader from, const bounds::ListBound& bound) {
    return sorted_list(from, bound,
                       [this](auto element) { return this->template digest<D>(element); });
  }
  std::vector<std::string> texts(capnp::List<capnp::Text>::Reader from,
                                 const bounds::ListBound& bound, const TextBound& text_bound);
  void check_count(std::size_t count, const bounds::ListBound& bound);

 private:
  static constexpr unsigned kNoIndex = ~0u;
  [[noreturn]] void refuse_length(std::size_t found, std::size_t want) const;
  [[noreturn]] void refuse_enumerator(unsigned found, unsigned least, unsigned greatest) const;
  [[noreturn]] void refuse_order(std::size_t index, bool duplicate);

  const char* parent_;
  const char* field_ = "";
  const char* part_ = "";
  unsigned index_ = kNoIndex;
};

// --- decoding -----------------------------------------------------------------------------------

// The words of `bytes`, where they are if they are aligned, else copied.
class AlignedWords {
 public:
  explicit AlignedWords(ByteView bytes);
  kj::ArrayPtr<const capnp::word> words() const { return words_; }

 private:
  kj::Array<capnp::word> copy_;
  kj::ArrayPtr<const capnp::word> words_;
};

// A message whose only segment is borrowed. Reads no more words than there are (the library counts
// the root pointer twice), so what overlapping pointers can blow up is bounded by the input.
class SegmentReader final : public capnp::MessageReader {
 public:
  explicit SegmentReader(kj::ArrayPtr<const capnp::word> words)
      : MessageReader({words.size() + 1, kNestingMax}), words_(words) {}
  kj::ArrayPtr<const capnp::word> getSegment(capnp::uint id) override {
    return id == 0 ? words_ : nullptr;
  }

 private:
  kj::ArrayPtr<const capnp::word> words_;
};

std::optional<Error> refusal_of_size(const char* what, std::size_t bytes, std::size_t bytes_max);
// What is too large for this version, and perhaps not for a newer one that it names.
Error refusal_of_larger(const char* what, ByteView bytes, std::size_t bytes_max);
// A version is read where every version has it, right behind the root pointer, or not at all.
std::optional<Error> refusal_of_root_pointer(const char* what, ByteView bytes);
Error refusal_of_newer(const char* what, std::uint16_t version);
Error refusal_of_unreadable(const Reading& in, const kj::Exception& exception);
Error refusal_of_other_bytes(const char* what, ByteView found, ByteView canonical);

// Reads the struct `Wire` from bytes with read(Reading&, Wire::Reader).
// Errors: kMalformed [BYTES-2], [BYTES-4]; what read refuses.
template <typename Wire, typename Read>
auto read_root(const char* what, ByteView bytes, std::size_t bytes_max, Read read) -> Result<
    std::decay_t<decltype(read(std::declval<Reading&>(), std::declval<typename Wire::Reader>()))>> {
  if constexpr (requires(typename Wire::Reader from) { from.getVersion(); })
    if (bytes.size() > bytes_max) return refusal_of_larger(what, bytes, bytes_max);
  if (auto error = refusal_of_size(what, bytes.size(), bytes_max)) return *std::move(error);
  Reading in(what);
  try {
    const AlignedWords aligned(bytes);
    SegmentReader message(aligned.words());
    return read(in, message.template getRoot<Wire>());
  } catch (Refused& refused) {
    return std::move(refused.error);
  } catch (const kj::Exception& exception) {
    return refusal_of_unreadable(in, exception);
  }
}

// The same, and requires that encode(result) gives the same bytes.
// Errors: the above; kMalformed [BYTES-3].
template <typename Wire, typename Read, typename Encode>
auto decode_root(const char* what, ByteView bytes, std::size_t bytes_max, Read read, Encode encode)
    -> decltype(read_root<Wire>(what, bytes, bytes_max, read)) {
  if constexpr (requires(typename Wire::Reader from) { from.getVersion(); })
    if (auto error = refusal_of_root_pointer(what, bytes)) return *std::move(error);
  auto out = read_root<Wire>(what, bytes, bytes_max, read);
  if (out) {
    const Bytes canonical = encode(*out);
    if (!equal(canonical, bytes)) [[unlikely]]
      return refusal_of_other_bytes(what, bytes, canonical);
  }
  return out;
}

// Refuses a version that is not 1. Read first, so that bytes of a newer format are called that.
void check_version(Reading& in, const char* parent, std::uint16_t version);

// --- encoding -----------------------------------------------------------------------------------

// Zeroed words that a thread builds its messages in, one at a time.
kj::ArrayPtr<capnp::word> scratch_words();
// The canonical segment of the message's root.
Bytes canonical_bytes(capnp::MessageBuilder& message);
Bytes canonical_bytes_by_library(capnp::MessageBuilder& message);

// Builds the struct `Wire` with write(Wire::Builder) and returns its canonical bytes.
template <typename Wire, typename Write>
Bytes encode_root(Write write) {
  capnp::MallocMessageBuilder message(scratch_words());
  write(message.initRoot<Wire>());
  return canonical_bytes(message);
}

inline capnp::Data::Reader wire_data(ByteView bytes) {
  return {reinterpret_cast<const kj::byte*>(bytes.data()), bytes.size()};
}
inline capnp::Text::Reader wire_text(const std::string& text) {
  return {text.c_str(), text.size()};
}
template <typename Builder, typename D>
void put_digests(Builder list, const std::vector<D>& digests) {
  for (unsigned i = 0; i < digests.size(); ++i) list.set(i, wire_data(digests[i]));
}
template <typename Builder>
void put_texts(Builder list, const std::vector<std::string>& texts) {
  for (unsigned i = 0; i < texts.size(); ++i) list.set(i, wire_text(texts[i]));
}
// The length of a list as the library counts.
template <typename T>
unsigned count_of(const std::vector<T>& list) {
  return static_cast<unsigned>(list.size());
}

}  // namespace holdfast::model
