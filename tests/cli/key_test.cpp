// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Key : public Sandbox {
 protected:
  Key() { init(); }

  Ran rotate(std::vector<std::string> more) const {
    std::vector<std::string> arguments{"key", "rotate", "--no-passphrase"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return in_village(arguments);
  }
  std::string spare(const std::string& name) const {
    return path("tidepool-bay-spares/" + name + ".key");
  }
};

TEST_F(Key, IsMadeShownAndListed) {
  const std::string key = new_key("mere");
  EXPECT_EQ(ask({"key", "show", "mere"})["publicKey"], key);
  EXPECT_EQ(ask({"key", "list"})["keys"].size(), 2u);
  EXPECT_EQ(run({"key", "new", "mere", "--no-passphrase"}).code, 1);
  EXPECT_EQ(run({"key", "show", "nobody"}).code, 4);
  EXPECT_EQ(run({"key", "new", "../escape", "--no-passphrase"}).code, 1);
}

TEST_F(Key, OfADomainIsReplacedByItsSpare) {
  ASSERT_EQ(rotate({"records", "--spare", spare("records-spare-1")}).code, 0);
  const auto domain = ask({"domain", "show", "records"});
  EXPECT_EQ(domain["guardians"][0], ask({"key", "show", "records-spare-1"})["publicKey"]);
  EXPECT_TRUE(fs::exists(path("records-spares-2/records-spare-1.key")));
  // The old key counts for nothing now, the new one signs.
  const Ran old_key = in_village({"record", "add", "--title", "t", "--key", "tidepool-bay"});
  EXPECT_EQ(old_key.code, 1);
  EXPECT_EQ(in_village({"record", "add", "--title", "t"}).code, 0);
  // And a record from before still verifies: it was signed by keys that counted then.
}

TEST_F(Key, OfBeforeARotationStillVerifiesWhatItSigned) {
  const std::string id = add_record("t", "b");
  ASSERT_EQ(rotate({"records", "--spare", spare("records-spare-2")}).code, 0);
  const auto shown = ask({"record", "show", id});
  EXPECT_EQ(shown["verification"]["state"], "fresh") << shown["verification"];
}

TEST_F(Key, OfTodayCannotRotate) {
  const Ran without = rotate({"records"});
  EXPECT_EQ(without.code, 1);
  EXPECT_THAT(without.err, HasSubstr("spares"));
  const Ran today = rotate({"records", "--spare", "tidepool-bay"});
  EXPECT_EQ(today.code, 1);
  EXPECT_THAT(today.err, HasSubstr("does not know as a spare"));
  const Ran councils = rotate({"records", "--spare", spare("council-spare-1")});
  EXPECT_EQ(councils.code, 1);
  EXPECT_FALSE(fs::exists(path("records-spares-2")));
}

TEST_F(Key, RotationWorksAgainWithTheNewSparesOnly) {
  ASSERT_EQ(rotate({"council", "--spare", spare("council-spare-1")}).code, 0);
  EXPECT_EQ(rotate({"council", "--spare", spare("council-spare-2")}).code, 1);
  EXPECT_EQ(rotate({"council", "--spare", path("council-spares-2/council-spare-1.key")}).code, 0);
}

TEST_F(Key, RaisesTheThresholdWithKeysOfOthers) {
  const std::string mere = new_key("mere");
  const Ran ran = rotate({"records", "--spare", spare("records-spare-1"), "--set", "tidepool-bay",
                          "--set", "mere", "--threshold", "2"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  const auto domain = ask({"domain", "show", "records"});
  EXPECT_EQ(domain["threshold"], 2);
  EXPECT_EQ(domain["guardians"].size(), 2u);
  EXPECT_EQ(in_village({"record", "add", "--title", "both at hand"}).code, 0);
}

TEST_F(Key, OfTheOperatorIsChangedByTheCouncil) {
  ASSERT_EQ(rotate({"operator"}).code, 0);
  EXPECT_TRUE(fs::exists(path("tidepool/keys/operator-2.key")));
  EXPECT_EQ(in_village({"record", "add", "--title", "t"}).code, 0);
  EXPECT_EQ(ask({"status"})["verification"]["state"], "fresh");
  ASSERT_EQ(rotate({"witness"}).code, 0);
  ASSERT_EQ(rotate({"sealing"}).code, 0);
}

TEST_F(Key, TooFewOfThemWriteADraft) {
  new_key("mere");
  ASSERT_EQ(rotate({"records", "--spare", spare("records-spare-1"), "--set", "tidepool-bay",
                    "--set", "mere", "--threshold", "2"})
                .code,
            0);
  const auto draft =
      ask({"record", "add", "--title", "t", "--key", "mere", "--draft", path("draft")}, 5);
  EXPECT_EQ(draft["outcome"], "draft");
  EXPECT_EQ(draft["missing"].size(), 1u);
  EXPECT_TRUE(fs::exists(path("draft/statements")));
  EXPECT_TRUE(ask({"record", "list"})["records"].empty());
  ASSERT_EQ(in_village({"sign", path("draft"), "--key", "tidepool-bay"}).code, 0);
  ASSERT_EQ(in_village({"submit", path("draft")}).code, 0);
  EXPECT_EQ(ask({"record", "list"})["records"].size(), 1u);
}

TEST_F(Key, OneOfTwoTakesBackAlone) {
  const std::string id = add_record("t", "b");
  new_key("mere");
  ASSERT_EQ(rotate({"records", "--spare", spare("records-spare-1"), "--set", "tidepool-bay",
                    "--set", "mere", "--threshold", "2"})
                .code,
            0);
  EXPECT_EQ(in_village({"record", "withdraw", id, "--key", "mere"}).code, 0);
  const Ran erase = in_village({"record", "erase", id, "--yes", "--key", "mere"});
  EXPECT_EQ(erase.code, 5);
}

TEST_F(Key, ThatDoesNotCountSignsNothing) {
  new_key("stranger");
  const Ran ran = in_village({"record", "add", "--title", "t", "--key", "stranger"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("none that counts here"));
}

TEST_F(Key, OfTheCouncilDoesNotSignForADomainOfOthers) {
  new_key("mere");
  ASSERT_EQ(in_village({"domain", "new", "songs", "--title", "Songs", "--guardian", "mere",
                        "--no-passphrase"})
                .code,
            0);
  const Ran ran =
      in_village({"record", "add", "--domain", "songs", "--title", "t", "--key", "tidepool-bay"});
  EXPECT_EQ(ran.code, 1);
}

}  // namespace
}  // namespace holdfast::cli
