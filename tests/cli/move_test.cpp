// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/cli/opened.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

using Move = Opened;

TEST_F(Move, MakesTheCopyTheOneThatGoesOn) {
  ASSERT_EQ(run(opening("copy", {"--contents", path("contents")})).code, 0);
  there("copy", {"revoke", grant_, "--key=tidepool-bay"});
  const Ran moved = there("copy", {"move", "--no-passphrase", "--key=tidepool-bay"});
  ASSERT_EQ(moved.code, 0) << moved.err;
  EXPECT_THAT(moved.out, HasSubstr("The village is run from here"));
  EXPECT_THAT(moved.out, HasSubstr("witness's and sealing keys are not here"));
  // What was held before is in the log now, and the copy is a village as any other.
  EXPECT_THAT(there("copy", {"grant", "list"}).out, HasSubstr("revoked by #"));
  EXPECT_EQ(there("copy", {"record", "add", "--title=t", "--key=tidepool-bay"}).code, 0);
  for (const char* office : {"witness", "sealing"}) {
    const Ran rotated =
        there("copy", {"key", "rotate", office, "--no-passphrase", "--key=tidepool-bay"});
    EXPECT_EQ(rotated.code, 0) << rotated.err;
  }
  ask_there("copy", {"export", path("moved"), "--view=full"});
  EXPECT_EQ(run_program(HOLDFAST_VERIFY_BINARY, {"log", path("moved"), "--village", id_}).code, 0);
  // The machine that it was on has seen that: it signs no more.
  const Ran old = in_village({"record", "add", "--title=t", "--key=tidepool-bay"});
  EXPECT_EQ(old.code, 3);
  EXPECT_THAT(old.err, HasSubstr("older than what was signed already"));
}

TEST_F(Move, IsRefusedWhereTheVillageIsRunAlready) {
  const Ran refused = in_village({"move", "--no-passphrase", "--key=tidepool-bay"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("run from here already"));
}

TEST_F(Move, IsRefusedWhereTheAnchorIsBeyondTheCopy) {
  ASSERT_EQ(run(opening("copy")).code, 0);
  add_record("later", "b");
  const std::vector<std::string> move{"move", "--no-passphrase", "--key=tidepool-bay"};
  const Ran refused = there("copy", move);
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("of anchor "));
  EXPECT_TRUE(fs::is_empty(path("copy/keys")));
  // The other way into office is not easier.
  EXPECT_EQ(
      there("copy", {"key", "rotate", "operator", "--no-passphrase", "--key=tidepool-bay"}).code,
      3);
  EXPECT_TRUE(fs::is_empty(path("copy/keys")));
  std::vector<std::string> accepted = move;
  accepted.push_back("--accept-rollback");
  EXPECT_EQ(there("copy", accepted).code, 0);
}

TEST_F(Move, IsRefusedWhereAGivenCheckpointIsBeyondTheCopy) {
  ASSERT_EQ(run(opening("copy")).code, 0);
  add_record("later", "b");
  write("newer", checkpoint_of("tidepool"));
  forget_anchor();
  std::vector<std::string> move{"move",         "--no-passphrase", "--key=tidepool-bay",
                                "--checkpoint", path("earlier"),   "--checkpoint",
                                path("newer")};
  const Ran refused = there("copy", move);
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("want at least the 12 of " + path("newer")));
  EXPECT_TRUE(fs::is_empty(path("copy/keys")));
  move.resize(move.size() - 2);
  EXPECT_EQ(there("copy", move).code, 0);
}

