// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/key_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "tests/crypto/test_bytes.h"

namespace holdfast::crypto {
namespace {

// The cheapest that the format allows, so that tests are quick.
constexpr PassphraseCost kCheap{1, 8};

struct Sealed {
  SigningKey key;
  KeyFile file;
};

Sealed sealed() {
  CountingRandom random(1);
  SigningKey key = SigningKey::generate(random);
  KeyFile file =
      seal_key("Kelp guardian", key.public_key(), key.seed(), as_bytes("secret"), kCheap, random)
          .value();
  return {std::move(key), std::move(file)};
}

TEST(KeyFile, OpensWithItsPassphraseAndNoOther) {
  const Sealed made = sealed();
  const auto opened = open_signing_key(made.file, as_bytes("secret"));
  ASSERT_TRUE(opened) << describe(opened.error());
  EXPECT_TRUE(equal(opened->seed(), made.key.seed()));
  EXPECT_EQ(opened->id(), made.key.id());
  for (const char* wrong : {"", "Secret", "secret ", "secre"})
    EXPECT_EQ(open_signing_key(made.file, as_bytes(wrong)).error().code, Code::kUnauthorised);
}

TEST(KeyFile, KeepsSealingKeysToo) {
  CountingRandom random(1);
  const SealingKey key = SealingKey::generate(random);
  const KeyFile file =
      seal_key("sealing", key.public_key(), key.seed(), as_bytes("p"), kCheap, random).value();
  const auto opened = open_sealing_key(file, as_bytes("p"));
  ASSERT_TRUE(opened) << describe(opened.error());
  EXPECT_EQ(opened->public_key(), key.public_key());
  EXPECT_EQ(open_signing_key(file, as_bytes("p")).error().code, Code::kInvalid);
  EXPECT_EQ(open_sealing_key(sealed().file, as_bytes("secret")).error().code, Code::kInvalid);
}

TEST(KeyFile, HoldsWhatItSaysUnderTheBox) {
  const std::function<void(KeyFile&)> alterations[] = {
      [](KeyFile& f) { f.name = "another"; },
      [](KeyFile& f) { f.public_key.bytes[0] ^= std::byte{1}; },
      [](KeyFile& f) { f.cost.passes = 2; },
      [](KeyFile& f) { f.cost.memory_kib = 16; },
      [](KeyFile& f) { f.salt[0] ^= std::byte{1}; },
      [](KeyFile& f) { f.box[0] ^= std::byte{1}; },
      [](KeyFile& f) { f.box.back() ^= std::byte{1}; },
  };
  for (const auto& alter : alterations) {
    KeyFile file = sealed().file;
    alter(file);
    EXPECT_EQ(open_signing_key(file, as_bytes("secret")).error().code, Code::kUnauthorised);
  }
  // An algorithm that was changed in the text opens as neither.
  KeyFile file = sealed().file;
  file.public_key.algorithm = Algorithm::kX25519;
  EXPECT_EQ(open_sealing_key(file, as_bytes("secret")).error().code, Code::kUnauthorised);
}

TEST(KeyFile, RefusesASeedThatIsNotThePublicKeys) {
  CountingRandom random(1);
  const SigningKey key = SigningKey::generate(random);
  const SigningKey other = SigningKey::generate(random);
  const KeyFile file =
      seal_key("mixed", key.public_key(), other.seed(), as_bytes("p"), kCheap, random).value();
  EXPECT_EQ(open_signing_key(file, as_bytes("p")).error().code, Code::kMalformed);
}

TEST(KeyFile, RefusesNamesAndCostsOutOfBounds) {
  CountingRandom random(1);
  const SigningKey key = SigningKey::generate(random);
  const auto seal = [&](std::string_view name, PassphraseCost cost) {
    const auto file = seal_key(name, key.public_key(), key.seed(), as_bytes("p"), cost, random);
    return file ? "" : code_name(file.error().code);
  };
  EXPECT_STREQ(seal(std::string(100, 'n'), kCheap), "");
  EXPECT_STREQ(seal(std::string(101, 'n'), kCheap), "malformed");
  EXPECT_STREQ(seal("", kCheap), "malformed");
  EXPECT_STREQ(seal("two\nlines", kCheap), "malformed");
  EXPECT_STREQ(seal("n", {0, 8}), "malformed");
  EXPECT_STREQ(seal("n", {17, 8}), "malformed");
  EXPECT_STREQ(seal("n", {1, 7}), "malformed");
  EXPECT_STREQ(seal("n", {1, 4 * 1024 * 1024 + 1}), "malformed");
}

TEST(KeyFileText, HasOneLineForEachThing) {
  const KeyFile file{"Kelp guardian",
                     {Algorithm::kEd25519, {}},
                     {3, 65536},
                     Bytes(16, std::byte{0xff}),
                     Bytes(72)};
  const std::string zeros(92, 'A');
  const std::string text =
      "format: holdfast/key-file/v1\n"
      "name: Kelp guardian\n"
      "algorithm: ed25519\n"
      "public key: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
      "kdf: argon2id, 3 passes, 65536 KiB\n"
      "salt: /////////////////////w==\n"
      "box: " +
      std::string(96, 'A') + "\n";
  EXPECT_EQ(format_key_file(file), text);
  const auto parsed = parse_key_file(text);
  ASSERT_TRUE(parsed) << describe(parsed.error());
  EXPECT_EQ(*parsed, file);
}

TEST(KeyFileText, IsTakenInOneFormOnly) {
  const std::string text = format_key_file(sealed().file);
  ASSERT_TRUE(parse_key_file(text));
  for (std::size_t n = 0; n < text.size(); ++n)
    EXPECT_FALSE(parse_key_file(text.substr(0, n))) << n << " bytes of it";
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string other = text;
    other.replace(other.find(from), from.size(), to);
    return other;
  };
  for (const std::string& other : {text + "\n",
                                   text + "more: 1\n",
                                   "\n" + text,
                                   with("name: ", "name:"),
                                   with("name: ", "name:  \t"),
                                   with("name: ", "Name: "),
                                   with("\nalgorithm", "\r\nalgorithm"),
                                   with("ed25519", "ed448"),
                                   with("1 passes", "01 passes"),
                                   with("1 passes", "0 passes"),
                                   with("1 passes", "17 passes"),
                                   with("8 KiB", "7 KiB"),
                                   with("8 KiB", "4194305 KiB"),
                                   with("8 KiB", "99999999999 KiB"),
                                   with("8 KiB", "8 KiB "),
                                   with("passes, ", "passes "),
                                   with("argon2id", "argon2i"),
                                   with("key-file/v1", "key-file/v2"),
                                   with("salt: ", "salt: AAAA"),
                                   with("box: ", "box: AAAA"),
                                   std::string(kKeyFileBytesMax + 1, 'a')})
    EXPECT_FALSE(parse_key_file(other)) << other;
  EXPECT_EQ(parse_key_file(with("key-file/v1", "key-file/v2")).error().code, Code::kUnknownVersion);
}

class KeyFileOnDisk : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "holdfast-keys-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  std::string path(const char* name) const { return (directory_ / name).string(); }

