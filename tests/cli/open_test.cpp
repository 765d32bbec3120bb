// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/cli/opened.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

using Open = Opened;

TEST_F(Open, ShowsAllThatWasInTheBundle) {
  const Ran opened = run(opening("copy", {"--contents", path("contents")}));
  ASSERT_EQ(opened.code, 0) << opened.err;
  EXPECT_THAT(opened.out, HasSubstr("Verified, and opened for reading: \"Tidepool Bay\"."));
  const auto here = ask({"status"});
  const auto copy = ask_there("copy", {"status", "--writable"});
  for (const char* same : {"village", "size", "root", "checkpoint", "records", "grants", "name"})
    EXPECT_EQ(copy[same], here[same]) << same;
  EXPECT_EQ(copy["writable"], false);
  EXPECT_EQ(ask_there("copy", {"record", "show", record_})["content"],
            ask({"record", "show", record_})["content"]);
  // What can be told from the copy is what could be told from the first: byte for byte.
  ask_there("copy", {"export", path("again"), "--view=full"});
  EXPECT_EQ(run_program("/usr/bin/diff", {"-r", path("again"), path("bundle")}).code, 0);
}

TEST_F(Open, LetsNothingBeSignedAndHoldsWhatTakesBack) {
  ASSERT_EQ(run(opening("copy")).code, 0);
  const Ran added = there("copy", {"record", "add", "--title=t", "--key=tidepool-bay"});
  EXPECT_EQ(added.code, 3);
  EXPECT_THAT(added.err, HasSubstr("the operator's key: found none on this machine"));
  const Ran revoked = there("copy", {"revoke", grant_, "--key=tidepool-bay"});
  EXPECT_EQ(revoked.code, 0) << revoked.err;
  EXPECT_THAT(revoked.out, HasSubstr("held "));
  EXPECT_THAT(there("copy", {"grant", "list"}).out, HasSubstr("revoked (waits to be sequenced)"));
}

TEST_F(Open, BelievesABundleOnlyOfTheVillageThatIsMeant) {
  std::string other = id_;
  other[0] = other[0] == '0' ? '1' : '0';
  const Ran refused = run({"open", path("bundle"), path("copy"), "--id", other});
  EXPECT_EQ(refused.code, 1) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("[EXPORT-5]"));
  EXPECT_FALSE(fs::exists(path("copy")));
  EXPECT_FALSE(fs::exists(path("copy.making")));
  EXPECT_EQ(run({"open", path("bundle"), path("copy"), "--id", "12"}).code, 2);
  EXPECT_EQ(run({"open", path("nowhere"), path("copy"), "--id", id_}).code, 4);
}

TEST_F(Open, RefusesABundleThatWasTamperedWith) {
  fs::path entries;
  for (const auto& item : fs::recursive_directory_iterator(path("bundle/statements")))
    if (item.is_regular_file()) entries = item.path();
  const std::string name = entries.lexically_relative(root()).string();
  std::string bytes = read(name);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write(name, bytes);
  const Ran refused = run(opening("copy"));
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr(", refuted at entry"));
  EXPECT_FALSE(fs::exists(path("copy")));
}

TEST_F(Open, WantsStatementsThatAreNotWithheld) {
  add_record("hidden", "b", {"--visibility=guardians"});
  ask({"export", path("part")});
  const Ran refused = run({"open", path("part"), path("copy"), "--id", id_});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("--view=full"));
}

TEST_F(Open, TakesContentsThatTheirRecordsSignedAndNoOthers) {
  write("contents/" + record_, "no content");
  const Ran refused = run(opening("copy", {"--contents", path("contents")}));
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.err, HasSubstr(record_));
  EXPECT_FALSE(fs::exists(path("copy")));
  EXPECT_EQ(run(opening("copy", {"--contents", path("bundle")})).code, 1);
  EXPECT_EQ(run(opening("copy", {"--contents", path("nowhere")})).code, 4);
}

TEST_F(Open, IsPutInPlaceAsAWhole) {
  fs::create_directory(path("here"));
  const Ran inside = run_at("here", {"open", path("bundle"), ".", "--id", id_});
  EXPECT_EQ(inside.code, 1) << inside.err;
  EXPECT_THAT(inside.err, HasSubstr("the directory that you are in"));
  EXPECT_EQ(run(opening("below/copy/")).code, 0);
  EXPECT_TRUE(fs::exists(path("below/copy/holdfast.toml")));
  fs::create_directory(path("copy.making"));
  const Ran again = run(opening("copy"));
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.err, HasSubstr("if none is, remove it"));
  EXPECT_TRUE(fs::exists(path("copy.making")));
}

TEST_F(Open, SaysNothingOfSuccessBeforeItIsTrue) {
  write("contents/" + record_, "no content");
  EXPECT_THAT(run(opening("copy", {"--contents", path("contents")})).out,
              Not(HasSubstr("opened for reading")));
}

TEST_F(Open, LeavesWhatIsThereAlone) {
  write("copy", "somebody's");
  const Ran refused = run(opening("copy"));
  EXPECT_EQ(refused.code, 1);
  EXPECT_EQ(read("copy"), "somebody's");
}

TEST_F(Open, SaysThatAVillageHasEndedAndNamesNoWayToGoOn) {
  ask({"exit", "--bundle", path("bundle"), "--yes", "--key=tidepool-bay"});
  ask({"export", path("after"), "--view=full"});
  EXPECT_THAT(in_village({"status"}).out, HasSubstr("by entry #10 on "));
  const Ran opened = run({"open", path("after"), path("copy"), "--id", id_});
  ASSERT_EQ(opened.code, 0) << opened.err;
  EXPECT_THAT(opened.out, HasSubstr("The village has ended, by entry #10 on "));
  const Ran status = there("copy", {"status", "--writable"});
  EXPECT_THAT(status.out, HasSubstr("only revocations, withdrawals and erasures are taken"));
  EXPECT_EQ(ask_there("copy", {"status"})["endedBy"], 10);
  const Ran added = there("copy", {"record", "add", "--title=t", "--key=tidepool-bay"});
  for (const Ran& ran : {opened, status, added})
    EXPECT_THAT(ran.out + ran.err, Not(HasSubstr("holdfast move")));
}

TEST_F(Open, NamesTheWayToRunTheVillageFromThere) {
  ASSERT_EQ(run(opening("copy")).code, 0);
  EXPECT_THAT(there("copy", {"status", "--writable"}).out, HasSubstr("`holdfast move` lets"));
  const Ran added = there("copy", {"record", "add", "--title=t", "--key=tidepool-bay"});
  EXPECT_THAT(added.err, HasSubstr("`holdfast move` lets"));
  EXPECT_THAT(in_village({"status", "--writable"}).out, Not(HasSubstr("holdfast move")));
}

}  // namespace
}  // namespace holdfast::cli
