// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/note_text.h"

#include <cstdint>
#include <utility>

namespace holdfast::model {
namespace {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t bytes = 0;  // 0: not UTF-8
};

// Table 3-7 of the Unicode standard.
CodePoint decode_front(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  std::size_t bytes = 0;
  std::uint32_t least = 0;
  if (lead >= 0xc2 && lead < 0xe0)
    bytes = 2, least = 0x80;
  else if (lead >= 0xe0 && lead < 0xf0)
    bytes = 3, least = 0x800;
  else if (lead >= 0xf0 && lead < 0xf5)
    bytes = 4, least = 0x10000;
  if (bytes == 0 || text.size() < bytes) return {};
  std::uint32_t value = lead & (0x7fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3fu);
  }
  const bool surrogate = value >= 0xd800 && value < 0xe000;
  if (value < least || value > 0x10ffff || surrogate) return {};
  return {value, bytes};
}

bool is_space(std::uint32_t c) {
  return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

}  // namespace

Result<void> check_note_text(std::string_view text, const char* rule, std::string what) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode_front(text.substr(at));
    if (c.bytes == 0)
      return Error{Code::kMalformed, rule, std::move(what),
                   "bytes that are not UTF-8 at offset " + std::to_string(at), "UTF-8"};
    if (c.value < 0x20 && c.value != '\n')
      return Error{Code::kMalformed, rule, std::move(what),
                   "a control character at offset " + std::to_string(at), "none but newline"};
    at += c.bytes;
  }
  return {};
}

bool has_unicode_space(std::string_view text) {
  while (!text.empty()) {
    const CodePoint c = decode_front(text);
    CHECK(c.bytes > 0);
    if (is_space(c.value)) return true;
    text.remove_prefix(c.bytes);
  }
  return false;
}

std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text.substr(0, 64)) out += c >= 0x20 && c < 0x7f ? c : '?';
  return out + "\"";
}

}  // namespace holdfast::model