  std::filesystem::path directory_;
};

TEST_F(KeyFileOnDisk, IsWrittenForItsOwnerOnlyAndReadBack) {
  const KeyFile file = sealed().file;
  ASSERT_TRUE(create_key_file(path("key"), file));
  struct stat status {};
  ASSERT_EQ(stat(path("key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
  const auto read = read_key_file(path("key"));
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(*read, file);
}

TEST_F(KeyFileOnDisk, NeverReplacesAFileNorFollowsALink) {
  const KeyFile file = sealed().file;
  std::ofstream(path("taken")) << "mine";
  EXPECT_EQ(create_key_file(path("taken"), file).error().code, Code::kConflict);
  std::filesystem::create_symlink(path("elsewhere"), path("link"));
  EXPECT_EQ(create_key_file(path("link"), file).error().code, Code::kConflict);
  EXPECT_FALSE(std::filesystem::exists(path("elsewhere")));
  std::string content;
  std::ifstream(path("taken")) >> content;
  EXPECT_EQ(content, "mine");
}

TEST_F(KeyFileOnDisk, SaysWhyItCannotBeReadOrMade) {
  EXPECT_EQ(read_key_file(path("absent")).error().code, Code::kNotFound);
  EXPECT_EQ(read_key_file(directory_.string()).error().code, Code::kMalformed);
  EXPECT_EQ(create_key_file(path("absent/key"), sealed().file).error().code, Code::kUnavailable);
  std::ofstream(path("big")) << std::string(kKeyFileBytesMax + 1, 'a');
  EXPECT_EQ(read_key_file(path("big")).error().code, Code::kMalformed);
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(read_key_file(path("pipe")).error().code, Code::kMalformed);
}

TEST(KeyFile, IsOverwrittenBeforeItIsTakenAway) {
  const std::string directory = ::testing::TempDir() + "/destroyed-" + std::to_string(::getpid());
  std::filesystem::create_directory(directory);
  const std::string path = directory + "/old.key";
  const std::string other_name = directory + "/the same file";
  ASSERT_TRUE(create_key_file(path, sealed().file));
  std::filesystem::create_hard_link(path, other_name);
  const auto size = std::filesystem::file_size(path);
  ASSERT_TRUE(destroy_key_file(path));
  EXPECT_FALSE(std::filesystem::exists(path));
  std::ifstream left(other_name, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(left), {}};
  EXPECT_EQ(bytes, std::string(size, '\0'));
  EXPECT_TRUE(destroy_key_file(path)) << "a second time";
  std::filesystem::remove_all(directory);
}

TEST(KeyFile, ThatIsALinkIsNotDestroyedThroughIt) {
  const std::string directory = ::testing::TempDir() + "/linked-" + std::to_string(::getpid());
  std::filesystem::create_directory(directory);
  const std::string path = directory + "/real.key";
  ASSERT_TRUE(create_key_file(path, sealed().file));
  std::filesystem::create_symlink(path, directory + "/link.key");
  const auto destroyed = destroy_key_file(directory + "/link.key");
  ASSERT_FALSE(destroyed);
  EXPECT_EQ(destroyed.error().code, Code::kUnavailable);
  EXPECT_TRUE(read_key_file(path));
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace holdfast::crypto
