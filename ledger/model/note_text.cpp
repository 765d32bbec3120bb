// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/note_text.h"

#include <cstdint>
#include <utility>

#include "ledger/core/utf8.h"

namespace holdfast::model {
namespace {

bool is_space(std::uint32_t c) {
  return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

}  // namespace

Result<void> check_note_text(std::string_view text, const char* rule, std::string what) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text.substr(at));
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
    const CodePoint c = decode_utf8(text);
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
