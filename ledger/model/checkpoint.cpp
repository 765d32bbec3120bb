// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "ledger/core/check.h"
#include "ledger/crypto/sha256.h"
#include "ledger/model/note.h"
#include "ledger/model/note_text.h"

namespace holdfast::model {
namespace {

constexpr std::uint64_t kSizeMax = std::numeric_limits<std::int64_t>::max();

Error no_checkpoint(std::string what, std::string found, std::string want) {
  return {Code::kMalformed, "NOTE-4", "checkpoint: " + std::move(what), std::move(found),
          std::move(want)};
}

Result<std::string_view> take_filled_line(std::string_view& text, const char* what) {
  const auto line = take_line(text);
  if (!line) return no_checkpoint(what, "no line", "a line that ends in a newline");
  if (line->empty()) return no_checkpoint(what, "an empty line", "a line that is not");
  return *line;
}

Result<TreeSize> parse_size(std::string_view line) {
  const auto size = parse_decimal(line);
  if (!size || *size > kSizeMax)
    return no_checkpoint("size", quote(line), "a number below 2^63 without leading zeros");
  return TreeSize{*size};
}

Result<Root> parse_root(std::string_view line) {
  const auto bytes = parse_base64(line);
  if (!bytes) return no_checkpoint("root", bytes.error().found, bytes.error().want);
  if (bytes->size() != kDigestBytes)
    return no_checkpoint("root", std::to_string(bytes->size()) + " bytes", "32 bytes");
  return Root::from(*bytes);
}

bool is_one_line(std::string_view text) {
  return !text.empty() && text.find('\n') == std::string_view::npos;
}

}  // namespace

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  if (text.size() > kNoteBytesMax)
    return no_checkpoint("size in bytes", std::to_string(text.size()),
                         "at most " + std::to_string(kNoteBytesMax));
  TRY(check_note_text(text, "NOTE-4", "checkpoint"));
  Checkpoint checkpoint;
  TRY_ASSIGN(checkpoint.origin, take_filled_line(text, "origin"));
  if (checkpoint.origin.size() > kOriginBytesMax)
    return no_checkpoint("origin", std::to_string(checkpoint.origin.size()) + " bytes",
                         "at most " + std::to_string(kOriginBytesMax));
  TRY_ASSIGN(const std::string_view size, take_filled_line(text, "size"));
  TRY_ASSIGN(checkpoint.size, parse_size(size));
  TRY_ASSIGN(const std::string_view root, take_filled_line(text, "root"));
  TRY_ASSIGN(checkpoint.root, parse_root(root));
  if (checkpoint.size.value == 0 && checkpoint.root.bytes != crypto::sha256(ByteView{}))
    return no_checkpoint("root of size 0", checkpoint.root.hex(), "SHA-256 of nothing");
  while (!text.empty()) {
    TRY_ASSIGN(const std::string_view line, take_filled_line(text, "extension"));
    checkpoint.extensions.emplace_back(line);
  }
  return checkpoint;
}

std::string format_checkpoint(const Checkpoint& checkpoint) {
  CHECK(is_one_line(checkpoint.origin));
  CHECK(std::ranges::all_of(checkpoint.extensions, is_one_line));
  std::string text = checkpoint.origin + "\n" + std::to_string(checkpoint.size.value) + "\n" +
                     format_base64(checkpoint.root) + "\n";
  for (const std::string& line : checkpoint.extensions) text += line + "\n";
  return text;
}

}  // namespace holdfast::model
