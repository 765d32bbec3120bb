// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "ledger/crypto/sha256.h"
#include "ledger/model/note.h"

namespace holdfast::model {
namespace {

// Made by another implementation (Python's cryptography package) from the seed 00 01 ... 1f.
const std::string kCheckpointText =
    "village.example/kelp\n2\nSBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=\n";
const std::string kLogLine =
    "— village.example/kelp "
    "sfgX+3UkmBQvmk2cF+lurIFpOvuldk0NxsUFUGJslKYB+qHdoqHQNfo7ygNIZxo7uuwc9K7Mq8jD9lbw/LISkkaXkwc="
    "\n";
const std::string kWitnessLine =
    "— witness.example/tide "
    "1VHB5AAAAABppAcYZfifvmyBwcn+k34OjZrGfun3AcBUGpZXTyhe60qj1y01n8+2twU0f9IpJ1pr7A7PxrMHUFFXw3udWl"
    "m4QMVxBg==\n";
const char* const kLogKey =
    "village.example/kelp+b1f817fb+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
const char* const kWitnessKey =
    "witness.example/tide+d551c1e4+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";

crypto::SigningKey counting_key() {
  Bytes seed;
  for (unsigned i = 0; i < 32; ++i) seed.push_back(static_cast<std::byte>(i));
  return crypto::SigningKey::from_seed(seed);
}

TEST(Checkpoint, ReadsWhatItWrites) {
  const auto checkpoint = parse_checkpoint(kCheckpointText);
  ASSERT_TRUE(checkpoint) << describe(checkpoint.error());
  EXPECT_EQ(checkpoint->origin, "village.example/kelp");
  EXPECT_EQ(checkpoint->size, TreeSize{2});
  EXPECT_EQ(checkpoint->root.bytes, crypto::sha256(as_bytes("root")));
  EXPECT_TRUE(checkpoint->extensions.empty());
  EXPECT_EQ(format_checkpoint(*checkpoint), kCheckpointText);
}

TEST(Checkpoint, KeepsExtensionLinesAndOthersOrigins) {
  const std::string text =
      "go.sum database tree" + kCheckpointText.substr(kCheckpointText.find('\n')) + "one\ntwo 2\n";
  const auto checkpoint = parse_checkpoint(text);
  ASSERT_TRUE(checkpoint) << describe(checkpoint.error());
  EXPECT_EQ(checkpoint->origin, "go.sum database tree");
  EXPECT_EQ(checkpoint->extensions, (std::vector<std::string>{"one", "two 2"}));
  EXPECT_EQ(format_checkpoint(*checkpoint), text);
}

TEST(Checkpoint, RefusesOtherForms) {
  const std::string root = "SBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=\n";
  for (const std::string& text :
       std::vector<std::string>{std::string(),
                                std::string("\n"),
                                std::string("o\n"),
                                std::string("o\n2\n"),
                                kCheckpointText.substr(0, kCheckpointText.size() - 1),
                                "\n2\n" + root,
                                "o\n\n" + root,
                                "o\n02\n" + root,
                                "o\n+2\n" + root,
                                "o\n-2\n" + root,
                                "o\n 2\n" + root,
                                "o\n2 \n" + root,
                                "o\n0x2\n" + root,
                                "o\n9223372036854775808\n" + root,
                                "o\n18446744073709551616\n" + root,
                                "o\n2\n\n" + root,
                                "o\n2\n" + root.substr(4),
                                "o\n2\nAA" + root,
                                "o\n2\nSBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I\n",
                                "o\n2\nSBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7J=\n",
                                kCheckpointText + "\n",
                                kCheckpointText + "x",
                                kCheckpointText + "x\n\n",
                                kCheckpointText + "\nx\n",
                                "o\r\n2\r\n" + root,
                                "o\x01\n2\n" + root,
                                "\xff\n2\n" + root,
                                std::string(256, 'o').append("\n2\n").append(root)}) {
    const auto checkpoint = parse_checkpoint(text);
    ASSERT_FALSE(checkpoint) << text;
    EXPECT_EQ(checkpoint.error().rule, "NOTE-4") << text;
    EXPECT_EQ(checkpoint.error().code, Code::kMalformed) << text;
  }
  std::string longest(255, 'o');
  EXPECT_TRUE(parse_checkpoint(longest.append("\n9223372036854775807\n").append(root)));
}

TEST(Checkpoint, OfSizeZeroHasTheRootOfNothing) {
  EXPECT_TRUE(parse_checkpoint("o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"));
  EXPECT_FALSE(parse_checkpoint("o\n0\nSBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=\n"));
}

TEST(Cosignature, IsTheSameAsAnotherImplementationMakes) {
  const crypto::SigningKey key = counting_key();
  const Note note{kCheckpointText,
                  {sign_note(kCheckpointText, "village.example/kelp", key),
                   cosign_note(kCheckpointText, "witness.example/tide", key, 1772357400)}};
  EXPECT_EQ(format_note(note), kCheckpointText + "\n" + kLogLine + kWitnessLine);
  EXPECT_EQ(format_vkey({"witness.example/tide", NoteKeyType::kCosignature, key.public_key()}),
            kWitnessKey);
}

TEST(Cosignature, VerifiesBesideTheLogsSignature) {
  const auto note = parse_note(kCheckpointText + "\n" + kLogLine + kWitnessLine).value();
  const std::vector known{parse_vkey(kLogKey).value(), parse_vkey(kWitnessKey).value()};
  EXPECT_EQ(*verify_note(note, known), known);
  const NoteSignature* line = find_signature(note, known[1]);
  ASSERT_NE(line, nullptr);
  EXPECT_EQ(parse_cosignature(*line)->time, 1772357400);
  const auto log_only = parse_note(kCheckpointText + "\n" + kLogLine).value();
  EXPECT_EQ(find_signature(log_only, known[1]), nullptr);
}

TEST(Cosignature, CoversTimeAndEveryLineOfTheText) {
  const std::vector known{parse_vkey(kWitnessKey).value()};
  const crypto::SigningKey key = counting_key();
  const std::string extended = kCheckpointText + "extension\n";
  const Note note{extended, {cosign_note(extended, known[0].name, key, 1772357400)}};
  EXPECT_TRUE(verify_note(note, known));
  Note shorter = note;
  shorter.text = kCheckpointText;
  EXPECT_EQ(verify_note(shorter, known).error().rule, "NOTE-2");
  for (std::size_t i = 0; i < note.signatures[0].signature.size(); ++i) {
    Note other = note;
    other.signatures[0].signature[i] ^= std::byte{1};
    EXPECT_EQ(verify_note(other, known).error().rule, "NOTE-2") << "byte " << i;
  }
}

TEST(Cosignature, IsNoLogSignatureAndTheOtherWayRound) {
  const crypto::SigningKey key = counting_key();
  const VerifierKey as_log{"same", NoteKeyType::kEd25519, key.public_key()};
  const VerifierKey as_witness{"same", NoteKeyType::kCosignature, key.public_key()};
  // The key hash of the one with the bytes of the other.
  NoteSignature forged = sign_note(kCheckpointText, "same", key);
  forged.key_hash = note_key_hash(as_witness);
  EXPECT_EQ(verify_note({kCheckpointText, {forged}}, std::vector{as_witness}).error().rule,
            "NOTE-2");
  forged = cosign_note(kCheckpointText, "same", key, 1);
  forged.key_hash = note_key_hash(as_log);
  EXPECT_EQ(verify_note({kCheckpointText, {forged}}, std::vector{as_log}).error().rule, "NOTE-2");
}

TEST(Cosignature, RefusesOtherLengthsAndTimesBeyondSixtyThreeBits) {
  NoteSignature signature{"w", 0, Bytes(72)};
  EXPECT_EQ(parse_cosignature(signature)->time, 0);
  signature.signature[0] = std::byte{0x80};
  EXPECT_EQ(parse_cosignature(signature).error().rule, "NOTE-7");
  for (std::size_t n : {0, 8, 64, 71, 73}) {
    signature.signature = Bytes(n);
    EXPECT_EQ(parse_cosignature(signature).error().rule, "NOTE-7") << n;
  }
}

}  // namespace
}  // namespace holdfast::model