TEST_F(Move, IsRefusedWhereAGivenCheckpointIsOfAnotherLogOrOfNobody) {
  ASSERT_EQ(run(opening("copy")).code, 0);
  ASSERT_EQ(run(opening("other")).code, 0);
  forget_anchor();
  ASSERT_EQ(
      there("other", {"move", "--no-passphrase", "--key=tidepool-bay", "--no-checkpoint"}).code, 0);
  write("forked", checkpoint_of("other"));
  forget_anchor();
  // Its operator is none that this copy has heard of.
  const std::vector<std::string> move{"move", "--no-passphrase", "--key=tidepool-bay",
                                      "--checkpoint", path("forked")};
  EXPECT_THAT(there("copy", move).err, HasSubstr("none by an operator of this village"));
  EXPECT_THAT(there("copy", move).err, HasSubstr("gone over to another operator since"));
  write("forked", "no note");
  EXPECT_NE(there("copy", move).code, 0);
  fs::remove(path("forked"));
  EXPECT_EQ(there("copy", move).code, 4);
}

TEST_F(Move, WantsToBeComparedWithWhatOthersHaveSeen) {
  ASSERT_EQ(run(opening("copy")).code, 0);
  forget_anchor();
  std::vector<std::string> move{"move", "--no-passphrase", "--key=tidepool-bay"};
  const Ran refused = there("copy", move);
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("--checkpoint: found none"));
  move.push_back("--no-checkpoint");
  const Ran moved = there("copy", move);
  EXPECT_EQ(moved.code, 0) << moved.err;
  EXPECT_THAT(moved.out, HasSubstr("10 entries, the last of "));
  EXPECT_THAT(read("copy/run/overrides"), HasSubstr("a move from size 10 with no checkpoint"));
}

TEST_F(Move, IsNotHeldUpByWhatADismissedOperatorSigned) {
  ASSERT_EQ(run(opening("copy")).code, 0);
  ASSERT_EQ(there("copy", {"move", "--no-passphrase", "--key=tidepool-bay"}).code, 0);
  forget_anchor();
  for (int i = 0; i < 3; ++i) add_record("void", "b");  // on the machine that was left
  write("void", checkpoint_of("tidepool"));
  ask_there("copy", {"export", path("moved"), "--view=full"});
  ASSERT_EQ(run({"open", path("moved"), path("third"), "--id", id_}).code, 0);
  forget_anchor();
  std::vector<std::string> move{"move", "--no-passphrase", "--key=tidepool-bay", "--checkpoint",
                                path("void")};
  // Nor is it a comparison.
  const Ran alone = there("third", move);
  EXPECT_EQ(alone.code, 2);
  EXPECT_THAT(alone.out, HasSubstr("is void: its operator had been dismissed before"));
  EXPECT_THAT(alone.err, HasSubstr("--checkpoint: found none that others have"));
  EXPECT_TRUE(fs::is_empty(path("third/keys")));
  move.insert(move.end(), {"--checkpoint", path("earlier")});
  const Ran moved = there("third", move);
  EXPECT_EQ(moved.code, 0) << moved.err;
  EXPECT_THAT(moved.out, HasSubstr("is void: its operator had been dismissed before"));
}

TEST_F(Move, IsToldNothingByTheCheckpointThatTheCopyWasOpenedFrom) {
  ASSERT_EQ(run(opening("copy")).code, 0);
  forget_anchor();
  const Ran refused = there("copy", {"move", "--no-passphrase", "--key=tidepool-bay",
                                     "--checkpoint", path("bundle/checkpoint")});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.out, HasSubstr("is this copy's own: it cannot tell of anything newer"));
  EXPECT_THAT(refused.err, HasSubstr("--no-checkpoint where nobody has one"));
  EXPECT_TRUE(fs::is_empty(path("copy/keys")));
}

