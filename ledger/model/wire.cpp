// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/wire.h"

#include <algorithm>

#include "ledger/model/canonical.h"
#include "ledger/model/codec.h"

namespace holdfast::model {

std::string Reading::place() const {
  std::string out = parent_;
  if (*field_ != '\0') out.append(".").append(field_);
  if (index_ != kNoIndex) out.append("[").append(std::to_string(index_)).append("]");
  if (*part_ != '\0') out.append(".").append(part_);
  return out;
}

void Reading::refuse(const char* rule, std::string found, std::string want, Code code) const {
  throw Refused{{code, rule, place(), std::move(found), std::move(want)}};
}

std::string Reading::text(capnp::Text::Reader reader, const TextBound& bound) {
  const std::string_view view(reader.begin(), reader.size());
  if (auto error = refusal_of_text(view, bound)) [[unlikely]] {
    error->what = place();
    throw Refused{*std::move(error)};
  }
  return std::string(view);
}

std::vector<std::string> Reading::texts(capnp::List<capnp::Text>::Reader from,
                                        const bounds::ListBound& bound,
                                        const TextBound& text_bound) {
  return sorted_list(from, bound, [&](auto element) { return text(element, text_bound); });
}

std::int64_t Reading::number(std::int64_t value, std::int64_t end) {
  if (value < 0 || value >= end) [[unlikely]]
    refuse("BOUND-5", std::to_string(value), "0 to " + std::to_string(end - 1));
  return value;
}

void Reading::check_count(std::size_t count, const bounds::ListBound& bound) {
  if (count < bound.min || count > bound.max) [[unlikely]]
    refuse("BOUND-2", std::to_string(count) + " elements",
           std::to_string(bound.min) + " to " + std::to_string(bound.max));
}

void Reading::refuse_length(std::size_t found, std::size_t want) const {
  refuse("BOUND-1", std::to_string(found) + " bytes", std::to_string(want) + " bytes");
}

void Reading::refuse_enumerator(unsigned found, unsigned least, unsigned greatest) const {
  refuse("BOUND-4", "value " + std::to_string(found),
         std::to_string(least) + " to " + std::to_string(greatest));
}

void Reading::refuse_union(unsigned value) const {
  refuse("BOUND-4", value == 0 ? "none" : "member " + std::to_string(value),
         "a member that is known");
}

void Reading::refuse_order(std::size_t index, bool duplicate) {
  index_ = static_cast<unsigned>(index);
  refuse("BOUND-3", duplicate ? "the same again" : "an element that belongs further up",
         "a sorted list without duplicates");
}

AlignedWords::AlignedWords(ByteView bytes) {
  const std::size_t count = bytes.size() / sizeof(capnp::word);
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(std::uint64_t) == 0) {
    words_ = {reinterpret_cast<const capnp::word*>(bytes.data()), count};
  } else {
    copy_ = kj::heapArray<capnp::word>(count);
    std::memcpy(copy_.begin(), bytes.data(), bytes.size());
    words_ = copy_;
  }
}

std::optional<Error> refusal_of_size(const char* what, std::size_t bytes, std::size_t bytes_max) {
  if (bytes > bytes_max)
    return Error{Code::kMalformed, "BYTES-4", what, std::to_string(bytes) + " bytes",
                 "at most " + std::to_string(bytes_max)};
  if (bytes == 0 || bytes % sizeof(capnp::word) != 0)
    return Error{Code::kMalformed, "BYTES-2", what, std::to_string(bytes) + " bytes",
                 "a whole number of 8-byte words, at least one"};
  return std::nullopt;
}

Error refusal_of_newer(const char* what, std::uint16_t version) {
  return {Code::kUnknownVersion, "BYTES-1", std::string(what) + ".version",
          "version " + std::to_string(version), "version 1"};
}

std::optional<Error> refusal_of_root_pointer(const char* what, ByteView bytes) {
  if (bytes.empty() || bytes.size() % sizeof(capnp::word) != 0) return std::nullopt;
  const auto half = [&](std::size_t from) {
    std::uint32_t out = 0;
    for (std::size_t i = 4; i-- > 0;)
      out = out << 8 | std::to_integer<std::uint32_t>(bytes[from + i]);
    return out;
  };
  // A struct at another offset, or a far pointer into this segment. What is no pointer to a struct
  // at all is refused when it is read.
  const bool elsewhere = (half(0) % 4 == 0 && half(0) != 0) || (half(0) % 4 == 2 && half(4) == 0);
  if (!elsewhere) return std::nullopt;
  return Error{Code::kMalformed, "BYTES-3", what, "a root pointer to what stands elsewhere",
               "a struct right behind it"};
}

