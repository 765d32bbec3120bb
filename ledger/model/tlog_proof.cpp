// SPDX-License-Identifier: AGPL-3.0-or-later
#include <utility>

#include "ledger/core/check.h"
#include "ledger/model/note.h"
#include "ledger/model/note_text.h"

namespace holdfast::model {
namespace {

constexpr std::string_view kHeader = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

Error no_tlog_proof(std::string what, std::string found, std::string want) {
  return {Code::kMalformed, "NOTE-8", "tlog-proof: " + std::move(what), std::move(found),
          std::move(want)};
}

Result<std::string_view> need_line(std::string_view& text, const char* what) {
  const auto line = take_line(text);
  if (!line) return no_tlog_proof(what, "the end", "a line that ends in a newline");
  return *line;
}

Result<Bytes> parse_extra(std::string_view base64) {
  auto bytes = parse_base64(base64);
  if (!bytes) return no_tlog_proof("extra", bytes.error().found, bytes.error().want);
  if (bytes->empty()) return no_tlog_proof("extra", "nothing", "no such line where there is none");
  return bytes;
}

Result<NodeHash> parse_hash(std::string_view line, std::size_t number) {
  const std::string place = "hash " + std::to_string(number);
  const auto bytes = parse_base64(line);
  if (!bytes) return no_tlog_proof(place, bytes.error().found, bytes.error().want);
  if (bytes->size() != kDigestBytes)
    return no_tlog_proof(place, std::to_string(bytes->size()) + " bytes", "32 bytes");
  return NodeHash::from(*bytes);
}

}  // namespace

std::string format_tlog_proof(const TlogProof& proof) {
  std::string text = std::string(kHeader) + "\n";
  if (!proof.extra.empty()) text.append(kExtra).append(format_base64(proof.extra)).append("\n");
  text.append(kIndex).append(std::to_string(proof.index.value)).append("\n");
  for (const NodeHash& hash : proof.path) text.append(format_base64(hash)).append("\n");
  return text.append("\n").append(proof.checkpoint);
}

Result<TlogProof> parse_tlog_proof(std::string_view text) {
  if (text.size() > kTlogProofBytesMax)
    return no_tlog_proof("size", std::to_string(text.size()) + " bytes",
                         "at most " + std::to_string(kTlogProofBytesMax));
  TlogProof proof;
  TRY_ASSIGN(const std::string_view header, need_line(text, "header"));
  if (header != kHeader) return no_tlog_proof("header", quote(header), std::string(kHeader));

  TRY_ASSIGN(std::string_view line, need_line(text, "index"));
  if (line.starts_with(kExtra)) {
    TRY_ASSIGN(proof.extra, parse_extra(line.substr(kExtra.size())));
    TRY_ASSIGN(line, need_line(text, "index"));
  }
  if (!line.starts_with(kIndex))
    return no_tlog_proof("index", quote(line), "\"index \" and a number");
  const auto index = parse_decimal(line.substr(kIndex.size()));
  if (!index) return no_tlog_proof("index", index.error().found, index.error().want);
  proof.index.value = *index;

  for (;;) {
    TRY_ASSIGN(line, need_line(text, "inclusion path"));
    if (line.empty()) break;
    if (proof.path.size() == kTlogProofPathMax)
      return no_tlog_proof("inclusion path",
                           "more than " + std::to_string(kTlogProofPathMax) + " hashes",
                           "at most as many");
    TRY_ASSIGN(const NodeHash hash, parse_hash(line, proof.path.size() + 1));
    proof.path.push_back(hash);
  }
  TRY(parse_note(text));
  proof.checkpoint = text;
  return proof;
}

}  // namespace holdfast::model
