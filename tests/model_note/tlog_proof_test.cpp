// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "ledger/model/note.h"

namespace holdfast::model {
namespace {

std::string some_checkpoint() {
  const crypto::SigningKey key = crypto::SigningKey::from_seed(Bytes(32));
  const std::string text = format_checkpoint({"village.example/kelp", {5}, {}, {}});
  return format_note({text, {sign_note(text, "village.example/kelp", key)}});
}

NodeHash hash_of(unsigned char fill) {
  NodeHash hash;
  hash.bytes.fill(std::byte{fill});
  return hash;
}

TEST(TlogProof, WritesTheLinesOfTheSpecification) {
  const TlogProof proof{
      to_bytes("salt"), LeafIndex{3}, {hash_of(0), hash_of(255)}, some_checkpoint()};
  EXPECT_EQ(format_tlog_proof(proof),
            "c2sp.org/tlog-proof@v1\n"
            "extra c2FsdA==\n"
            "index 3\n"
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
            "//////////////////////////////////////////8=\n"
            "\n" +
                some_checkpoint());
}

TEST(TlogProof, ReadsWhatItWrites) {
  for (std::size_t hashes : {0u, 1u, 63u}) {
    for (const char* extra : {"", "x"}) {
      const TlogProof proof{to_bytes(extra), LeafIndex{hashes},
                            std::vector<NodeHash>(hashes, hash_of(7)), some_checkpoint()};
      const auto back = parse_tlog_proof(format_tlog_proof(proof));
      ASSERT_TRUE(back) << describe(back.error());
      EXPECT_EQ(*back, proof);
    }
  }
}

TEST(TlogProof, RefusesOtherForms) {
  const std::string header = "c2sp.org/tlog-proof@v1\n";
  const std::string hash = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
  const std::string tail = "\n" + some_checkpoint();
  ASSERT_TRUE(parse_tlog_proof(header + "index 0\n" + hash + tail));
  for (const std::string& text :
       std::vector<std::string>{std::string(),
                                header,
                                header + "index 0\n",
                                "c2sp.org/tlog-proof@v2\nindex 0\n" + tail,
                                " " + header + "index 0\n" + tail,
                                header + tail,
                                header + "index 01\n" + tail,
                                header + "index\n" + tail,
                                header + "index -1\n" + tail,
                                header + "Index 1\n" + tail,
                                header + "extra \nindex 0\n" + tail,
                                header + "extra\nindex 0\n" + tail,
                                header + "extra Zh==\nindex 0\n" + tail,
                                header + "index 0\nextra Zg==\n" + tail,
                                header + "extra Zg==\nextra Zg==\nindex 0\n" + tail,
                                header + "index 0\n" + hash + "index 0\n" + tail,
                                header + "index 0\nAAAA\n" + tail,
                                header + "index 0\n" + hash.substr(0, 43) + "\n" + tail,
                                header + "index 0\n " + hash + tail,
                                header + "index 0\n" + hash + some_checkpoint(),
                                header + "index 0\n" + hash + "\n" + "text\n",
                                header + "index 0\r\n" + hash + tail})
    EXPECT_FALSE(parse_tlog_proof(text)) << text;
  std::string long_path = header + "index 0\n";
  for (int i = 0; i < 64; ++i) long_path += hash;
  EXPECT_FALSE(parse_tlog_proof(long_path + tail));
  EXPECT_FALSE(parse_tlog_proof(header + "extra " + std::string(kTlogProofBytesMax, 'A') +
                                "\nindex 0\n" + tail));
}

}  // namespace
}  // namespace holdfast::model
