// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/note.h"

#include <gtest/gtest.h>

namespace holdfast::model {
namespace {

// The published example of golang.org/x/mod/sumdb/note.
const char* const kPeter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const char* const kEnoch = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const std::string kNoteText =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
const std::string kPeterLine =
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    "\n";
const std::string kEnochLine =
    "— EnochRoot "
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ="
    "\n";

VerifierKey vkey(const char* text) { return parse_vkey(text).value(); }

std::string rule_of(const Error& error) { return error.rule; }

std::string with(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(Note, OpensTheExampleOfTheGoPackage) {
  const auto note = parse_note(kNoteText + "\n" + kPeterLine + kEnochLine);
  ASSERT_TRUE(note) << describe(note.error());
  EXPECT_EQ(note->text, kNoteText);
  ASSERT_EQ(note->signatures.size(), 2u);
  EXPECT_EQ(note->signatures[0].name, "PeterNeumann");
  EXPECT_EQ(note->signatures[0].key_hash, 0xc74f20a3u);
  EXPECT_EQ(note->signatures[0].signature.size(), 64u);

  const VerifierKey peter = vkey(kPeter);
  const VerifierKey enoch = vkey(kEnoch);
  EXPECT_EQ(*verify_note(*note, std::vector{peter}), std::vector{peter});
  EXPECT_EQ(*verify_note(*note, std::vector{enoch, peter}), (std::vector{peter, enoch}));
  EXPECT_EQ(find_signature(*note, enoch), &note->signatures[1]);
}

TEST(Note, SignsLikeTheGoPackage) {
  // Its published signer key: a type byte and the seed.
  const Bytes skey = parse_base64("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz").value();
  const auto key = crypto::SigningKey::from_seed(ByteView(skey).subspan(1));
  EXPECT_EQ(format_note({kNoteText, {sign_note(kNoteText, "PeterNeumann", key)}}),
            kNoteText + "\n" + kPeterLine);
  EXPECT_EQ(format_vkey({"PeterNeumann", NoteKeyType::kEd25519, key.public_key()}), kPeter);
}

TEST(Note, MayHoldEmptyLinesInItsText) {
  const crypto::SigningKey key = crypto::SigningKey::from_seed(Bytes(32));
  const VerifierKey known{"k", NoteKeyType::kEd25519, key.public_key()};
  for (const std::string text : {"\n", "\n\n", "a\n\nb\n", "a\n\n\n", "— looks like one\n\n— too\n",
                                 "macrons: ā ē ī ō ū\n", "\xf0\x9f\x8c\x8a\n", "\x7f\n"}) {
    const Note note{text, {sign_note(text, "k", key)}};
    const auto back = parse_note(format_note(note));
    ASSERT_TRUE(back) << describe(back.error());
    EXPECT_EQ(*back, note);
    EXPECT_TRUE(verify_note(*back, std::vector{known}));
  }
}

TEST(Note, RefusesOtherForms) {
  const std::string base64 = kPeterLine.substr(std::string("— PeterNeumann ").size());
  const std::string good = kNoteText + "\n" + kPeterLine;
  ASSERT_TRUE(parse_note(good));
  for (const std::string& bytes :
       std::vector<std::string>{std::string(),
                                std::string("\n"),
                                kNoteText,
                                kNoteText + "\n",
                                "\n" + kPeterLine,
                                kPeterLine,
                                kNoteText + kPeterLine,
                                good.substr(0, good.size() - 1),
                                good + "\n",
                                good + "Unexpected\n",
                                good + " \n",
                                "\x01" + good,
                                "\t" + good,
                                "\r\n" + good,
                                "\xff" + good,
                                std::string(1, '\0') + good,
                                good + "— PeterNeumann\n",
                                good + "— PeterNeumann \n",
                                good + "— Bad Name " + base64,
                                good + "— " + base64,
                                good + "—  " + base64,
                                good + "— a+b " + base64,
                                good + "- PeterNeumann " + base64,
                                good + "—PeterNeumann " + base64,
                                good + "– PeterNeumann " + base64,
                                good + "— PeterNeumann  " + base64,
                                good + "— a\u00a0b " + base64,
                                good + "— a\u3000b " + base64,
                                good + "— a\u0085b " + base64,
                                good + "— x AAAAAA==\n",
                                good + "— x AAAAAB==\n",
                                good + "— x AAAAAAA\n",
                                good + "— x AAAAAAB=\n",
                                good + "— x AAAA AAA=\n",
                                good + "— " + std::string(256, 'n') + " " + base64})
    EXPECT_FALSE(parse_note(bytes)) << bytes;
  EXPECT_TRUE(parse_note(good + "— x AAAAAAA=\n")) << "a key hash and one byte";
  EXPECT_TRUE(parse_note(good + "— " + std::string(255, 'n') + " " + base64));
}

TEST(Note, RefusesBytesThatAreNotUtf8) {
  for (const char* bytes :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xc3", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
        "\xef\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe"}) {
    const auto note = parse_note(bytes + ("\n\n" + kPeterLine));
    ASSERT_FALSE(note);
    EXPECT_EQ(rule_of(note.error()), "NOTE-1");
  }
  for (const char* bytes : {"\xc2\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(parse_note(bytes + ("\n\n" + kPeterLine)));
}

TEST(Note, TakesSixtyFourSignaturesAndNoMore) {
  std::string bytes = kNoteText + "\n";
  for (int i = 0; i < 64; ++i) bytes += kEnochLine;
  EXPECT_TRUE(parse_note(bytes));
  EXPECT_EQ(rule_of(parse_note(bytes + kPeterLine).error()), "NOTE-1");
  std::string long_text(kNoteBytesMax, 'a');
  EXPECT_FALSE(parse_note(long_text.append("\n\n").append(kPeterLine)));
}

TEST(VerifyNote, RejectsAKnownKeysSignatureThatFailsEvenBesideAGoodOne) {
  const std::vector known{vkey(kPeter), vkey(kEnoch)};
  const std::string broken = with(kEnochLine, "eBzmZa0S", "eBzmZa0T");
  auto note = parse_note(kNoteText + "\n" + kPeterLine + broken).value();
  EXPECT_EQ(rule_of(verify_note(note, known).error()), "NOTE-2");
  EXPECT_TRUE(verify_note(note, std::vector{known[0]})) << "Enoch is unknown here";
  // A second line of the same key hides nothing.
  note = parse_note(kNoteText + "\n" + kEnochLine + broken).value();
  EXPECT_EQ(rule_of(verify_note(note, known).error()), "NOTE-2");
  // Neither does one that is too short to be a signature.
  note = parse_note(kNoteText + "\n" + kPeterLine + "— EnochRoot rwz+eAA=\n").value();
  EXPECT_EQ(rule_of(verify_note(note, known).error()), "NOTE-2");
}

TEST(VerifyNote, IgnoresTheUnknownAndRejectsWhereNobodyElseSigned) {
  const auto note = parse_note(kNoteText + "\n" + kPeterLine).value();
  EXPECT_EQ(rule_of(verify_note(note, {}).error()), "NOTE-3");
  EXPECT_EQ(rule_of(verify_note(note, std::vector{vkey(kEnoch)}).error()), "NOTE-3");
  // The same key under another name is another key; so is the same name with another key hash.
  VerifierKey renamed = vkey(kPeter);
  renamed.name = "PeterNeuman";
  EXPECT_EQ(rule_of(verify_note(note, std::vector{renamed}).error()), "NOTE-3");
  VerifierKey retyped = vkey(kPeter);
  retyped.type = NoteKeyType::kCosignature;
  EXPECT_EQ(rule_of(verify_note(note, std::vector{retyped}).error()), "NOTE-3");
  auto other_hash = note;
  other_hash.signatures[0].key_hash ^= 1;
  EXPECT_EQ(rule_of(verify_note(other_hash, std::vector{vkey(kPeter)}).error()), "NOTE-3");
}

TEST(VerifyNote, NamesEachKeyOnce) {
  const VerifierKey peter = vkey(kPeter);
  const auto note = parse_note(kNoteText + "\n" + kPeterLine + kPeterLine).value();
  EXPECT_EQ(verify_note(note, std::vector{peter, peter})->size(), 1u);
}

TEST(VerifyNote, RejectsAnyFlippedBitOfANoteWhoseKeysAreAllKnown) {
  const std::vector known{vkey(kPeter), vkey(kEnoch)};
  std::string bytes = kNoteText + "\n" + kPeterLine + kEnochLine;
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    const char mask = static_cast<char>(1u << (bit % 8));
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ mask);
    // A flip in a line's name or key hash makes its key unknown; what remains is the other
    // signature.
    if (const auto note = parse_note(bytes)) {
      const auto verified = verify_note(*note, known);
      EXPECT_TRUE(!verified || (note->text == kNoteText && verified->size() == 1)) << "bit " << bit;
    }
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ mask);
  }
}

TEST(VerifierKey, ReadsWhatItWritesAndNoPartOfIt) {
  const std::string text = kPeter;
  EXPECT_EQ(format_vkey(vkey(kPeter)), text);
  for (std::size_t begin = 0; begin <= text.size(); ++begin)
    for (std::size_t end = begin; end <= text.size(); ++end)
      if (begin != 0 || end != text.size()) {
        EXPECT_FALSE(parse_vkey(text.substr(begin, end - begin))) << begin << " " << end;
      }
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string other = text;
    ++other[i];
    EXPECT_FALSE(parse_vkey(other)) << other;
  }
  EXPECT_FALSE(parse_vkey(with(text, "c74f20a3", "C74F20A3")));
  EXPECT_FALSE(parse_vkey(with(text, "c74f20a3", "0c74f20a3")));
  EXPECT_FALSE(parse_vkey(text + "\n"));
}

TEST(VerifierKey, RefusesOtherLengthsAndTypesWithAFittingKeyHash) {
  EXPECT_FALSE(
      parse_vkey("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=="));
  EXPECT_EQ(
      parse_vkey("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").error().code,
      Code::kUnknownVersion);
}

TEST(KeyName, HasNoSpaceNoPlusAndAtMost255Bytes) {
  for (const char* name : {"a", "village.example/kelp", "kāinga.example", "a-b_c/d"})
    EXPECT_TRUE(check_key_name(name)) << name;
  for (const char* name : {"", " ", "a b", "a+b", "a\tb", "a\nb", "a\u00a0", "\u1680a", "a\u2028b",
                           "a\u202fb", "a\u205fb", "\u2003", "\xff"})
    EXPECT_EQ(rule_of(check_key_name(name).error()), "NOTE-5") << name;
  EXPECT_TRUE(check_key_name(std::string(255, 'a')));
  EXPECT_FALSE(check_key_name(std::string(256, 'a')));
}

}  // namespace
}  // namespace holdfast::model
