// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/state_proof.h"

#include "ledger/model/bounds.h"
#include "ledger/model/note.h"
#include "ledger/model/note_text.h"

namespace holdfast::model {
namespace {

constexpr std::string_view kHeader = "holdfast/state-proof/v1";

Error no_state_proof(std::string what, std::string found, std::string want) {
  return {Code::kMalformed, "PROOF-8", "state-proof: " + std::move(what), std::move(found),
          std::move(want)};
}

// Reads "<name> <value>" lines in their order.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  Result<std::string_view> line(const std::string& what) {
    const auto line = take_line(rest_);
    if (!line) return no_state_proof(what, "the end", "a line that ends in a newline");
    return *line;
  }
  bool next_is(std::string_view name) const {
    return rest_.starts_with(name) && rest_.substr(name.size()).starts_with(' ');
  }
  Result<std::string_view> word(const std::string& name) {
    TRY_ASSIGN(const std::string_view line, this->line(name));
    const std::string start = name + " ";
    if (!line.starts_with(start))
      return no_state_proof(name, quote(line), "\"" + start + "\" in front");
    return line.substr(start.size());
  }
  Result<Bytes> bytes(const std::string& name, bool may_be_empty = false) {
    TRY_ASSIGN(const std::string_view text, word(name));
    auto bytes = parse_base64(text);
    if (!bytes) return no_state_proof(name, bytes.error().found, bytes.error().want);
    if (bytes->empty() && !may_be_empty) return no_state_proof(name, "nothing", "bytes");
    return bytes;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

void put(std::string& text, const char* name, ByteView bytes) {
  text.append(name).append(" ").append(format_base64(bytes)).append("\n");
}

// What no subject of the class is called can only be absent, and would look like one that is.
Result<void> check_id(StateClass state_class, ByteView id) {
  if (state_class == StateClass::kSlug) {
    const auto error = refusal_of_text(as_text(id), bounds::kSlug);
    return error ? Result<void>(no_state_proof("id", error->found, error->want)) : Result<void>();
  }
  const bool is_pair =
      state_class == StateClass::kRevocation || state_class == StateClass::kForeignGrant;
  const std::size_t want = is_pair ? 2 * kDigestBytes : kDigestBytes;
  if (id.size() == want) return {};
  return no_state_proof("id", std::to_string(id.size()) + " bytes",
                        std::to_string(want) + " bytes");
}

}  // namespace

std::string format_state_proof(const StateProofFile& file) {
  std::string text = std::string(kHeader) + "\nclass " + state_class_name(file.state_class) + "\n";
  put(text, "id", file.id);
  if (file.present) {
    put(text, "value", file.present->value);
    put(text, "detail", file.present->detail);
  }
  put(text, "proof", file.proof);
  put(text, "entry", file.entry);
  put(text, "seal", file.seal);
  put(text, "genesis", file.genesis);
  return text.append("\n").append(file.tlog_proof);
}

Result<StateProofFile> parse_state_proof(std::string_view text) {
  if (text.size() > kStateProofFileBytesMax)
    return no_state_proof("size", std::to_string(text.size()) + " bytes",
                          "at most " + std::to_string(kStateProofFileBytesMax));
  Lines lines(text);
  TRY_ASSIGN(const std::string_view header, lines.line("header"));
  if (header != kHeader) return no_state_proof("header", quote(header), std::string(kHeader));
  StateProofFile file;
  TRY_ASSIGN(const std::string_view name, lines.word("class"));
  const auto state_class = parse_state_class(name);
  if (!state_class) return no_state_proof("class", quote(name), "the name of a class of subjects");
  file.state_class = *state_class;
  TRY_ASSIGN(file.id, lines.bytes("id"));
  TRY(check_id(file.state_class, file.id));
  if (lines.next_is("value")) {
    file.present.emplace();
    TRY_ASSIGN(file.present->value, lines.bytes("value"));
    TRY_ASSIGN(file.present->detail, lines.bytes("detail"));
  }
  TRY_ASSIGN(file.proof, lines.bytes("proof", true));
  TRY_ASSIGN(file.entry, lines.bytes("entry"));
  TRY_ASSIGN(file.seal, lines.bytes("seal"));
  TRY_ASSIGN(file.genesis, lines.bytes("genesis"));
  TRY_ASSIGN(const std::string_view gap, lines.line("empty line"));
  if (!gap.empty()) return no_state_proof("empty line", quote(gap), "nothing on it");
  TRY(parse_tlog_proof(lines.rest()));
  file.tlog_proof = lines.rest();
  return file;
}

}  // namespace holdfast::model
