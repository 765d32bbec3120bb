// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

using ::testing::HasSubstr;

class Exit : public Sandbox {
 protected:
  Exit() { init(); }
  std::vector<std::string> ending(std::vector<std::string> more = {}) const {
    std::vector<std::string> all{"exit", "--bundle", path("last")};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  void export_all() const { ask({"export", path("last"), "--view=full"}); }
};

TEST_F(Exit, EndsTheVillageAndStillLetsPeopleTakeBack) {
  const std::string record = add_record("t", "b");
  const std::string grant = ask({"grant", "--auditor", new_key("auditor"), "--purpose=audit",
                                 "--key=tidepool-bay"})["statements"][0]["id"];
  export_all();
  const Ran ended = in_village(ending({"--yes"}));
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("What can still be done: revoke consent"));
  const Ran more = in_village({"record", "add", "--title=t", "--key=tidepool-bay"});
  EXPECT_EQ(more.code, 1);
  EXPECT_THAT(more.err, HasSubstr("[VILLAGE-1]"));
  EXPECT_EQ(ask({"grant", "list"})["grants"][0]["state"], "not live: the village has ended");
  EXPECT_EQ(ask({"status"})["grants"], nlohmann::json({{"not live: the village has ended", 1}}));
  ask({"revoke", grant, "--key=tidepool-bay"});
  ask({"record", "erase", record, "--yes", "--key=tidepool-bay"});
  const Ran again = in_village(ending({"--yes"}));
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.err, HasSubstr("one that has ended"));
  const Ran verified = run_program(HOLDFAST_VERIFY_BINARY, {"log", path("last")});
  EXPECT_NE(verified.code, 1) << verified.out << verified.err;
}

TEST_F(Exit, CommitsToEveryFileOfTheBundle) {
  export_all();
  const std::string manifest = ask(ending({"--yes", "--draft", path("draft")}), 5)["manifest"];
  const Ran summed = run_program(
      "/bin/sh", {"-c", "cd " + path("last") +
                            " && find . -type f | sed 's|^./||' | LC_ALL=C sort | xargs sha256sum "
                            "| sha256sum"});
  EXPECT_EQ(summed.out.substr(0, 64), manifest) << summed.err;
  std::filesystem::remove_all(path("draft"));
  write("last/note", "left by somebody");
  EXPECT_NE(ask(ending({"--yes", "--draft", path("draft")}), 5)["manifest"], manifest);
}

TEST_F(Exit, IsConfirmed) {
  export_all();
  const Ran ran = in_village(ending());
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("--yes, or the village's name typed at a terminal"));
}

TEST_F(Exit, AsksBeforeItLooksAtTheBundle) {
  const Ran ran = in_village(ending());
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("--yes"));
}

TEST_F(Exit, PrintsNothingBeforeItRefuses) {
  export_all();
  EXPECT_EQ(in_village(ending({"--yes", "--key=" + path("nobody.key")})).out, "");
  EXPECT_EQ(in_village(ending({"--yes", "--draft", path("tidepool/draft")})).out, "");
}

TEST_F(Exit, NeedsABundleOfAllThatIsInTheLog) {
  const Ran none = in_village(ending({"--yes"}));
  EXPECT_EQ(none.code, 4);
  EXPECT_THAT(none.err, HasSubstr("no file `checkpoint` in it"));
  export_all();
  add_record("t", "b");
  const Ran older = in_village(ending({"--yes"}));
  EXPECT_EQ(older.code, 1);
  EXPECT_THAT(older.err, HasSubstr("not the newest one of this village"));
  EXPECT_THAT(older.err, HasSubstr("brings it up to date"));
  export_all();
  std::filesystem::create_symlink(path("tidepool"), path("last/link"));
  EXPECT_THAT(in_village(ending({"--yes"})).err, HasSubstr("no plain file"));
}

TEST_F(Exit, NeedsABundleThatIsWholeAndWithholdsNothing) {
  add_record("hidden", "b", {"--visibility=guardians"});
  ask({"export", path("last")});
  const Ran withheld = in_village(ending({"--yes"}));
  EXPECT_EQ(withheld.code, 3);
  EXPECT_THAT(withheld.err, HasSubstr("--view=full"));
  export_all();
  std::filesystem::remove_all(path("last/statements"));
  EXPECT_NE(in_village(ending({"--yes"})).code, 0);
  EXPECT_EQ(ask({"record", "list"})["records"].size(), 1u);
  add_record("it goes on", "b");
}

TEST_F(Exit, IsShownInWordsToWhoeverSignsIt) {
  export_all();
  ask(ending({"--yes", "--draft", path("draft")}), 5);
  EXPECT_THAT(in_village({"sign", path("draft"), "--show"}).out,
              HasSubstr("ends the village for good"));
}

}  // namespace
}  // namespace holdfast::cli
