// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <compare>
#include <string>

#include "ledger/core/bytes.h"
#include "ledger/core/digest.h"
#include "ledger/crypto/random.h"
#include "ledger/crypto/secret.h"

namespace holdfast::crypto {

// The number that a key carries with it, everywhere.
enum class Algorithm : std::uint16_t {
  kEd25519 = 1,
  kMlDsa44 = 2,  // kept; not used yet
  kX25519 = 3,   // sealing keys
};

inline constexpr std::size_t kSeedBytes = 32;  // of either kind of private key
inline constexpr std::size_t kPublicKeyBytes = 32;
inline constexpr std::size_t kSignatureBytes = 64;
using Signature = std::array<std::byte, kSignatureBytes>;

// A public key of 32 bytes with its algorithm.
struct PublicKey {
  Algorithm algorithm = Algorithm::kEd25519;
  std::array<std::byte, kPublicKeyBytes> bytes{};

  friend bool operator==(const PublicKey&, const PublicKey&) = default;
};

// SHA-256("holdfast/key/v1\n" || u16be algorithm || public key).
KeyId key_id(const PublicKey& key);

// "ed25519:<base64>" or "x25519:<base64>", as people hand keys over. Errors: kMalformed.
std::string format_public_key(const PublicKey& key);
Result<PublicKey> parse_public_key(std::string_view text);

// Ed25519 (RFC 8032), cofactorless; S < L; A and R canonical; no small-order A or R. False for any
// algorithm but Ed25519 and any length but 64. Cost: about 40 microseconds.
bool verify(const PublicKey& key, ByteView message, ByteView signature);

// An Ed25519 key pair made from a 32-byte seed. Move-only, wiped.
class SigningKey {
 public:
  static SigningKey generate(Random& random);
  static SigningKey from_seed(ByteView seed);  // CHECKs 32 bytes

  const PublicKey& public_key() const { return public_key_; }
  const KeyId& id() const { return id_; }
  Signature sign(ByteView message) const;
  ByteView seed() const;  // secret: for key files only

 private:
  SigningKey() = default;
  PublicKey public_key_;
  KeyId id_;
  Secret expanded_;  // libsodium's 64 bytes: seed, public key
};

// An X25519 key pair, for sealing envelopes to a village. Move-only, wiped.
class SealingKey {
 public:
  static SealingKey generate(Random& random);
  static SealingKey from_seed(ByteView secret);  // CHECKs 32 bytes

  const PublicKey& public_key() const { return public_key_; }
  ByteView seed() const { return secret_.view(); }

 private:
  SealingKey() = default;
  PublicKey public_key_;
  Secret secret_;
};

}  // namespace holdfast::crypto
