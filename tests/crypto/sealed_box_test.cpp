// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/sealed_box.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include "ledger/crypto/raw.h"
#include "tests/crypto/test_bytes.h"

namespace holdfast::crypto {
namespace {

class SealedBox : public ::testing::Test {
 protected:
  SystemRandom random;
  SealingKey key = SealingKey::generate(random);
};

TEST_F(SealedBox, IsOpenedByItsKeyAndByNoOther) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{100'000}}) {
    const Bytes text(size, std::byte{7});
    const auto box = seal_to(key.public_key(), text, random);
    ASSERT_TRUE(box);
    EXPECT_EQ(box->size(), size + kSealedBoxOverheadBytes);
    EXPECT_EQ(*open_sealed(key, *box), text);
    EXPECT_FALSE(open_sealed(SealingKey::generate(random), *box));
  }
}

TEST_F(SealedBox, HasTheBytesOfLibsodiumsOwnSealedBoxes) {
  const Bytes text = to_bytes("kelp");
  Bytes theirs(text.size() + kSealedBoxOverheadBytes);
  ASSERT_EQ(crypto_box_seal(raw(theirs.data()), raw(text.data()), text.size(),
                            raw(key.public_key().bytes.data())),
            0);
  EXPECT_EQ(*open_sealed(key, theirs), text);

  const Bytes ours = *seal_to(key.public_key(), text, random);
  Bytes opened(text.size());
  ASSERT_EQ(crypto_box_seal_open(raw(opened.data()), raw(ours.data()), ours.size(),
                                 raw(key.public_key().bytes.data()), raw(key.seed().data())),
            0);
  EXPECT_EQ(opened, text);
}

TEST_F(SealedBox, IsTheSameForTheSameRandomBytesAndElseAnother) {
  CountingRandom one;
  CountingRandom same;
  CountingRandom other(1);
  const Bytes text = to_bytes("kelp");
  const Bytes box = *seal_to(key.public_key(), text, one);
  EXPECT_EQ(box, *seal_to(key.public_key(), text, same));
  EXPECT_NE(box, *seal_to(key.public_key(), text, other));
}

TEST_F(SealedBox, IsRefusedWithAnyByteChangedOrCutShort) {
  const Bytes box = *seal_to(key.public_key(), to_bytes("kelp"), random);
  for (std::size_t at = 0; at < box.size(); ++at) {
    Bytes other = box;
    other[at] ^= std::byte{1};
    EXPECT_FALSE(open_sealed(key, other)) << at;
    EXPECT_FALSE(open_sealed(key, ByteView(box).first(at))) << at;
  }
}

TEST_F(SealedBox, IsNotMadeForAKeyThatAgreesOnNothing) {
  PublicKey nothing = key.public_key();
  nothing.bytes.fill(std::byte{0});
  const auto refused = seal_to(nothing, to_bytes("kelp"), random);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kMalformed);
  EXPECT_FALSE(seal_to(SigningKey::generate(random).public_key(), to_bytes("kelp"), random));
}

}  // namespace
}  // namespace holdfast::crypto
