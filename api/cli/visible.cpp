// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/visible.h"

#include <cstdint>
#include <cstdio>

namespace holdfast::cli {
namespace {

struct Decoded {
  std::uint32_t code = 0;
  std::size_t bytes = 0;  // 0: not UTF-8
};

Decoded decode_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
  std::uint32_t code = lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code = (code << 6) | (byte(i) & 0x3Fu);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  if (overlong || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {code, length};
}

// Characters that change the order or the direction of what follows, or break a line.
bool reorders(std::uint32_t code) {
  return code == 0x061C || code == 0x200E || code == 0x200F || code == 0x2028 || code == 0x2029 ||
         (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

void append_escaped(std::string& out, const char* format, unsigned value) {
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, format, value);
  out += buffer;
}

template <typename Stop>
std::string visible(std::string_view text, bool keep_layout, Stop stop) {
  std::string out;
  while (!text.empty()) {
    if (stop()) return out + "…";
    const Decoded decoded = decode_utf8(text);
    const std::size_t taken = decoded.bytes == 0 ? 1 : decoded.bytes;
    if (decoded.bytes == 0) {
      append_escaped(out, "\\x%02x", static_cast<unsigned char>(text[0]));
    } else if (keep_layout && text.substr(0, 2) == "\r\n") {
      // a line ending of other systems
    } else if (keep_layout && (decoded.code == '\n' || decoded.code == '\t')) {
      out += text[0];
    } else if (decoded.code == '\n') {
      out += "\\n";
    } else if (decoded.code == '\t') {
      out += "\\t";
    } else if (decoded.code < 0x20 || (decoded.code >= 0x7F && decoded.code < 0xA0)) {
      append_escaped(out, "\\x%02x", decoded.code);
    } else if (reorders(decoded.code)) {
      append_escaped(out, "\\u{%04x}", decoded.code);
    } else {
      out += text.substr(0, taken);
    }
    text.remove_prefix(taken);
  }
  return out;
}

}  // namespace

bool is_text(std::string_view bytes) {
  while (!bytes.empty()) {
    const Decoded decoded = decode_utf8(bytes);
    if (decoded.bytes == 0 || decoded.code == 0) return false;
    bytes.remove_prefix(decoded.bytes);
  }
  return true;
}

std::string visible_line(std::string_view text) {
  return visible(text, false, [] { return false; });
}

std::string visible_text(std::string_view text) {
  return visible(text, true, [] { return false; });
}

std::string visible_short(std::string_view text, std::size_t columns) {
  std::size_t left = columns;
  return visible(text, false, [&] { return left-- == 0; });
}

}  // namespace holdfast::cli
