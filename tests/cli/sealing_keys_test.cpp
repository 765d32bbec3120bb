// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/sealing_keys.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "tests/cli/sandbox.h"
#include "tests/log/village_fixture.h"

// What a village's machine keeps of a sealing key that its council has replaced.
namespace holdfast::cli {
namespace {

using federation::kReplacedKeyOpensFor;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SealingKeyFiles : public Sandbox {
 protected:
  SealingKeyFiles() { init(); }
  void rotate() { ask({"key", "rotate", "sealing", "--no-passphrase"}); }
  // As a program does that runs so much later.
  Result<OwnSealingKeys> look(Seconds later) {
    const testing::TestClock clock(SystemClock().now() + later);
    crypto::SystemRandom random;
    Context context(clock, random);
    context.options().village = path("tidepool");
    TRY_ASSIGN(log::Reader* const reader, context.reader());
    return sealing_keys(context, *reader);
  }
  bool is_there(const std::string& name) const {
    return std::filesystem::exists(path("tidepool/keys/" + name));
  }
};

TEST_F(SealingKeyFiles, AreTheOneInForceWhereNoneWasReplaced) {
  const auto keys = look(400 * kDay);
  ASSERT_TRUE(keys) << describe(keys.error());
  EXPECT_THAT(keys->held, SizeIs(1));
  EXPECT_THAT(keys->destroyed, IsEmpty());
  EXPECT_TRUE(is_there("sealing.key"));
}

TEST_F(SealingKeyFiles, OpenForADayAfterTheyWereReplacedAndAreDestroyedThen) {
  rotate();
  rotate();
  const auto soon = look(kReplacedKeyOpensFor - kHour);
  ASSERT_TRUE(soon) << describe(soon.error());
  ASSERT_THAT(soon->held, SizeIs(3));
  EXPECT_FALSE(soon->held[0].until);
  EXPECT_TRUE(soon->held[1].until);
  EXPECT_THAT(soon->destroyed, IsEmpty());
  const auto later = look(kReplacedKeyOpensFor + kHour);
  ASSERT_TRUE(later) << describe(later.error());
  EXPECT_THAT(later->held, SizeIs(1));
  EXPECT_THAT(later->destroyed, SizeIs(2));
  EXPECT_FALSE(is_there("sealing.key"));
  EXPECT_FALSE(is_there("sealing-2.key"));
  EXPECT_TRUE(is_there("sealing-3.key"));
}

TEST_F(SealingKeyFiles, AreNotDestroyedWhereTheOneInForceIsMissing) {
  rotate();
  std::filesystem::remove(path("tidepool/keys/sealing-2.key"));
  const auto keys = look(2 * kReplacedKeyOpensFor);
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().code, Code::kNotFound);
  EXPECT_TRUE(is_there("sealing.key"));
}

TEST_F(SealingKeyFiles, ThatWereReplacedKeepNobodyFromTheOneInForce) {
  rotate();
  const std::string old = path("tidepool/keys/sealing.key");
  std::filesystem::rename(old, old + ".away");
  std::filesystem::create_symlink(old + ".away", old);
  const auto later = look(2 * kReplacedKeyOpensFor);
  ASSERT_TRUE(later) << describe(later.error());
  EXPECT_THAT(later->held, SizeIs(1));
  EXPECT_THAT(later->destroyed, IsEmpty());
  ASSERT_THAT(later->troubles, SizeIs(1));
  EXPECT_THAT(later->troubles[0].what, ::testing::HasSubstr("sealing.key"));
}

TEST_F(SealingKeyFiles, ThatWereReplacedAndNobodyCanOpenAreLeftOut) {
  write("passphrase", "between two tides\n");
  ask({"key", "rotate", "sealing", "--passphrase-file", path("passphrase")});
  rotate();
  const auto soon = look(kHour);
  ASSERT_TRUE(soon) << describe(soon.error());
  EXPECT_THAT(soon->held, SizeIs(2)) << "the one in force, and the first";
  ASSERT_THAT(soon->troubles, SizeIs(1));
  EXPECT_THAT(soon->troubles[0].what, ::testing::HasSubstr("sealing-2.key"));
}

TEST_F(SealingKeyFiles, ThatComeBackIntoForceAreKept) {
  const std::string first = path("tidepool/keys/sealing.key");
  rotate();
  ask({"key", "rotate", "sealing", "--to", first});
  const auto keys = look(2 * kReplacedKeyOpensFor);
  ASSERT_TRUE(keys) << describe(keys.error());
  EXPECT_THAT(keys->destroyed, ElementsAre(path("tidepool/keys/sealing-2.key")));
  EXPECT_TRUE(is_there("sealing.key"));
}

}  // namespace
}  // namespace holdfast::cli
