// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/key.h"

#include <sodium.h>

#include <cstring>
#include <optional>
#include <utility>

#include "ledger/core/check.h"
#include "ledger/crypto/raw.h"
#include "ledger/crypto/sha256.h"

namespace holdfast::crypto {
namespace {

constexpr std::string_view kKeyIdDomain = "holdfast/key/v1\n";
constexpr std::string_view kEd25519Prefix = "ed25519:";
constexpr std::string_view kX25519Prefix = "x25519:";
static_assert(kSeedBytes == crypto_sign_SEEDBYTES && kSeedBytes == crypto_scalarmult_SCALARBYTES);
static_assert(kSignatureBytes == crypto_sign_BYTES &&
              kPublicKeyBytes == crypto_sign_PUBLICKEYBYTES);

KeyId hash_key(const PublicKey& key) {
  const auto number = static_cast<std::uint16_t>(key.algorithm);
  const std::array<std::byte, 2> algorithm{static_cast<std::byte>(number >> 8),
                                           static_cast<std::byte>(number & 255)};
  return KeyId{sha256({as_bytes(kKeyIdDomain), algorithm, key.bytes})};
}

}  // namespace

KeyId key_id(const PublicKey& key) {
  // The same few keys are asked about for every statement, so each thread keeps the ids it has seen
  // last, by the key's first byte.
  struct Seen {
    PublicKey key;
    std::optional<KeyId> id;
  };
  static thread_local std::array<Seen, 256> seen;
  Seen& place = seen[static_cast<std::size_t>(key.bytes[0]) % seen.size()];
  const bool same =
      place.id && place.key.algorithm == key.algorithm && equal(place.key.bytes, key.bytes);
  if (!same) place = {key, hash_key(key)};
  return *place.id;
}

std::string format_public_key(const PublicKey& key) {
  CHECK(key.algorithm == Algorithm::kEd25519 || key.algorithm == Algorithm::kX25519);
  std::string text(key.algorithm == Algorithm::kEd25519 ? kEd25519Prefix : kX25519Prefix);
  return text += format_base64(key.bytes);
}

Result<PublicKey> parse_public_key(std::string_view text) {
  PublicKey key;
  if (text.starts_with(kEd25519Prefix)) {
    key.algorithm = Algorithm::kEd25519;
    text.remove_prefix(kEd25519Prefix.size());
  } else if (text.starts_with(kX25519Prefix)) {
    key.algorithm = Algorithm::kX25519;
    text.remove_prefix(kX25519Prefix.size());
  } else {
    return Error{Code::kMalformed, "", "public key", "another beginning",
                 "ed25519: or x25519: in front"};
  }
  TRY_ASSIGN(const Bytes bytes, parse_base64(text));
  if (bytes.size() != kPublicKeyBytes)
    return Error{Code::kMalformed, "", "public key", std::to_string(bytes.size()) + " bytes",
                 std::to_string(kPublicKeyBytes) + " bytes"};
  std::memcpy(key.bytes.data(), bytes.data(), kPublicKeyBytes);
  return key;
}

// libsodium's check is the strict one: it compares R's bytes with the point computed without the
// cofactor (so R is canonical), and refuses S >= L, a small-order A or R, and a non-canonical A.
bool verify(const PublicKey& key, ByteView message, ByteView signature) {
  if (key.algorithm != Algorithm::kEd25519 || signature.size() != kSignatureBytes) return false;
  return crypto_sign_verify_detached(raw(signature.data()), raw(message.data()), message.size(),
                                     raw(key.bytes.data())) == 0;
}

SigningKey SigningKey::generate(Random& random) {
  Secret seed(kSeedBytes);
  random.fill(seed.mutable_view());
  return from_seed(seed.view());
}

SigningKey SigningKey::from_seed(ByteView seed) {
  CHECK(seed.size() == kSeedBytes);
  SigningKey key;
  key.expanded_ = Secret(crypto_sign_SECRETKEYBYTES);
  key.public_key_.algorithm = Algorithm::kEd25519;
  CHECK(crypto_sign_seed_keypair(raw(key.public_key_.bytes.data()),
                                 raw(key.expanded_.mutable_view().data()), raw(seed.data())) == 0);
  key.id_ = key_id(key.public_key_);
  return key;
}

Signature SigningKey::sign(ByteView message) const {
  CHECK(!expanded_.empty());
  Signature signature;
  CHECK(crypto_sign_detached(raw(signature.data()), nullptr, raw(message.data()), message.size(),
                             raw(expanded_.view().data())) == 0);
  return signature;
}

ByteView SigningKey::seed() const {
  CHECK(!expanded_.empty());
  return expanded_.view().first(kSeedBytes);
}

SealingKey SealingKey::generate(Random& random) {
  Secret secret(kSeedBytes);
  random.fill(secret.mutable_view());
  return from_seed(secret.view());
}

SealingKey SealingKey::from_seed(ByteView secret) {
  CHECK(secret.size() == kSeedBytes);
  SealingKey key;
  key.secret_ = Secret(secret);
  key.public_key_.algorithm = Algorithm::kX25519;
  CHECK(crypto_scalarmult_base(raw(key.public_key_.bytes.data()), raw(secret.data())) == 0);
  return key;
}

}  // namespace holdfast::crypto
