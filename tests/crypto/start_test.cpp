// SPDX-License-Identifier: AGPL-3.0-or-later
// What start() finds out about the library at hand. The lenient ones here are what it must not take
// for a strict one: OpenSSL, which reads RFC 8032 otherwise, and two made from libsodium's points.
#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <memory>

#include "ledger/core/check.h"
#include "ledger/crypto/raw.h"
#include "ledger/crypto/strictness.h"

namespace holdfast::crypto {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Block = std::array<unsigned char, 32>;

Block block_of(ByteView bytes) {
  Block out{};
  CHECK(bytes.size() == out.size());
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<std::byte*>(out.data()));
  return out;
}

bool openssl_verify(const PublicKey& key, ByteView message, ByteView signature) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> opened(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(key.bytes.data()), 32),
      EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  CHECK(opened != nullptr && context != nullptr);
  CHECK(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, opened.get()) == 1);
  return EVP_DigestVerify(context.get(), raw(signature.data()), signature.size(),
                          raw(message.data()), message.size()) == 1;
}

Block reduced(const Block& scalar) {
  std::array<unsigned char, 64> wide{};
  std::copy(scalar.begin(), scalar.end(), wide.begin());
  Block out{};
  crypto_core_ed25519_scalar_reduce(out.data(), wide.data());
  return out;
}

// S mod L in place of S, as libraries once read it.
bool verify_any_scalar(const PublicKey& key, ByteView message, ByteView signature) {
  const Block s = reduced(block_of(signature.subspan(32)));
  Bytes below_order(signature.begin(), signature.begin() + 32);
  append(below_order, std::as_bytes(std::span(s)));
  return verify(key, message, below_order);
}

Block eight_times(Block point) {
  for (int i = 0; i < 3; ++i)
    CHECK(crypto_core_ed25519_add(point.data(), point.data(), point.data()) == 0);
  return point;
}

// 8 S B = 8 R + 8 k A, which RFC 8032 allows too. An A of small order is refused on the way.
bool verify_with_cofactor(const PublicKey& key, ByteView message, ByteView signature) {
  const Block r = block_of(signature.first(32));
  const Block s = block_of(signature.subspan(32));
  const Block a = block_of(key.bytes);
  if (s != reduced(s)) return false;
  Bytes preimage(signature.begin(), signature.begin() + 32);
  append(preimage, key.bytes);
  append(preimage, message);
  std::array<unsigned char, 64> hash{};
  crypto_hash_sha512(hash.data(), raw(preimage.data()), preimage.size());
  Block k{};
  crypto_core_ed25519_scalar_reduce(k.data(), hash.data());
  Block left{};
  Block right{};
  if (crypto_scalarmult_ed25519_base_noclamp(left.data(), s.data()) != 0) return false;
  if (crypto_scalarmult_ed25519_noclamp(right.data(), k.data(), eight_times(a).data()) != 0)
    return false;
  if (crypto_core_ed25519_add(right.data(), eight_times(r).data(), right.data()) != 0) return false;
  return eight_times(left) == right;
}

TEST(Start, FindsTheLibraryAtHandStrict) {
  start();
  EXPECT_THAT(misjudged(verify), IsEmpty());
  require_strictness();
}

TEST(Start, FindsOutALibraryThatTakesSmallOrders) {
  EXPECT_THAT(misjudged(openssl_verify),
              ElementsAre("A of small order", "A that is not canonical", "R of small order"));
}

TEST(Start, FindsOutALibraryThatTakesASecondSpellingOfAScalar) {
  EXPECT_THAT(misjudged(verify_any_scalar), ElementsAre("S + L in place of S"));
}

TEST(Start, FindsOutALibraryThatMultipliesByTheCofactor) {
  EXPECT_THAT(misjudged(verify_with_cofactor),
              ElementsAre("R of small order", "R that only the cofactor forgives",
                          "A that only the cofactor forgives"));
}

TEST(Start, FindsOutALibraryThatTakesNothingOrEverything) {
  EXPECT_EQ(misjudged([](const PublicKey&, ByteView, ByteView) { return false; }).size(), 2u);
  EXPECT_EQ(misjudged([](const PublicKey&, ByteView, ByteView) { return true; }).size(), 6u);
}

}  // namespace
}  // namespace holdfast::crypto
