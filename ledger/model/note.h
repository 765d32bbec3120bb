// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/core/position.h"
#include "ledger/core/time.h"
#include "ledger/crypto/key.h"

namespace holdfast::model {

// A C2SP signed note: text that ends in a newline, and lines "— <name> <base64>".
struct NoteSignature {
  std::string name;
  std::uint32_t key_hash = 0;  // the first 4 bytes of SHA-256(name || 0x0A || type || key)
  Bytes signature;             // what follows those 4 bytes
  friend bool operator==(const NoteSignature&, const NoteSignature&) = default;
};
struct Note {
  std::string text;
  std::vector<NoteSignature> signatures;
  friend bool operator==(const Note&, const Note&) = default;
};
inline constexpr std::size_t kNoteBytesMax = 64 * 1024;

// Errors: kMalformed [NOTE-1]: not UTF-8, control characters, no signature, over 64 signatures,
// base64 that is not strict, a bad name.
Result<Note> parse_note(std::string_view bytes);
std::string format_note(const Note& note);

enum class NoteKeyType : std::uint8_t { kEd25519 = 0x01, kCosignature = 0x04 };
// A verifier key: "name+<key hash hex>+base64(type || public key)".
struct VerifierKey {
  std::string name;
  NoteKeyType type = NoteKeyType::kEd25519;
  crypto::PublicKey key;
  friend bool operator==(const VerifierKey&, const VerifierKey&) = default;
};
std::uint32_t note_key_hash(const VerifierKey& key);
std::string format_vkey(const VerifierKey& key);
Result<VerifierKey> parse_vkey(std::string_view text);

// Signs the text with an Ed25519 key (type 0x01).
NoteSignature sign_note(std::string_view text, const std::string& name, const crypto::SigningKey& key);

// Checks the note's text against known keys: signatures of unknown keys are ignored, a known key that
// fails rejects the note, and so does a note that no known key signed.
// Returns the keys that verified. Errors: kUnauthorised [NOTE-2], [NOTE-3].
Result<std::vector<VerifierKey>> verify_note(const Note& note, std::span<const VerifierKey> known);

// A C2SP checkpoint: origin, size, base64 root, each on a line; extension lines behind.
struct Checkpoint {
  std::string origin;
  TreeSize size;
  Root root;
  std::vector<std::string> extensions;
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};
// Errors: kMalformed [NOTE-4].
Result<Checkpoint> parse_checkpoint(std::string_view text);
std::string format_checkpoint(const Checkpoint& checkpoint);
// 1 to 255 bytes, no Unicode space, no '+', no control characters. Errors: kMalformed [NOTE-5].
Result<void> check_key_name(std::string_view name);

// A cosignature (type 0x04): when a witness saw it, and its signature's 64 bytes.
struct Cosignature {
  Seconds time = 0;
  crypto::Signature signature{};
};
// Signs "cosignature/v1\ntime <seconds>\n" followed by the whole note text.
NoteSignature cosign_note(std::string_view text, const std::string& name,
                          const crypto::SigningKey& key, Seconds time);
Result<Cosignature> parse_cosignature(const NoteSignature& signature);

// A c2sp.org/tlog-proof@v1 file: an inclusion proof that is checked offline.
struct TlogProof {
  Bytes extra;  // empty: no such line
  LeafIndex index;
  std::vector<NodeHash> path;
  std::string checkpoint;  // the signed note as it is
};
std::string format_tlog_proof(const TlogProof& proof);
Result<TlogProof> parse_tlog_proof(std::string_view text);

}  // namespace holdfast::model
