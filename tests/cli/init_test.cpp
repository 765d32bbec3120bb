// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class Init : public Sandbox {};

TEST_F(Init, MakesAVillageWithKeysSparesAndAFirstDomain) {
  const Ran ran = run({"init", "tidepool", "--name", "Tidepool Bay", "--no-passphrase"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("Put the spares away"));
  EXPECT_THAT(ran.out, HasSubstr("WARNING: these keys have no passphrase"));
  for (const char* file :
       {"tidepool/holdfast.toml", "tidepool/keys/operator.key", "tidepool/keys/witness.key",
        "tidepool/keys/sealing.key", "config/holdfast/keys/tidepool-bay.key",
        "tidepool-bay-spares/council-spare-1.key", "tidepool-bay-spares/council-spare-2.key",
        "tidepool-bay-spares/records-spare-1.key", "tidepool-bay-spares/records-spare-2.key"})
    EXPECT_TRUE(fs::exists(path(file))) << file;
  EXPECT_FALSE(fs::exists(path("tidepool.making")));
  EXPECT_EQ(ask({"domain", "list"})["domains"][0]["slug"], "records");
}

TEST_F(Init, SaysInJsonWhatItMade) {
  const Ran ran = run({"init", "tidepool", "--no-passphrase", "--format=json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  const auto made = ran.json();
  EXPECT_EQ(made["village"].get<std::string>().size(), 64u);
  EXPECT_EQ(made["name"], "tidepool");
  EXPECT_EQ(made["domain"]["slug"], "records");
  EXPECT_EQ(made["spares"]["files"].size(), 4u);
}

TEST_F(Init, KeepsPeoplesKeysReadableByThemAlone) {
  init();
  for (const char* file : {"tidepool/keys/operator.key", "config/holdfast/keys/tidepool-bay.key"}) {
    const auto mode = fs::status(path(file)).permissions();
    EXPECT_EQ(mode & (fs::perms::group_all | fs::perms::others_all), fs::perms::none) << file;
  }
}

TEST_F(Init, LeavesNothingBehindWhenItIsRefused) {
  const Ran ran = run({"init", "tidepool", "--no-passphrase", "--domain", "Not A Slug"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("--domain: found \"Not A Slug\""));
  EXPECT_FALSE(fs::exists(path("tidepool")));
  EXPECT_FALSE(fs::exists(path("tidepool.making")));
  EXPECT_FALSE(fs::exists(path("tidepool-spares")));
  EXPECT_FALSE(fs::exists(path("config/holdfast/keys/tidepool.key")));
}

TEST_F(Init, RefusesADirectoryThatHasSomething) {
  fs::create_directories(path("tidepool"));
  write("tidepool/precious.txt", "keep me");
  const Ran ran = run({"init", "tidepool", "--no-passphrase"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("something is there already"));
  EXPECT_EQ(read("tidepool/precious.txt"), "keep me");
}

TEST_F(Init, RefusesTheDirectoryThatItIsRunIn) {
  fs::create_directories(path("here"));
  const Ran ran = run_at("here", {"init", ".", "--no-passphrase"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("the directory that you are in"));
  EXPECT_TRUE(fs::is_empty(path("here")));
  EXPECT_FALSE(fs::exists(path("config/holdfast/keys")));
}

TEST_F(Init, LeavesAloneWhatAnotherIsMaking) {
  fs::create_directories(path("tidepool.making"));
  const Ran ran = run({"init", "tidepool", "--no-passphrase"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("another program is making it now"));
  EXPECT_TRUE(fs::exists(path("tidepool.making")));
}

TEST_F(Init, SaysHowKeysAreMadeWhereThereIsNoTerminal) {
  const Ran ran = run({"init", "tidepool"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("--passphrase-file FILE"));
  EXPECT_THAT(ran.err, HasSubstr("--no-passphrase"));
  EXPECT_FALSE(fs::exists(path("tidepool")));
}

TEST_F(Init, RefusesToTakeAKeyOfTheSameNameByChance) {
  init();
  const Ran again =
      run({"init", "other", "--name", "Tidepool Bay", "--no-passphrase", "--spares", "s"});
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.err, HasSubstr("--key"));
  EXPECT_FALSE(fs::exists(path("other")));
}

TEST_F(Init, OfASecondVillageOfOneNamePutsItsSparesBesideThoseOfTheFirst) {
  init();
  const std::string first = read("tidepool-bay-spares/council-spare-1.key");
  const Ran again = run({"init", "other", "--name", "Tidepool Bay", "--no-passphrase", "--key",
                         "tidepool-bay", "--format=json"});
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(again.json()["spares"]["directory"], "tidepool-bay-spares-2");
  EXPECT_TRUE(fs::exists(path("tidepool-bay-spares-2/council-spare-1.key")));
  EXPECT_EQ(read("tidepool-bay-spares/council-spare-1.key"), first);
}

TEST_F(Init, TakesAKeyThatIsNamed) {
  ASSERT_EQ(run({"key", "new", "mere", "--no-passphrase"}).code, 0);
  init({"--key", "mere"});
  const auto keys = ask({"key", "list"})["keys"];
  ASSERT_EQ(keys.size(), 1u);
  EXPECT_EQ(keys[0]["name"], "mere");
  EXPECT_EQ(keys[0]["offices"].size(), 2u);  // the council, and guardian of records
}

TEST_F(Init, AsksForNoPassphraseWhereThereIsNoTerminal) {
  const Ran ran = run({"init", "tidepool"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("--passphrase-file"));
  EXPECT_FALSE(fs::exists(path("tidepool")));
}

TEST_F(Init, RefusesAShortPassphrase) {
  write("pass", "short\n");
  const Ran ran = run({"init", "tidepool", "--passphrase-file", path("pass")});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("at least 8 bytes"));
}

TEST_F(Init, MakesAVillageWithoutADomain) {
  init({"--no-domain"});
  EXPECT_TRUE(ask({"domain", "list"})["domains"].empty());
  const Ran ran = in_village({"record", "add", "--title", "x"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("--domain"));
}

TEST_F(Init, WorksWithAPassphraseFromAFile) {
  write("pass", "correct horse battery\n");
  write("wrong", "incorrect horse\n");
  const Ran made =
      run({"init", "tidepool", "--passphrase-file", path("pass"), "--kdf-memory-mib=1"});
  ASSERT_EQ(made.code, 0) << made.err;
  const std::vector<std::string> add{"record", "add", "--title", "t", "--passphrase-file"};
  auto right = add;
  right.push_back(path("pass"));
  EXPECT_EQ(in_village(right).code, 0);
  auto wrong = add;
  wrong.push_back(path("wrong"));
  const Ran refused = in_village(wrong);
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("passphrase"));
  EXPECT_EQ(in_village({"record", "add", "--title", "t"}).code, 3);
}

}  // namespace
}  // namespace holdfast::cli
