// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/key.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "ledger/crypto/sha256.h"
#include "tests/crypto/test_bytes.h"

namespace holdfast::crypto {
namespace {

struct Vector {
  const char* seed;
  const char* public_key;
  const char* message;
  const char* signature;
};

// RFC 8032 section 7.1: tests 1, 2, 3 and SHA(abc).
const Vector kVectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "4"
     "6bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d"
     "8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "6"
     "594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fee"
     "b"
     "bd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e"
     "0"
     "303dca179c138ac17ad9bef1177331a704"},
};

PublicKey ed25519(std::string_view hex) {
  const Bytes bytes = from_hex(hex);
  PublicKey key;
  CHECK(bytes.size() == key.bytes.size());
  std::ranges::copy(bytes, key.bytes.begin());
  return key;
}

TEST(SigningKey, MakesTheVectorsOfTheRfc) {
  for (const Vector& vector : kVectors) {
    const SigningKey key = SigningKey::from_seed(from_hex(vector.seed));
    EXPECT_EQ(format_hex(key.public_key().bytes), vector.public_key);
    EXPECT_EQ(format_hex(key.seed()), vector.seed);
    const Bytes message = from_hex(vector.message);
    EXPECT_EQ(format_hex(key.sign(message)), vector.signature);
    EXPECT_TRUE(verify(ed25519(vector.public_key), message, from_hex(vector.signature)));
  }
}

TEST(SigningKey, IsAnotherOneForOtherRandomBytes) {
  CountingRandom random;
  const SigningKey first = SigningKey::generate(random);
  const SigningKey second = SigningKey::generate(random);
  EXPECT_NE(first.public_key(), second.public_key());
  EXPECT_NE(first.id(), second.id());
  EXPECT_TRUE(verify(first.public_key(), as_bytes("text"), first.sign(as_bytes("text"))));
  EXPECT_FALSE(verify(second.public_key(), as_bytes("text"), first.sign(as_bytes("text"))));
}

TEST(KeyId, CoversTheAlgorithmAndTheKey) {
  PublicKey key = ed25519(kVectors[0].public_key);
  Bytes preimage = to_bytes("holdfast/key/v1\n");
  append_u16be(preimage, 1);
  append(preimage, key.bytes);
  const KeyId signing = key_id(key);
  EXPECT_EQ(signing.bytes, sha256(preimage));
  key.algorithm = Algorithm::kX25519;
  EXPECT_NE(key_id(key), signing);
}

TEST(KeyId, IsTheSameWhicheverKeysWereAskedAboutBefore) {
  // Alike in the first byte, so that they share a place in what a thread remembers.
  std::vector<PublicKey> keys(8, ed25519(kVectors[0].public_key));
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i].bytes[31] = static_cast<std::byte>(i);
  for (int round = 0; round < 2; ++round)
    for (const PublicKey& key : keys) {
      Bytes preimage = to_bytes("holdfast/key/v1\n");
      append_u16be(preimage, 1);
      append(preimage, key.bytes);
      EXPECT_EQ(key_id(key).bytes, sha256(preimage));
      EXPECT_EQ(key_id(key).bytes, sha256(preimage));
    }
}

TEST(PublicKeyText, ReadsWhatItWrites) {
  PublicKey key = ed25519(kVectors[1].public_key);
  EXPECT_EQ(format_public_key(key), "ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=");
  EXPECT_EQ(*parse_public_key(format_public_key(key)), key);
  key.algorithm = Algorithm::kX25519;
  EXPECT_EQ(*parse_public_key(format_public_key(key)), key);
}

TEST(PublicKeyText, RefusesOtherForms) {
  for (const char* text :
       {"", "ed25519", "ed25519:", "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=",
        "rsa:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=",
        "Ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=",
        "ed25519: PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=",
        "ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw",
        "ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\n",
        "ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0", "ed25519:Zm9v"})
    EXPECT_FALSE(parse_public_key(text)) << text;
}

// RFC 7748 section 6.1.
TEST(SealingKey, MakesTheVectorOfTheRfc) {
  const Bytes alice = from_hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
  const SealingKey key = SealingKey::from_seed(alice);
  EXPECT_EQ(key.public_key().algorithm, Algorithm::kX25519);
  EXPECT_EQ(format_hex(key.public_key().bytes),
            "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  EXPECT_TRUE(equal(key.seed(), alice));
}

}  // namespace
}  // namespace holdfast::crypto
