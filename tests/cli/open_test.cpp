// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

// A village, a bundle of it, and what its people have on another machine: the same keys of their
// own, another place for what the machine remembers.
class Open : public Sandbox {
 protected:
  Open() {
    init();
    record_ = add_record("kelp", "the kelp was thick", {"--policy=read,share,train,export"});
    grant_ = ask({"grant", "--auditor", new_key("auditor"), "--purpose=audit",
                  "--key=tidepool-bay"})["statements"][0]["id"];
    const auto status = ask({"status"});
    id_ = status["village"];
    write("earlier", status["checkpoint"]);
    add_record("rock", "the rock was bare", {"--policy=read,share,train,export"});
    bundle();
  }

  void bundle() const {
    ask({"export", path("bundle"), "--view=full", "--contents", path("contents")});
  }
  std::vector<std::string> opening(const std::string& directory,
                                   std::vector<std::string> more = {}) const {
    std::vector<std::string> all{"open", path("bundle"), path(directory), "--id", id_};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  // At the copy.
  Ran there(const std::string& directory, std::vector<std::string> arguments) const {
    arguments.push_back("--village=" + path(directory));
    return run(arguments);
  }
  nlohmann::json ask_there(const std::string& directory, std::vector<std::string> arguments,
                           int code = 0) const {
    arguments.push_back("--format=json");
    const Ran ran = there(directory, arguments);
    EXPECT_EQ(ran.code, code) << ran.out << ran.err;
    return nlohmann::json::parse(ran.out, nullptr, false);
  }
  // That machine never saw this village.
  void forget_anchor() const {
    fs::remove_all(fs::path(ask({"status"})["anchor"]["path"].get<std::string>()));
  }
  std::string checkpoint_of(const std::string& directory) const {
    return ask_there(directory, {"status"})["checkpoint"];
  }

  std::string record_;
  std::string grant_;
  std::string id_;
};

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

using Move = Open;

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
  bundle();
  ASSERT_EQ(run(opening("copy")).code, 0);
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
