// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/sha256.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "tests/crypto/test_bytes.h"

namespace holdfast::crypto {
namespace {

// FIPS 180-4 examples.
TEST(Sha256, MakesTheVectorsOfTheStandard) {
  EXPECT_EQ(format_hex(sha256(as_bytes(""))),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(format_hex(sha256(as_bytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(
      format_hex(sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  Sha256 million;
  for (int i = 0; i < 1000; ++i) million.update(as_bytes(std::string(1000, 'a')));
  EXPECT_EQ(format_hex(million.finish()),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, GivesTheSameForPartsPiecesAndTheWhole) {
  Bytes all;
  for (unsigned n = 0; n <= 300; ++n) {
    const ByteView view(all);
    const Hash whole = sha256(view);
    const std::size_t a = n / 3;
    const std::size_t b = n / 2;
    EXPECT_EQ(sha256({view.first(a), view.subspan(a, b - a), ByteView{}, view.subspan(b)}), whole);
    Sha256 pieces;
    for (const std::byte& byte : all) pieces.update({&byte, 1});
    EXPECT_EQ(pieces.finish(), whole);
    all.push_back(static_cast<std::byte>(n * 131 + 7));
  }
}

TEST(Sha256, StartsAgainAfterFinish) {
  Sha256 hash;
  hash.update(as_bytes("something else"));
  (void)hash.finish();
  hash.update(as_bytes("abc"));
  EXPECT_EQ(hash.finish(), sha256(as_bytes("abc")));
}

TEST(Sha256, GoesOnWhereItWasAfterAMove) {
  Sha256 first;
  first.update(as_bytes("a"));
  Sha256 second(std::move(first));
  second.update(as_bytes("b"));
  Sha256 third;
  third = std::move(second);
  third.update(as_bytes("c"));
  EXPECT_EQ(third.finish(), sha256(as_bytes("abc")));
}

TEST(Sha256, IsTheSameInEveryThread) {
  std::vector<Hash> hashes(8);
  {
    std::vector<std::jthread> threads;
    for (Hash& hash : hashes)
      threads.emplace_back([&hash] {
        for (int i = 0; i < 1000; ++i) hash = sha256({hash, as_bytes("x")});
      });
  }
  for (const Hash& hash : hashes) EXPECT_EQ(hash, hashes[0]);
}

// RFC 4231 sections 4.2 to 4.5.
TEST(HmacSha256, MakesTheVectorsOfTheRfc) {
  EXPECT_EQ(format_hex(hmac_sha256(Bytes(20, std::byte{0x0b}), {as_bytes("Hi There")})),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(format_hex(hmac_sha256(as_bytes("Jefe"),
                                   {as_bytes("what do ya want "), as_bytes("for nothing?")})),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(format_hex(hmac_sha256(Bytes(20, std::byte{0xaa}), {Bytes(50, std::byte{0xdd})})),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(format_hex(hmac_sha256(from_hex("0102030405060708090a0b0c0d0e0f10111213141516171819"),
                                   {Bytes(50, std::byte{0xcd})})),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
}

TEST(HmacSha256, TakesKeysUpToOneBlockAndNoMore) {
  EXPECT_NE(hmac_sha256(Bytes(64), {}), hmac_sha256(Bytes(64, std::byte{1}), {}));
  EXPECT_EQ(hmac_sha256({}, {}), hmac_sha256(Bytes(64), {})) << "shorter keys are padded by zeros";
  EXPECT_DEATH((void)hmac_sha256(Bytes(65), {}), "broken invariant");
}

TEST(ConstantTimeComparison, AgreesWithTheOrdinaryOne) {
  EXPECT_TRUE(equal_constant_time({}, {}));
  EXPECT_TRUE(equal_constant_time(as_bytes("same"), as_bytes("same")));
  EXPECT_FALSE(equal_constant_time(as_bytes("same"), as_bytes("sama")));
  EXPECT_FALSE(equal_constant_time(as_bytes("same"), as_bytes("sam")));
}

}  // namespace
}  // namespace holdfast::crypto
