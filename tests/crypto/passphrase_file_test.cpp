// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/passphrase_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace holdfast::crypto {
namespace {

class PassphraseFile : public ::testing::Test {
 protected:
  ~PassphraseFile() override { std::filesystem::remove(path_); }

  // The passphrase in a file of this text, or what is refused.
  std::string of(const std::string& text) const {
    std::ofstream(path_, std::ios::binary) << text;
    const auto secret = read_passphrase_file(path_);
    return secret ? std::string(as_text(secret->view())) : describe(secret.error());
  }

  const std::string path_ = (std::filesystem::temp_directory_path() /
                             ("holdfast-passphrase-" + std::to_string(::getpid())))
                                .string();
};

TEST_F(PassphraseFile, IsItsFirstLine) {
  EXPECT_EQ(of("low tide\n"), "low tide");
  EXPECT_EQ(of("low tide"), "low tide");
  EXPECT_EQ(of(" low tide \r\nhigh tide\n"), " low tide \r");
  EXPECT_EQ(of(std::string(1024, 'x') + "\n"), std::string(1024, 'x'));
}

TEST_F(PassphraseFile, IsRefusedWhereTheLineIsEmptyOrTooLong) {
  EXPECT_NE(of("").find("an empty first line"), std::string::npos);
  EXPECT_NE(of("\nlow tide\n").find("an empty first line"), std::string::npos);
  EXPECT_NE(of(std::string(1025, 'x')).find("at most 1024 bytes"), std::string::npos);
}

TEST_F(PassphraseFile, IsNotFoundWhereThereIsNone) {
  const auto none = read_passphrase_file(path_ + "-none");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Code::kNotFound);
  const auto folder = read_passphrase_file(std::filesystem::temp_directory_path().string());
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, Code::kUnavailable);
}

// What stands behind the line may be meant for somebody else.
TEST(PassphraseLine, LeavesWhatStandsBehindIt) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], "one\ntwo\n", 8), 8);
  ::close(ends[1]);
  for (const char* const want : {"one", "two", ""}) {
    const auto line = read_passphrase_line(ends[0], "a pipe");
    ASSERT_TRUE(line);
    EXPECT_EQ(as_text(line->view()), want);
  }
  ::close(ends[0]);
}

}  // namespace
}  // namespace holdfast::crypto
