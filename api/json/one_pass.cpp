// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/json/one_pass.h"

#include "api/json/json.h"
#include "ledger/core/bytes.h"

namespace holdfast::json {
namespace {

// Whether a character of a text stands for itself in JSON of ASCII alone. RFC 8259, 7.
bool is_plain(char c) { return c >= ' ' && c < 0x7f && c != '"' && c != '\\'; }

}  // namespace

void OnePass::begin(std::string_view name) {
  out_ += out_.size() == 1 ? "\n  \"" : ",\n  \"";
  out_ += name;
  out_ += "\": ";
}

void OnePass::number(std::string_view name, std::uint64_t value) {
  begin(name);
  out_ += std::to_string(value);
}

void OnePass::text(std::string_view name, const std::string& value) {
  begin(name);
  out_ += '"';
  // Most of a note stands for itself; the library escapes the rest.
  for (std::size_t at = 0; at < value.size();) {
    const std::size_t from = at;
    const bool plain = is_plain(value[at]);
    while (at < value.size() && is_plain(value[at]) == plain) ++at;
    if (plain) {
      out_.append(value, from, at - from);
    } else {
      const std::string escaped = dump(value.substr(from, at - from), -1);
      out_.append(escaped, 1, escaped.size() - 2);
    }
  }
  out_ += '"';
}

void OnePass::base64(std::string_view name, ByteView bytes) {
  begin(name);
  out_ += '"';
  out_ += format_base64(bytes);
  out_ += '"';
}

void OnePass::base64(std::string_view name, std::span<const NodeHash> hashes) {
  begin(name);
  out_ += '[';
  bool first = true;
  for (const NodeHash& hash : hashes) {
    out_ += first ? "\n    \"" : ",\n    \"";
    out_ += format_base64(hash);
    out_ += '"';
    first = false;
  }
  out_ += first ? "]" : "\n  ]";
}

std::string OnePass::finish() && {
  out_ += out_.size() == 1 ? "}\n" : "\n}\n";
  return std::move(out_);
}

}  // namespace holdfast::json
