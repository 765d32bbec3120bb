// SPDX-License-Identifier: AGPL-3.0-or-later
// What verify() must refuse although a more lenient Ed25519 would take it. The forgeries are made
// here by arithmetic on scalars and points, so that each satisfies the equation S B = R + k A and
// fails only for the reason that its name says.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sodium.h>

#include <algorithm>

#include "ledger/crypto/key.h"
#include "ledger/crypto/raw.h"
#include "tests/crypto/test_bytes.h"

namespace holdfast::crypto {
namespace {

using Scalar = std::array<std::byte, 32>;
using Point = std::array<std::byte, 32>;

// L = 2^252 + 27742317777372353535851937790883648493, little-endian.
const char* const kOrder = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

template <typename Array = Point>
Array array_of(std::string_view hex) {
  const Bytes bytes = from_hex(hex);
  Array out{};
  CHECK(bytes.size() == out.size());
  std::ranges::copy(bytes, out.begin());
  return out;
}

// All encodings of the eight points of small order, canonical and not.
const char* const kSmallOrder[] = {
    "0100000000000000000000000000000000000000000000000000000000000000",  // order 1
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  // order 2
    "0000000000000000000000000000000000000000000000000000000000000000",  // order 4
    "0000000000000000000000000000000000000000000000000000000000000080",  // order 4
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",  // order 8
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",  // order 8
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",  // order 8
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",  // order 8
    "0100000000000000000000000000000000000000000000000000000000000080",  // 1, sign of zero set
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  // 1 as p + 1
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",  // -1, sign of zero set
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  // 0 as p
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};

// SHA-512(R || A || M) mod L.
Scalar challenge(const Point& r, const Point& a, ByteView message) {
  Bytes preimage(r.begin(), r.end());
  append(preimage, a);
  append(preimage, message);
  std::array<std::byte, 64> hash;
  crypto_hash_sha512(raw(hash.data()), raw(preimage.data()), preimage.size());
  Scalar out;
  crypto_core_ed25519_scalar_reduce(raw(out.data()), raw(hash.data()));
  return out;
}

// The secret scalar of a seed (RFC 8032 section 5.1.5), reduced mod L.
Scalar secret_scalar(ByteView seed) {
  std::array<std::byte, 64> hash;
  crypto_hash_sha512(raw(hash.data()), raw(seed.data()), seed.size());
  hash[0] &= std::byte{248};
  hash[31] = (hash[31] & std::byte{127}) | std::byte{64};
  std::fill(hash.begin() + 32, hash.end(), std::byte{0});
  Scalar out;
  crypto_core_ed25519_scalar_reduce(raw(out.data()), raw(hash.data()));
  return out;
}

Bytes join(const Point& r, const Scalar& s) {
  Bytes out(r.begin(), r.end());
  append(out, s);
  return out;
}

SigningKey some_key() {
  CountingRandom random(3);
  return SigningKey::generate(random);
}

// S + L, the second scalar for the same signature.
Bytes plus_order(Bytes signature) {
  const Bytes order = from_hex(kOrder);
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += static_cast<unsigned>(signature[32 + i]) + static_cast<unsigned>(order[i]);
    signature[32 + i] = static_cast<std::byte>(carry & 255);
    carry >>= 8;
  }
  return signature;
}

TEST(Verify, RefusesScalarsNotBelowTheOrder) {
  const SigningKey key = some_key();
  const Signature good = key.sign(as_bytes("text"));
  Bytes signature(good.begin(), good.end());
  for (int times = 1; times <= 14; ++times) {  // S + 14 L still fits into 32 bytes
    signature = plus_order(signature);
    EXPECT_FALSE(verify(key.public_key(), as_bytes("text"), signature)) << "S + " << times << " L";
  }
}

TEST(Verify, RefusesKeysOfSmallOrder) {
  for (const char* hex : kSmallOrder) {
    const PublicKey key{Algorithm::kEd25519, array_of(hex)};
    const Point base_like = some_key().public_key().bytes;
    // With S = 0 and R = -k A the equation holds; for A of order 8 that is one message in eight, so
    // all R of small order are tried on many messages.
    for (unsigned n = 0; n < 16; ++n) {
      const std::byte message[] = {static_cast<std::byte>(n)};
      for (const char* r : kSmallOrder)
        EXPECT_FALSE(verify(key, message, join(array_of(r), Scalar{}))) << hex << " " << r;
      EXPECT_FALSE(verify(key, message, join(base_like, Scalar{})));
    }
  }
}

TEST(Verify, RefusesRTheNeutralElementInEverySpelling) {
  // R neutral, S = k a: the equation holds, and whoever decodes R leniently accepts.
  const SigningKey key = some_key();
  for (const char* hex : kSmallOrder) {
    const Point r = array_of(hex);
    const Scalar k = challenge(r, key.public_key().bytes, as_bytes("text"));
    const Scalar a = secret_scalar(key.seed());
    Scalar s;
    crypto_core_ed25519_scalar_mul(raw(s.data()), raw(k.data()), raw(a.data()));
    EXPECT_FALSE(verify(key.public_key(), as_bytes("text"), join(r, s))) << hex;
  }
}

TEST(Verify, TakesTheSameForgeryWithAnHonestR) {
  // The control for the test above: the same arithmetic with R = r B is a valid signature.
  const SigningKey key = some_key();
  Scalar nonce{};
  nonce[0] = std::byte{5};
  Point r;
  ASSERT_EQ(crypto_scalarmult_ed25519_base_noclamp(raw(r.data()), raw(nonce.data())), 0);
  const Scalar k = challenge(r, key.public_key().bytes, as_bytes("text"));
  Scalar s;
  crypto_core_ed25519_scalar_mul(raw(s.data()), raw(k.data()),
                                 raw(secret_scalar(key.seed()).data()));
  crypto_core_ed25519_scalar_add(raw(s.data()), raw(s.data()), raw(nonce.data()));
  EXPECT_TRUE(verify(key.public_key(), as_bytes("text"), join(r, s)));
}

TEST(Verify, RefusesAnRWithATorsionPartThatOnlyTheCofactorForgives) {
  // R' = R + T with T of order 8: 8 S B = 8 R' + 8 k A holds, S B = R' + k A does not.
  const SigningKey key = some_key();
  Scalar nonce{};
  nonce[0] = std::byte{5};
  Point r;
  ASSERT_EQ(crypto_scalarmult_ed25519_base_noclamp(raw(r.data()), raw(nonce.data())), 0);
  const Point torsion = array_of(kSmallOrder[4]);
  Point mixed;
  ASSERT_EQ(crypto_core_ed25519_add(raw(mixed.data()), raw(r.data()), raw(torsion.data())), 0);
  const Scalar k = challenge(mixed, key.public_key().bytes, as_bytes("text"));
  Scalar s;
  crypto_core_ed25519_scalar_mul(raw(s.data()), raw(k.data()),
                                 raw(secret_scalar(key.seed()).data()));
  crypto_core_ed25519_scalar_add(raw(s.data()), raw(s.data()), raw(nonce.data()));
  EXPECT_FALSE(verify(key.public_key(), as_bytes("text"), join(mixed, s)));
}

TEST(Verify, RefusesKeysThatAreNoCanonicalPoint) {
  const SigningKey key = some_key();
  const Signature signature = key.sign(as_bytes("text"));
  // y = p + 3 ... p + 18 are second spellings of points with y = 3 ... 18.
  for (unsigned low = 0xed; low <= 0xff; ++low) {
    for (unsigned high : {0x7fu, 0xffu}) {
      PublicKey other{Algorithm::kEd25519, {}};
      other.bytes.fill(std::byte{0xff});
      other.bytes[0] = static_cast<std::byte>(low);
      other.bytes[31] = static_cast<std::byte>(high);
      EXPECT_FALSE(verify(other, as_bytes("text"), signature));
    }
  }
}

TEST(Verify, IsFalseForOtherAlgorithmsAndLengths) {
  const SigningKey key = some_key();
  const Signature good = key.sign(as_bytes("text"));
  for (const Algorithm algorithm : {Algorithm::kMlDsa44, Algorithm::kX25519, Algorithm{0}}) {
    EXPECT_FALSE(verify({algorithm, key.public_key().bytes}, as_bytes("text"), good));
  }
  Bytes signature(good.begin(), good.end());
  for (std::size_t n = 0; n < signature.size(); ++n)
    EXPECT_FALSE(verify(key.public_key(), as_bytes("text"), ByteView(signature).first(n)));
  signature.push_back(std::byte{0});
  EXPECT_FALSE(verify(key.public_key(), as_bytes("text"), signature));
}

TEST(Verify, RefusesEveryFlippedBitOfSignatureKeyAndMessage) {
  const SigningKey key = some_key();
  Bytes message = to_bytes("kelp grips the rock");
  Signature signature = key.sign(message);
  PublicKey public_key = key.public_key();
  const auto refuses_flips = [&](std::span<std::byte> bytes) {
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      const auto mask = static_cast<std::byte>(1u << (bit % 8));
      bytes[bit / 8] ^= mask;
      EXPECT_FALSE(verify(public_key, message, signature)) << "bit " << bit;
      bytes[bit / 8] ^= mask;
    }
  };
  refuses_flips(signature);
  refuses_flips(public_key.bytes);
  refuses_flips(message);
  EXPECT_TRUE(verify(public_key, message, signature));
}

RC_GTEST_PROP(Verify, TakesWhatWasSignedAndNothingElse,
              (std::vector<std::uint8_t> text, std::uint8_t seed, std::size_t where,
               std::uint8_t by)) {
  CountingRandom random(seed);
  const SigningKey key = SigningKey::generate(random);
  Bytes message;
  for (const std::uint8_t c : text) message.push_back(static_cast<std::byte>(c));
  Signature signature = key.sign(message);
  RC_ASSERT(verify(key.public_key(), message, signature));
  RC_PRE(by != 0);
  signature[where % signature.size()] ^= static_cast<std::byte>(by);
  RC_ASSERT(!verify(key.public_key(), message, signature));
}

}  // namespace
}  // namespace holdfast::crypto
