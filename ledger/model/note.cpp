// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/note.h"

#include <algorithm>
#include <utility>

#include "ledger/core/check.h"
#include "ledger/model/note_text.h"

namespace holdfast::model {
namespace {

constexpr std::string_view kSignaturePrefix = "\u2014 ";  // em dash, space
constexpr std::size_t kKeyHashBytes = 4;

Error no_note(std::string what, std::string found, std::string want) {
  return {Code::kMalformed, "NOTE-1", "note: " + std::move(what), std::move(found),
          std::move(want)};
}

Result<NoteSignature> parse_signature_line(std::string_view line, std::size_t number) {
  const std::string place = "signature line " + std::to_string(number);
  if (!line.starts_with(kSignaturePrefix))
    return no_note(place, "another beginning", "an em dash and a space");
  line.remove_prefix(kSignaturePrefix.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos)
    return no_note(place, "one word", "a name, a space and base64");
  NoteSignature signature;
  signature.name = line.substr(0, space);
  TRY(check_key_name(signature.name));
  const auto payload = parse_base64(line.substr(space + 1));
  if (!payload) return no_note(place, payload.error().found, payload.error().want);
  if (payload->size() <= kKeyHashBytes)
    return no_note(place, std::to_string(payload->size()) + " bytes",
                   "a key hash of 4 bytes and a signature");
  signature.key_hash = read_u32be(*payload);
  signature.signature.assign(payload->begin() + kKeyHashBytes, payload->end());
  return signature;
}

bool belongs_to(const NoteSignature& signature, const VerifierKey& key, std::uint32_t key_hash) {
  return signature.key_hash == key_hash && signature.name == key.name;
}

bool verifies(std::string_view text, const NoteSignature& signature, const VerifierKey& key) {
  switch (key.type) {
    case NoteKeyType::kEd25519: return crypto::verify(key.key, as_bytes(text), signature.signature);
    case NoteKeyType::kCosignature: {
      const auto cosignature = parse_cosignature(signature);
      return cosignature &&
             crypto::verify(key.key, as_bytes(cosignature_message(text, cosignature->time)),
                            cosignature->signature);
    }
  }
  return false;
}

}  // namespace

Result<Note> parse_note(std::string_view bytes) {
  if (bytes.size() > kNoteBytesMax)
    return no_note("size", std::to_string(bytes.size()) + " bytes",
                   "at most " + std::to_string(kNoteBytesMax));
  TRY(check_note_text(bytes, "NOTE-1", "note"));
  // The last empty line: the text may hold others.
  const std::size_t separator = bytes.rfind("\n\n");
  if (separator == std::string_view::npos)
    return no_note("signatures", "no empty line", "an empty line in front of them");
  Note note;
  note.text = bytes.substr(0, separator + 1);
  std::string_view rest = bytes.substr(separator + 2);
  if (rest.empty()) return no_note("signatures", "none", "at least one");
  while (!rest.empty()) {
    const auto line = take_line(rest);
    if (!line) return no_note("end", "a line without newline", "a newline");
    if (note.signatures.size() == kNoteSignaturesMax)
      return no_note("signatures", "more than " + std::to_string(kNoteSignaturesMax),
                     "at most as many");
    TRY_ASSIGN(NoteSignature signature, parse_signature_line(*line, note.signatures.size() + 1));
    note.signatures.push_back(std::move(signature));
  }
  return note;
}

std::string format_note(const Note& note) {
  CHECK(note.text.ends_with('\n'));
  CHECK(!note.signatures.empty());
  std::string out = note.text + "\n";
  for (const NoteSignature& signature : note.signatures) {
    Bytes payload;
    append_u32be(payload, signature.key_hash);
    append(payload, signature.signature);
    out.append(kSignaturePrefix).append(signature.name).append(" ");
    out.append(format_base64(payload)).append("\n");
  }
  return out;
}

NoteSignature sign_note(std::string_view text, const std::string& name,
                        const crypto::SigningKey& key) {
  CHECK(text.ends_with('\n'));
  CHECK(check_key_name(name).has_value());
  const crypto::Signature signature = key.sign(as_bytes(text));
  return {name, note_key_hash({name, NoteKeyType::kEd25519, key.public_key()}),
          Bytes(signature.begin(), signature.end())};
}

Result<std::vector<VerifierKey>> verify_note(const Note& note, std::span<const VerifierKey> known) {
  std::vector<std::uint32_t> key_hashes;
  for (const VerifierKey& key : known) key_hashes.push_back(note_key_hash(key));
  std::vector<VerifierKey> verified;
  for (const NoteSignature& signature : note.signatures) {
    for (std::size_t i = 0; i < known.size(); ++i) {
      if (!belongs_to(signature, known[i], key_hashes[i])) continue;
      if (!verifies(note.text, signature, known[i]))
        return Error{Code::kUnauthorised, "NOTE-2", "note: signature of " + quote(known[i].name),
                     "one that fails", "one that verifies"};
      if (std::ranges::find(verified, known[i]) == verified.end()) verified.push_back(known[i]);
    }
  }
  if (verified.empty())
    return Error{Code::kUnauthorised, "NOTE-3", "note: signatures",
                 std::to_string(note.signatures.size()) + " of unknown keys", "one of a known key"};
  return verified;
}

bool names(const NoteSignature& signature, const VerifierKey& key) {
  return belongs_to(signature, key, note_key_hash(key));
}

const NoteSignature* find_signature(const Note& note, const VerifierKey& key) {
  const std::uint32_t key_hash = note_key_hash(key);
  const auto found = std::ranges::find_if(
      note.signatures, [&](const NoteSignature& s) { return belongs_to(s, key, key_hash); });
  return found == note.signatures.end() ? nullptr : &*found;
}

}  // namespace holdfast::model