Error refusal_of_larger(const char* what, ByteView bytes, std::size_t bytes_max) {
  if (const auto version = newer_version(bytes)) return refusal_of_newer(what, *version);
  return *refusal_of_size(what, bytes.size(), bytes_max);
}

std::optional<std::uint16_t> newer_version(ByteView bytes) {
  constexpr std::size_t kWord = sizeof(capnp::word);
  if (bytes.size() < 2 * kWord || bytes.size() % kWord != 0) return std::nullopt;
  const auto at = [&](std::size_t i) { return static_cast<unsigned>(bytes[i]); };
  // A struct's pointer: what it points to stands right behind it, and has data.
  for (std::size_t i = 0; i < 4; ++i)
    if (at(i) != 0) return std::nullopt;
  if (at(4) == 0 && at(5) == 0) return std::nullopt;
  const unsigned version = at(kWord) | at(kWord + 1) << 8;
  return version > 1 ? std::optional(static_cast<std::uint16_t>(version)) : std::nullopt;
}

Error refusal_of_unreadable(const Reading& in, const kj::Exception& exception) {
  return {Code::kMalformed, "BYTES-2", in.place(), exception.getDescription().cStr(),
          "a struct of the schema"};
}

Error refusal_of_other_bytes(const char* what, ByteView found, ByteView canonical) {
  const auto at =
      std::mismatch(found.begin(), found.end(), canonical.begin(), canonical.end()).first;
  const std::size_t offset = static_cast<std::size_t>(at - found.begin());
  std::string text = std::to_string(found.size()) + " bytes";
  if (offset == canonical.size())
    text += ", of which " + std::to_string(found.size() - offset) + " behind the end";
  else
    text += " that differ from offset " + std::to_string(offset) +
            " (an unknown field, an empty value that is not null, or another layout)";
  return {
      Code::kMalformed, "BYTES-3", what, std::move(text),
      "the canonical encoding of the same meaning, " + std::to_string(canonical.size()) + " bytes"};
}

void check_version(Reading& in, const char* parent, std::uint16_t version) {
  if (version == 1) [[likely]]
    return;
  in.at(parent, "version")
      .refuse("BYTES-1", "version " + std::to_string(version), "version 1",
              version == 0 ? Code::kMalformed : Code::kUnknownVersion);
}

kj::ArrayPtr<capnp::word> scratch_words() {
  // MallocMessageBuilder zeroes what it used when it is destroyed.
  static thread_local std::array<std::uint64_t, 512> words{};
  return {reinterpret_cast<capnp::word*>(words.data()), words.size()};
}

Bytes canonical_bytes(capnp::MessageBuilder& message) {
  static thread_local Canonical canonical;
  if (const auto segments = message.getSegmentsForOutput(); segments.size() == 1) {
    const auto* first = reinterpret_cast<const std::uint64_t*>(segments[0].begin());
    if (const auto words = canonical.write({first, segments[0].size()})) {
      const auto* bytes = reinterpret_cast<const std::byte*>(words->data());
      return {bytes, bytes + words->size_bytes()};
    }
  }
  return canonical_bytes_by_library(message);
}

Bytes canonical_bytes_by_library(capnp::MessageBuilder& message) {
  // Canonical bytes leave things out and never add any, so what was built is an upper bound.
  std::size_t words = 0;
  for (const auto& segment : message.getSegmentsForOutput()) words += segment.size();
  Bytes out(words * sizeof(capnp::word));
  capnp::FlatMessageBuilder flat({reinterpret_cast<capnp::word*>(out.data()), words});
  flat.getRoot<capnp::AnyPointer>().setCanonical(message.getRoot<capnp::AnyPointer>());
  out.resize(flat.getSegmentsForOutput()[0].size() * sizeof(capnp::word));
  return out;
}

}  // namespace holdfast::model
