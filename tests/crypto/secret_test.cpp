// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/secret.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <type_traits>
#include <vector>

#include "ledger/crypto/secret_box.h"
#include "tests/crypto/test_bytes.h"

namespace holdfast::crypto {
namespace {

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);

TEST(Secret, BeginsAsZerosEvenWhereAnotherSecretWas) {
  for (std::size_t n : {1, 32, 64, 65, 5000}) {
    { const Secret used(Bytes(n, std::byte{0xff})); }
    const Secret fresh(n);
    EXPECT_TRUE(equal(fresh.view(), Bytes(n))) << n;
  }
}

TEST(Secret, IsWipedWhenItGoes) {
  const std::byte* where = nullptr;
  {
    const Secret secret(Bytes(32, std::byte{0xa5}));
    where = secret.view().data();
  }
  // The slot stays mapped: that is what makes this readable.
  EXPECT_TRUE(equal({where, 32}, Bytes(32)));
}

TEST(Secret, MovesAndLeavesNothingBehind) {
  Secret first(as_bytes("kept"));
  Secret second(std::move(first));
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(as_text(second.view()), "kept");
  Secret third(as_bytes("replaced"));
  third = std::move(second);
  EXPECT_EQ(as_text(third.view()), "kept");
  EXPECT_EQ(as_text(third.clone().view()), "kept");
  EXPECT_TRUE(second.empty());  // NOLINT(bugprone-use-after-move)
}

TEST(Secret, KeepsThousandsApart) {
  std::vector<Secret> secrets;
  for (unsigned i = 0; i < 2000; ++i) {
    secrets.emplace_back(32 + i % 48);
    for (std::byte& b : secrets.back().mutable_view()) b = static_cast<std::byte>(i);
  }
  for (unsigned i = 0; i < 2000; ++i)
    for (const std::byte b : secrets[i].view()) ASSERT_EQ(b, static_cast<std::byte>(i));
}

TEST(Start, SwitchesCoreDumpsOff) {
  start();
  start();
  rlimit limit{1, 1};
  ASSERT_EQ(getrlimit(RLIMIT_CORE, &limit), 0);
  EXPECT_EQ(limit.rlim_cur, 0u);
  EXPECT_EQ(prctl(PR_GET_DUMPABLE), 0);
}

// draft-irtf-cfrg-xchacha section A.3.1.
TEST(SecretBox, OpensTheVectorOfTheDraft) {
  const Bytes key = from_hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
  const Bytes context = from_hex("50515253c0c1c2c3c4c5c6c7");
  const std::string_view text =
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
      "sunscreen would be it.";
  CountingRandom nonce(0x40);
  EXPECT_EQ(
      format_hex(seal_secret(key, as_bytes(text), context, nonce)),
      "404142434445464748494a4b4c4d4e4f5051525354555657"
      "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda"
      "7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b23835"
      "65d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49");
}

TEST(SecretBox, OpensWhatItSealed) {
  CountingRandom random;
  const Bytes key(32, std::byte{7});
  for (std::size_t n : {0, 1, 32, 1000}) {
    const Bytes plaintext(n, std::byte{9});
    const Bytes box = seal_secret(key, plaintext, as_bytes("context"), random);
    EXPECT_EQ(box.size(), n + kSecretBoxOverheadBytes);
    const auto opened = open_secret(key, box, as_bytes("context"));
    ASSERT_TRUE(opened) << describe(opened.error());
    EXPECT_EQ(*opened, plaintext);
  }
}

TEST(SecretBox, RejectsAnyFlippedBitAndAnyOtherKeyContextOrLength) {
  CountingRandom random;
  const Bytes key(32, std::byte{7});
  Bytes box = seal_secret(key, as_bytes("plain"), as_bytes("context"), random);
  for (std::size_t bit = 0; bit < box.size() * 8; ++bit) {
    const auto mask = static_cast<std::byte>(1u << (bit % 8));
    box[bit / 8] ^= mask;
    EXPECT_FALSE(open_secret(key, box, as_bytes("context"))) << "bit " << bit;
    box[bit / 8] ^= mask;
  }
  EXPECT_FALSE(open_secret(Bytes(32, std::byte{8}), box, as_bytes("context")));
  EXPECT_FALSE(open_secret(key, box, as_bytes("other")));
  EXPECT_FALSE(open_secret(key, box, {}));
  for (std::size_t n = 0; n < box.size(); ++n)
    EXPECT_EQ(open_secret(key, ByteView(box).first(n), as_bytes("context")).error().code,
              Code::kMalformed);
  EXPECT_TRUE(open_secret(key, box, as_bytes("context")));
}

}  // namespace
}  // namespace holdfast::crypto
