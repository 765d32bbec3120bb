// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/core/bytes.h"

#include <array>
#include <cstring>

namespace holdfast {
namespace {

template <typename T>
void append_be(Bytes& to, T value) {
  for (int shift = (static_cast<int>(sizeof(T)) - 1) * 8; shift >= 0; shift -= 8)
    to.push_back(static_cast<std::byte>(value >> shift));
}

template <typename T>
T read_be(ByteView bytes) {
  CHECK(bytes.size() >= sizeof(T));
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    value = static_cast<T>(static_cast<T>(value << 8) | static_cast<T>(bytes[i]));
  return value;
}

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// By character; 255 where it is none of the 64. A table, because branches that nobody can foretell
// would cost more than all the rest.
constexpr std::uint8_t kNoBase64 = 255;
constexpr std::array<std::uint8_t, 256> kBase64Values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoBase64);
  for (std::uint8_t i = 0; i < 64; ++i) values[static_cast<std::uint8_t>(kBase64[i])] = i;
  return values;
}();

std::uint8_t base64_value(char c) { return kBase64Values[static_cast<std::uint8_t>(c)]; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Bytes to_bytes(std::string_view text) {
  const ByteView view = as_bytes(text);
  return {view.begin(), view.end()};
}

void append(Bytes& to, ByteView bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }

void append_u16be(Bytes& to, std::uint16_t value) { append_be(to, value); }
void append_u32be(Bytes& to, std::uint32_t value) { append_be(to, value); }
void append_u64be(Bytes& to, std::uint64_t value) { append_be(to, value); }

std::array<std::byte, 8> u64be(std::uint64_t value) {
  std::array<std::byte, 8> out;
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<std::byte>(value >> (56 - 8 * i));
  return out;
}

std::uint16_t read_u16be(ByteView bytes) { return read_be<std::uint16_t>(bytes); }
std::uint32_t read_u32be(ByteView bytes) { return read_be<std::uint32_t>(bytes); }
std::uint64_t read_u64be(ByteView bytes) { return read_be<std::uint64_t>(bytes); }

bool equal(ByteView a, ByteView b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

std::string format_hex(ByteView bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (std::byte b : bytes) {
    out += digits[static_cast<unsigned>(b) >> 4];
    out += digits[static_cast<unsigned>(b) & 15];
  }
  return out;
}

Result<Bytes> parse_hex(std::string_view text) {
  if (text.size() % 2 != 0)
    return Error{Code::kMalformed, "", "hex text", std::to_string(text.size()) + " digits",
                 "an even number of them"};
  Bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0)
      return Error{Code::kMalformed, "", "hex text",
                   "another character at offset " + std::to_string(i), "0-9 and a-f only"};
    out.push_back(static_cast<std::byte>(high << 4 | low));
  }
  return out;
}

std::string format_base64(ByteView bytes) {
  std::string out((bytes.size() + 2) / 3 * 4, '=');
  char* to = out.data();
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(bytes[i]); };
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t group = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    *to++ = kBase64[group >> 18];
    *to++ = kBase64[group >> 12 & 63];
    *to++ = kBase64[group >> 6 & 63];
    *to++ = kBase64[group & 63];
  }
  if (i == bytes.size()) return out;
  const bool is_last = i + 1 == bytes.size();
  const std::uint32_t group = byte(i) << 16 | (is_last ? 0 : byte(i + 1) << 8);
  *to++ = kBase64[group >> 18];
  *to++ = kBase64[group >> 12 & 63];
  if (!is_last) *to = kBase64[group >> 6 & 63];
  return out;
}

Result<Bytes> parse_base64(std::string_view text) {
  const auto malformed = [](std::string found) {
    return Error{Code::kMalformed, "", "base64 text", std::move(found),
                 "RFC 4648 base64 with padding, unused bits zero"};
  };
  if (text.size() % 4 != 0) return malformed(std::to_string(text.size()) + " characters");
  std::size_t padding = 0;
  if (!text.empty() && text.back() == '=') padding = text[text.size() - 2] == '=' ? 2 : 1;
  Bytes out(text.size() / 4 * 3);
  std::byte* to = out.data();
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::size_t letters = i + 4 == text.size() ? 4 - padding : 4;
    std::uint32_t group = 0;
    std::uint8_t all = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const std::uint8_t value = j < letters ? base64_value(text[i + j]) : 0;
      all |= value;
      group = group << 6 | value;
    }
    if ((all & 0xc0) != 0) {
      std::size_t bad = i;
      while (base64_value(text[bad]) != kNoBase64) ++bad;
      return malformed("another character at offset " + std::to_string(bad));
    }
    *to++ = static_cast<std::byte>(group >> 16);
    *to++ = static_cast<std::byte>(group >> 8 & 255);
    *to++ = static_cast<std::byte>(group & 255);
    const std::uint32_t unused = letters == 2 ? 0xffff : letters == 3 ? 0xff : 0;
    if ((group & unused) != 0) return malformed("unused bits that are not zero");
  }
  out.erase(out.end() - static_cast<std::ptrdiff_t>(padding), out.end());
  return out;
}

Result<std::uint64_t> parse_decimal(std::string_view text) {
  const auto malformed = [&] {
    return Error{Code::kMalformed, "", "number", "\"" + std::string(text.substr(0, 32)) + "\"",
                 "a whole decimal number below 2^64 without leading zeros"};
  };
  if (text.empty() || text.size() > 20 || (text.size() > 1 && text[0] == '0')) return malformed();
  std::uint64_t value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return malformed();
    if (__builtin_mul_overflow(value, 10, &value) ||
        __builtin_add_overflow(value, static_cast<std::uint64_t>(c - '0'), &value))
      return malformed();
  }
  return value;
}

}  // namespace holdfast
