// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/source/seen.h"

#include "ledger/crypto/sha256.h"

namespace holdfast::verifier {
namespace {

constexpr std::string_view kFirstLine = "holdfast-seen v1";

// Takes a line "<name><value>" off the text.
Result<std::string> take_line(std::string_view& text, std::string_view name) {
  const auto end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  if (end == std::string_view::npos || !line.starts_with(name))
    return Error{Code::kMalformed, "", "the checkpoint seen before",
                 "\"" + std::string(line.substr(0, 80)) + "\"",
                 "a line \"" + std::string(name) + "...\""};
  text.remove_prefix(end + 1);
  return std::string(line.substr(name.size()));
}

}  // namespace

std::string format_seen(const SeenCheckpoint& seen) {
  return std::string(kFirstLine) + "\ntime " + format_time(seen.time) + "\noperator " +
         model::format_vkey(seen.operator_key) + "\n\n" + seen.note;
}

Result<SeenCheckpoint> parse_seen(std::string_view text) {
  SeenCheckpoint out;
  TRY(take_line(text, kFirstLine));
  TRY_ASSIGN(const std::string time, take_line(text, "time "));
  TRY_ASSIGN(out.time, parse_time(time));
  TRY_ASSIGN(const std::string key, take_line(text, "operator "));
  TRY_ASSIGN(out.operator_key, model::parse_vkey(key));
  TRY(take_line(text, ""));
  out.note = std::string(text);
  TRY_ASSIGN(const model::Note note, model::parse_note(text));
  TRY(model::verify_note(note, std::span(&out.operator_key, 1)));
  TRY_ASSIGN(out.checkpoint, model::parse_checkpoint(note.text));
  return out;
}

std::string seen_file(const Trust& trust) {
  const std::string text = (trust.village ? trust.village->hex() : "") + "\n" +
                           (trust.vkey ? model::format_vkey(*trust.vkey) : "");
  return "seen-" + format_hex(crypto::sha256(as_bytes(text))).substr(0, 32);
}

}  // namespace holdfast::verifier
