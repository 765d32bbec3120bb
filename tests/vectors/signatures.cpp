// SPDX-License-Identifier: AGPL-3.0-or-later
#include <sodium.h>

#include "ledger/crypto/key.h"
#include "tests/rules/founded_village.h"
#include "tests/vectors/vector_file.h"

namespace holdfast::vectors {
namespace signatures_file {

using Block = std::array<unsigned char, 32>;

ByteView view(const Block& block) { return std::as_bytes(std::span(block)); }
Block block_of(ByteView bytes) {
  Block out{};
  std::memcpy(out.data(), bytes.data(), out.size());
  return out;
}
Block block_of_hex(std::string_view text) { return block_of(*parse_hex(text)); }

Json of(ByteView key, ByteView message, ByteView signature) {
  return {{"publicKey", hex(key)}, {"message", hex(message)}, {"signature", hex(signature)}};
}
Json of_hex(const char* key, const char* message, const char* signature) {
  return {{"publicKey", key}, {"message", message}, {"signature", signature}};
}

// A point of order 8.
constexpr const char* kOrder8 = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a";
constexpr const char* kIdentity =
    "0100000000000000000000000000000000000000000000000000000000000000";
// y = p + 1: the identity once more, spelled otherwise.
constexpr const char* kIdentityNotCanonical =
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f";
// The group's order L, little-endian.
constexpr const char* kOrder = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

// The secret scalar a of a seed, and the point a B.
struct Scalar {
  Block scalar{};
  Block point{};
};
Scalar scalar_of_seed(ByteView seed) {
  std::array<unsigned char, 64> wide{};
  crypto_hash_sha512(wide.data(), reinterpret_cast<const unsigned char*>(seed.data()), seed.size());
  wide[0] &= 248;
  wide[31] = static_cast<unsigned char>((wide[31] & 63) | 64);
  std::array<unsigned char, 64> padded{};
  std::copy_n(wide.begin(), 32, padded.begin());
  Scalar out;
  crypto_core_ed25519_scalar_reduce(out.scalar.data(), padded.data());
  CHECK(crypto_scalarmult_ed25519_base_noclamp(out.point.data(), out.scalar.data()) == 0);
  return out;
}

// k = SHA-512(R || A || message) mod L.
Block challenge(const Block& r, const Block& a, ByteView message) {
  Bytes all;
  append(all, view(r));
  append(all, view(a));
  append(all, message);
  std::array<unsigned char, 64> wide{};
  crypto_hash_sha512(wide.data(), reinterpret_cast<const unsigned char*>(all.data()), all.size());
  Block out{};
  crypto_core_ed25519_scalar_reduce(out.data(), wide.data());
  return out;
}

// S = r + k a, whatever R and A were said to be.
Bytes signature_of(const Block& r_point, const Block& r, const Block& k, const Block& a) {
  Block s{};
  crypto_core_ed25519_scalar_mul(s.data(), k.data(), a.data());
  crypto_core_ed25519_scalar_add(s.data(), s.data(), r.data());
  Bytes out;
  append(out, view(r_point));
  append(out, view(s));
  return out;
}

// Under A + T, T of order 8: the equation with the cofactor holds always, the one without it only
// where T vanishes, that is where k is a multiple of 8.
Json mixed_order(bool without_cofactor_too) {
  const Scalar a = scalar_of_seed(testing::key_named("council 1").seed());
  const Scalar r = scalar_of_seed(testing::key_named("council 2").seed());
  Block mixed{};
  CHECK(crypto_core_ed25519_add(mixed.data(), a.point.data(), block_of_hex(kOrder8).data()) == 0);
  for (unsigned n = 0;; ++n) {
    const std::string message = "message " + std::to_string(n);
    const Block k = challenge(r.point, mixed, as_bytes(message));
    if ((k[0] % 8 == 0) != without_cofactor_too) continue;
    return of(view(mixed), as_bytes(message), signature_of(r.point, r.scalar, k, a.scalar));
  }
}

// R + T: only the cofactor makes T vanish.
Json mixed_order_r() {
  const Scalar a = scalar_of_seed(testing::key_named("council 1").seed());
  const Scalar r = scalar_of_seed(testing::key_named("council 2").seed());
  Block mixed{};
  CHECK(crypto_core_ed25519_add(mixed.data(), r.point.data(), block_of_hex(kOrder8).data()) == 0);
  const Block k = challenge(mixed, a.point, as_bytes("message"));
  return of(view(a.point), as_bytes("message"), signature_of(mixed, r.scalar, k, a.scalar));
}

// A small-order A drops out of S B = R + k A: S = 1 and R = B are right for every message.
Json identity_key(const char* spelled) {
  const Block one{1};
  Block base{};
  CHECK(crypto_scalarmult_ed25519_base_noclamp(base.data(), one.data()) == 0);
  const Block a = block_of_hex(spelled);
  return of(view(a), as_bytes("message"), signature_of(base, one, Block{}, Block{}));
}

// A valid equation with R the identity, r = 0.
Json small_order_r() {
  const Scalar a = scalar_of_seed(testing::key_named("council 1").seed());
  const Block identity = block_of_hex(kIdentity);
  const Block k = challenge(identity, a.point, as_bytes("message"));
  return of(view(a.point), as_bytes("message"), signature_of(identity, Block{}, k, a.scalar));
}

Bytes with_order_added(ByteView signature) {
  const Block order = block_of_hex(kOrder);
  Bytes out(signature.begin(), signature.end());
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += std::to_integer<unsigned>(out[32 + i]) + order[i];
    out[32 + i] = static_cast<std::byte>(carry & 255);
    carry >>= 8;
  }
  return out;
}

Bytes flipped(ByteView bytes, std::size_t at) {
  Bytes out(bytes.begin(), bytes.end());
  out[at] ^= std::byte{1};
  return out;
}

Json make() {
  CHECK(sodium_init() >= 0);
  const Json no = refuse("unauthorised", "SIG-4");
  const auto key = testing::key_named("council 1");
  const ByteView a = key.public_key().bytes;
  const Bytes message = to_bytes("holdfast/statement/v1\n and 32 bytes that a batch is signed by");
  const auto signature = key.sign(message);
  const ByteView s = signature;
  const std::string zeros(64, '0');
  return Json::array({
      vector("RFC 8032 section 7.1, test 1",
             of_hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33b"
                    "acc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
             accept()),
      vector("RFC 8032 section 7.1, test 2",
             of_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e1599"
                    "6e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
             accept()),
      vector("RFC 8032 section 7.1, test 3",
             of_hex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
                    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f2"
                    "90ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
             accept()),
      vector("a signature of a village's key", of(a, message, s), accept()),
      vector("A of mixed order where the cofactor makes no difference", mixed_order(true),
             accept()),
      vector("A of mixed order that verifies with the cofactor only", mixed_order(false), no),
      vector("S + L: the same signature spelled otherwise", of(a, message, with_order_added(s)),
             no),
      vector("A the identity, R the identity, S zero",
             of_hex(kIdentity, "6d657373616765", (std::string(kIdentity) + zeros).c_str()), no),
      vector(
          "A the identity, not canonical",
          of_hex(kIdentityNotCanonical, "6d657373616765", (std::string(kIdentity) + zeros).c_str()),
          no),
      vector("A the identity, R = B, S = 1", identity_key(kIdentity), no),
      vector("A the identity, not canonical, R = B, S = 1", identity_key(kIdentityNotCanonical),
             no),
      vector("R of mixed order that verifies with the cofactor only", mixed_order_r(), no),
      vector("R the identity", small_order_r(), no),
      vector("R of order 8", of_hex(hex(a).c_str(), "", (std::string(kOrder8) + zeros).c_str()),
             no),
      vector("A of order 8", of_hex(kOrder8, "", (std::string(kIdentity) + zeros).c_str()), no),
      vector("A is no point",
             of_hex("0200000000000000000000000000000000000000000000000000000000000000", "",
                    hex(s).c_str()),
             no),
      vector("all zeros", of_hex(zeros.c_str(), "", (zeros + zeros).c_str()), no),
      vector("a bit of R flipped", of(a, message, flipped(s, 0)), no),
      vector("a bit of S flipped", of(a, message, flipped(s, 32)), no),
      vector("a bit of the message flipped", of(a, flipped(message, 0), s), no),
      vector("a bit of A flipped", of(flipped(a, 0), message, s), no),
      vector("another key", of(testing::key_named("council 2").public_key().bytes, message, s), no),
      vector("63 bytes", of(a, message, s.first(63)), no),
      vector("no bytes", of(a, message, {}), no),
  });
}

Json judge(const Json& input) {
  crypto::PublicKey key;
  const Bytes bytes = bytes_at(input, "publicKey");
  CHECK(bytes.size() == key.bytes.size());
  std::memcpy(key.bytes.data(), bytes.data(), bytes.size());
  if (crypto::verify(key, bytes_at(input, "message"), bytes_at(input, "signature")))
    return accept();
  return refuse("unauthorised", "SIG-4");
}

}  // namespace signatures_file

const VectorFile kSignatures{"signatures",
                             "Ed25519 as bytes.md reads it: no cofactor, S below L, canonical A "
                             "and R, neither of small order. "
                             "Hex.",
                             signatures_file::make, signatures_file::judge};

}  // namespace holdfast::vectors
