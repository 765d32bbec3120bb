// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/visible.h"

#include <cstdint>
#include <cstdio>

#include "ledger/core/utf8.h"

namespace holdfast::cli {
namespace {

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
    const CodePoint decoded = decode_utf8(text);
    const std::size_t taken = decoded.bytes == 0 ? 1 : decoded.bytes;
    if (decoded.bytes == 0) {
      append_escaped(out, "\\x%02x", static_cast<unsigned char>(text[0]));
    } else if (keep_layout && text.substr(0, 2) == "\r\n") {
      // a line ending of other systems
    } else if (keep_layout && (decoded.value == '\n' || decoded.value == '\t')) {
      out += text[0];
    } else if (decoded.value == '\n') {
      out += "\\n";
    } else if (decoded.value == '\t') {
      out += "\\t";
    } else if (decoded.value < 0x20 || (decoded.value >= 0x7F && decoded.value < 0xA0)) {
      append_escaped(out, "\\x%02x", decoded.value);
    } else if (reorders(decoded.value)) {
      append_escaped(out, "\\u{%04x}", decoded.value);
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
    const CodePoint decoded = decode_utf8(bytes);
    if (decoded.bytes == 0 || decoded.value == 0) return false;
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
