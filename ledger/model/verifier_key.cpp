// SPDX-License-Identifier: AGPL-3.0-or-later
// Names and keys of those who sign notes: "name+<key hash>+<base64 of type and public key>".
#include <algorithm>
#include <utility>

#include "ledger/crypto/sha256.h"
#include "ledger/model/note.h"
#include "ledger/model/note_text.h"

namespace holdfast::model {
namespace {

constexpr std::size_t kKeyNameBytesMax = 255;

Error no_verifier_key(std::string what, std::string found, std::string want) {
  return {Code::kMalformed, "NOTE-6", "verifier key: " + std::move(what), std::move(found),
          std::move(want)};
}

std::string hash_text(std::uint32_t key_hash) {
  Bytes bytes;
  append_u32be(bytes, key_hash);
  return format_hex(bytes);
}

Bytes typed_key(const VerifierKey& key) {
  Bytes bytes{static_cast<std::byte>(key.type)};
  append(bytes, key.key.bytes);
  return bytes;
}

}  // namespace

Result<void> check_key_name(std::string_view name) {
  const auto refuse = [](std::string found, std::string want) {
    return Error{Code::kMalformed, "NOTE-5", "key name", std::move(found), std::move(want)};
  };
  if (name.empty() || name.size() > kKeyNameBytesMax)
    return refuse(std::to_string(name.size()) + " bytes",
                  "1 to " + std::to_string(kKeyNameBytesMax));
  TRY(check_note_text(name, "NOTE-5", "key name"));
  if (has_unicode_space(name) || name.find('+') != std::string_view::npos)
    return refuse(quote(name), "a name without spaces and without '+'");
  return {};
}

std::uint32_t note_key_hash(const VerifierKey& key) {
  const auto type = static_cast<std::byte>(key.type);
  const crypto::Hash hash =
      crypto::sha256({as_bytes(key.name), as_bytes("\n"), ByteView(&type, 1), key.key.bytes});
  return read_u32be(hash);
}

std::string format_vkey(const VerifierKey& key) {
  return key.name + "+" + hash_text(note_key_hash(key)) + "+" + format_base64(typed_key(key));
}

Result<VerifierKey> parse_vkey(std::string_view text) {
  // Base64 may hold a '+', names and key hashes do not.
  const std::size_t first = text.find('+');
  const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos)
    return no_verifier_key("form", quote(text), "a name, a key hash and a key with '+' between");
  VerifierKey key;
  key.name = text.substr(0, first);
  TRY(check_key_name(key.name));
  const auto bytes = parse_base64(text.substr(second + 1));
  if (!bytes) return no_verifier_key("key", bytes.error().found, bytes.error().want);
  if (bytes->empty()) return no_verifier_key("key", "nothing", "a type and a public key");
  const auto type = static_cast<NoteKeyType>(bytes->front());
  if (type != NoteKeyType::kEd25519 && type != NoteKeyType::kCosignature)
    return Error{Code::kUnknownVersion, "NOTE-6", "verifier key: type",
                 "0x" + format_hex(ByteView(*bytes).first(1)),
                 "0x01 (Ed25519) or 0x04 (cosignature)"};
  if (bytes->size() != 1 + crypto::kPublicKeyBytes)
    return no_verifier_key("key", std::to_string(bytes->size()) + " bytes",
                           std::to_string(1 + crypto::kPublicKeyBytes) + " bytes");
  key.type = type;
  key.key.algorithm = crypto::Algorithm::kEd25519;
  std::copy(bytes->begin() + 1, bytes->end(), key.key.bytes.begin());
  const std::string_view stated = text.substr(first + 1, second - first - 1);
  const std::string wanted = hash_text(note_key_hash(key));
  if (stated != wanted) return no_verifier_key("key hash", quote(stated), wanted);
  return key;
}

}  // namespace holdfast::model
