// SPDX-License-Identifier: AGPL-3.0-or-later

// OpenSSL's EVP layer costs as much as hashing a tree node does (65 bytes: 115 ns through EVP, 65
// to 75 without it), and nearly all that is hashed here is that short. The calls below it run the
// same code, with the CPU's SHA instructions; OpenSSL 3 calls them deprecated, and keeps them.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "ledger/crypto/sha256.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <cstring>

#include "ledger/core/check.h"

namespace holdfast::crypto {
namespace {

constexpr std::size_t kBlockBytes = SHA256_CBLOCK;

SHA256_CTX* context(std::array<std::byte, sizeof(SHA256_CTX)>& state) {
  return reinterpret_cast<SHA256_CTX*>(state.data());
}

}  // namespace

void Sha256::start() { CHECK(SHA256_Init(context(state_)) == 1); }

void Sha256::update(ByteView bytes) {
  if (bytes.empty()) return;
  CHECK(SHA256_Update(context(state_), bytes.data(), bytes.size()) == 1);
}

// What of the input was left to be hashed is wiped by SHA256_Final.
Hash Sha256::finish() {
  Hash out;
  CHECK(SHA256_Final(reinterpret_cast<unsigned char*>(out.data()), context(state_)) == 1);
  start();
  return out;
}

Hash sha256(ByteView bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

Hash sha256(std::initializer_list<ByteView> parts) {
  Sha256 hash;
  for (const ByteView part : parts) hash.update(part);
  return hash.finish();
}

// OpenSSL's own HMAC takes 600 ns for 65 bytes, this a third of it.
Hash hmac_sha256(ByteView key, std::initializer_list<ByteView> parts) {
  CHECK(key.size() <= kBlockBytes);
  std::array<std::byte, kBlockBytes> block{};
  if (!key.empty()) std::memcpy(block.data(), key.data(), key.size());

  Sha256 hash;
  for (std::byte& b : block) b ^= std::byte{0x36};
  hash.update(block);
  for (const ByteView part : parts) hash.update(part);
  const Hash inner = hash.finish();

  for (std::byte& b : block) b ^= std::byte{0x36 ^ 0x5c};
  hash.update(block);
  hash.update(inner);
  OPENSSL_cleanse(block.data(), block.size());
  return hash.finish();
}

bool equal_constant_time(ByteView a, ByteView b) {
  return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace holdfast::crypto