TEST_F(Move, IsNotSparedTheComparisonByAcceptingARollbackThatNoAnchorTellsOf) {
  ASSERT_EQ(run(opening("copy")).code, 0);
  forget_anchor();
  const Ran refused =
      there("copy", {"--accept-rollback", "move", "--no-passphrase", "--key=tidepool-bay"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("--checkpoint: found none"));
  EXPECT_TRUE(fs::is_empty(path("copy/keys")));
}

TEST_F(Move, LooksIntoNoPipe) {
  ASSERT_EQ(run(opening("copy")).code, 0);
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_NE(
      there("copy", {"move", "--no-passphrase", "--key=tidepool-bay", "--checkpoint", path("pipe")})
          .code,
      0);
}

TEST_F(Move, IsRefusedForAVillageThatHasEnded) {
  ask({"exit", "--bundle", path("bundle"), "--yes", "--key=tidepool-bay"});
  ask({"export", path("after"), "--view=full"});
  ASSERT_EQ(run({"open", path("after"), path("copy"), "--id", id_}).code, 0);
  const Ran refused = there("copy", {"move", "--no-passphrase", "--key=tidepool-bay"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("[VILLAGE-1]"));
}

TEST_F(Move, IsADraftWhereOthersSignAndIsCheckedAgainWhenItIsSubmitted) {
  ASSERT_EQ(run(opening("copy")).code, 0);
  const auto drafted = ask_there(
      "copy", {"move", "--no-passphrase", "--key=tidepool-bay", "--draft", path("draft")}, 5);
  EXPECT_TRUE(fs::exists(path("copy/keys/operator.key")));
  // A second try takes the key that waits.
  const auto again = ask_there(
      "copy", {"move", "--no-passphrase", "--key=tidepool-bay", "--draft", path("draft-2")}, 5);
  EXPECT_EQ(again["key"], drafted["key"]);
  add_record("later", "b");
  write("newer", checkpoint_of("tidepool"));
  forget_anchor();
  const Ran refused = there("copy", {"submit", path("draft"), "--checkpoint", path("newer")});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("a newer copy"));
  const Ran submitted = there("copy", {"submit", path("draft"), "--checkpoint", path("earlier")});
  EXPECT_EQ(submitted.code, 0) << submitted.err;
  EXPECT_THAT(submitted.out, HasSubstr("10 entries, the last of "));
  EXPECT_THAT(submitted.out, HasSubstr("The village is run from here"));
  EXPECT_EQ(ask_there("copy", {"status", "--writable"})["writable"], true);
}

TEST_F(Move, WantsToBeComparedWhenItsDraftIsSubmittedToo) {
  ASSERT_EQ(run(opening("copy")).code, 0);
  ask_there("copy", {"move", "--no-passphrase", "--key=tidepool-bay", "--draft", path("draft")}, 5);
  forget_anchor();
  std::vector<std::string> submit{"submit", path("draft")};
  const Ran refused = there("copy", submit);
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("--checkpoint: found none"));
  submit.push_back("--no-checkpoint");
  EXPECT_EQ(there("copy", submit).code, 0);
  EXPECT_THAT(read("copy/run/overrides"), HasSubstr("a move from size 10 with no checkpoint"));
  // It is done: nothing is asked any more.
  EXPECT_EQ(there("copy", {"submit", path("draft")}).code, 0);
}

TEST_F(Move, TakesAKeyOfYourOwnByName) {
  ASSERT_EQ(run(opening("copy")).code, 0);
  const std::string key = new_key("hine");
  const Ran moved = there("copy", {"move", "--to=hine", "--key=tidepool-bay"});
  ASSERT_EQ(moved.code, 0) << moved.err;
  EXPECT_THAT(moved.out, HasSubstr(key));
  EXPECT_TRUE(fs::exists(path("copy/keys/operator.key")));
  EXPECT_EQ(ask_there("copy", {"status", "--writable"})["writable"], true);
}

TEST_F(Move, IsTheOnlyWayToRunTheVillageFromAnotherMachine) {
  ASSERT_EQ(run(opening("copy")).code, 0);
  forget_anchor();
  const Ran refused =
      there("copy", {"key", "rotate", "operator", "--no-passphrase", "--key=tidepool-bay"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("`holdfast move` makes this the machine"));
  EXPECT_TRUE(fs::is_empty(path("copy/keys")));
}

}  // namespace
}  // namespace holdfast::cli
