// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
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
inline constexpr std::size_t kNoteSignaturesMax = 64;

// Takes one form only: format_note(parse_note(x)) == x.
// Errors: kMalformed [NOTE-1]: over 64 KiB, not UTF-8, control characters, no signature, over 64
// signatures, base64 that is not strict; [NOTE-5] a bad name. Source: c2sp.org/signed-note.
Result<Note> parse_note(std::string_view bytes);
// CHECKs that the text ends in a newline and that there is a signature.
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
// Errors: kMalformed [NOTE-6], also where the key hash is not that of name, type and key, and
// [NOTE-5]; kUnknownVersion [NOTE-6] for a type of key that we cannot verify.
Result<VerifierKey> parse_vkey(std::string_view text);

// Signs the text with an Ed25519 key (type 0x01). CHECKs the name.
NoteSignature sign_note(std::string_view text, const std::string& name,
                        const crypto::SigningKey& key);

// Checks the note's text against known keys, of both types. A signature belongs to a known key if
// name and key hash both match; all others are ignored. Each of a known key's signatures must
// verify, and there must be one. Returns the keys that verified, once each, in the order of the
// note. Errors: kUnauthorised [NOTE-2] a known key's signature fails; [NOTE-3] no known key signed.
Result<std::vector<VerifierKey>> verify_note(const Note& note, std::span<const VerifierKey> known);

// Whether the signature names this key; that says nothing about whether it verifies.
bool names(const NoteSignature& signature, const VerifierKey& key);
// The first signature that names `key`, or nullptr; it says nothing about whether it verifies.
const NoteSignature* find_signature(const Note& note, const VerifierKey& key);

// A C2SP checkpoint: origin, size, base64 root, each on a line; extension lines behind.
struct Checkpoint {
  std::string origin;
  TreeSize size;
  Root root;
  std::vector<std::string> extensions;
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};
inline constexpr std::size_t kOriginBytesMax = 255;
// Takes a note's text, in one form only. The origin may be any line of 1 to 255 bytes (others' logs
// use spaces); sizes go up to 2^63 - 1, as far as other people's clients count. Errors: kMalformed
// [NOTE-4]. Source: c2sp.org/tlog-checkpoint.
Result<Checkpoint> parse_checkpoint(std::string_view text);
// CHECKs that no line is empty or holds a newline.
std::string format_checkpoint(const Checkpoint& checkpoint);
// 1 to 255 bytes of UTF-8, no Unicode space, no '+', no control characters below U+0020.
// Errors: kMalformed [NOTE-5].
Result<void> check_key_name(std::string_view name);

// A cosignature (type 0x04): when a witness saw it, and its signature's 64 bytes.
struct Cosignature {
  Seconds time = 0;
  crypto::Signature signature{};
  friend bool operator==(const Cosignature&, const Cosignature&) = default;
};
// What a cosigner signs: "cosignature/v1\ntime <seconds>\n" followed by the whole note text.
// CHECKs that time is not negative. Source: c2sp.org/tlog-cosignature.
std::string cosignature_message(std::string_view text, Seconds time);
NoteSignature cosign_note(std::string_view text, const std::string& name,
                          const crypto::SigningKey& key, Seconds time);
// Errors: kMalformed [NOTE-7]: not 72 bytes, or a time of 2^63 or more.
Result<Cosignature> parse_cosignature(const NoteSignature& signature);

// A c2sp.org/tlog-proof@v1 file: an inclusion proof that is checked offline.
struct TlogProof {
  Bytes extra;  // empty: no such line. Nothing authenticates it
  LeafIndex index;
  std::vector<NodeHash> path;  // leaf side first
  std::string checkpoint;      // the signed note as it is
  friend bool operator==(const TlogProof&, const TlogProof&) = default;
};
inline constexpr std::size_t kTlogProofBytesMax = 256 * 1024;
inline constexpr std::size_t kTlogProofPathMax = 63;
std::string format_tlog_proof(const TlogProof& proof);
// Takes one form only, and only a checkpoint that parses as a note; verifies nothing.
// Errors: kMalformed [NOTE-8], and those of parse_note.
Result<TlogProof> parse_tlog_proof(std::string_view text);

}  // namespace holdfast::model
