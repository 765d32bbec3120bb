// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cli/backed_up.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using Restore = BackedUp;

TEST_F(Restore, GoesOnWhereTheBackupEnded) {
  back_up("copy");
  const Ran back = restore("copy", "again");
  ASSERT_EQ(back.code, 0) << back.err;
  EXPECT_THAT(back.out, HasSubstr("Restored \"Tidepool Bay\""));
  for (const char* same : {"village", "size", "root", "checkpoint", "records"})
    EXPECT_EQ(ask_there("again", {"status"})[same], ask({"status"})[same]) << same;
  EXPECT_EQ(ask_there("again", {"record", "show", kelp_})["content"],
            ask({"record", "show", kelp_})["content"]);
  EXPECT_EQ(ask_there("again", {"status", "--writable"})["writable"], true);
  EXPECT_EQ(there("again", {"record", "add", "--title=t", "--body=b"}).code, 0);
  EXPECT_TRUE(verifies("again"));
  EXPECT_TRUE(fs::exists(path("again/reserve")));
  // What it came from is as it was.
  EXPECT_EQ(check("copy").code, 0);
}

TEST_F(Restore, IsPutInPlaceAsAWholeAndNeverInAVillage) {
  back_up("copy");
  EXPECT_EQ(restore("copy", "tidepool").code, 1);
  EXPECT_EQ(restore("copy", "tidepool/again").code, 2);
  EXPECT_EQ(restore("copy", "copy/again").code, 2);
  EXPECT_EQ(restore("nowhere", "again").code, 4);
  EXPECT_EQ(restore("tidepool", "again").code, 4);
  fs::create_directory(path("again"));
  EXPECT_EQ(restore("copy", "again").code, 0);
  EXPECT_EQ(check("copy").code, 0);
}

TEST_F(Restore, IsOfTheVillageThatIsMeant) {
  back_up("copy");
  std::string other = id_;
  other[0] = other[0] == '0' ? '1' : '0';
  EXPECT_EQ(restore("copy", "again", {"--id", other}).code, 1);
  EXPECT_EQ(restore("copy", "again", {"--id", "12"}).code, 2);
  EXPECT_EQ(restore("copy", "again", {"--id", id_}).code, 0);
}

TEST_F(Restore, OfAnOlderBackupIsRefusedByTheAnchor) {
  back_up("copy");
  add_record("later", "b");
  const Ran refused = restore("copy", "again");
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("found 8, want at least 10, which anchor "));
  EXPECT_THAT(refused.err, HasSubstr("--newer EXPORT"));
  EXPECT_THAT(refused.err, HasSubstr("--for-reading"));
  EXPECT_FALSE(fs::exists(path("again")));
  EXPECT_FALSE(fs::exists(path("again.making")));
}

TEST_F(Restore, AsksThisMachinesAnchorWhateverPlaceTheBackupsSettingsName) {
  const std::string usual = read("tidepool/holdfast.toml");
  configure("directory = \"\"", "directory = \"" + path("elsewhere") + "\"");
  back_up("copy");
  write("tidepool/holdfast.toml", usual);
  add_record("later", "b");
  EXPECT_EQ(restore("copy", "again").code, 3);
  // And theirs.
  forget_anchor();
  configure("directory = \"\"", "directory = \"" + path("elsewhere") + "\"");
  add_record("later yet", "b");
  const Ran refused = restore("copy", "again");
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr(path("elsewhere")));
}

TEST_F(Restore, ForReadingSignsNothingAndHoldsWhatTakesBack) {
  const std::string grant = ask({"grant", "--auditor", new_key("auditor"), "--purpose=audit",
                                 "--key=tidepool-bay"})["statements"][0]["id"];
  back_up("copy");
  add_record("later", "b");
  const auto back = restored("copy", "again", {"--for-reading"});
  EXPECT_THAT(back["anchor"].get<std::string>(), HasSubstr("remembers"));
  EXPECT_EQ(ask_there("again", {"record", "show", kelp_})["content"],
            ask({"record", "show", kelp_})["content"]);
  const auto is_refused = [&] {
    const Ran added = there("again", {"record", "add", "--title=t", "--key=tidepool-bay"});
    EXPECT_EQ(added.code, 3) << added.err;
  };
  is_refused();
  forget_anchor();
  is_refused();
  EXPECT_TRUE(fs::is_empty(path("again/keys")));
  EXPECT_THAT(there("again", {"revoke", grant, "--key=tidepool-bay"}).out, HasSubstr("held "));
  EXPECT_THAT(there("again", {"grant", "list"}).out, HasSubstr("revoked (waits to be sequenced)"));
}

TEST_F(Restore, SaysWhetherTextsThatWereErasedSinceCanBeReadThere) {
  const char* const kWarned = "TEXTS THAT WERE ERASED SINCE ";
  back_up("copy");
  EXPECT_THAT(restore("copy", "newest").out, Not(HasSubstr(kWarned)));
  EXPECT_THAT(restore("copy", "rehearsed", {"--for-reading"}).out, HasSubstr(kWarned));
  erase(kelp_);
  ask({"export", path("newer"), "--view=full"});
  EXPECT_THAT(restore("copy", "older", {"--for-reading"}).out, HasSubstr(kWarned));
  EXPECT_THAT(there("older", {"record", "show", kelp_}).out, HasSubstr("the kelp was thick"));
  EXPECT_THAT(restore("copy", "accepted", {"--accept-rollback"}).out, HasSubstr(kWarned));
  EXPECT_THAT(restore("copy", "further", {"--for-reading", "--newer", path("newer")}).out,
              Not(HasSubstr(kWarned)));
  forget_anchor();
  EXPECT_THAT(restore("copy", "elsewhere").out, HasSubstr(kWarned));
  back_up("bare", {"--without-contents"});
  forget_anchor();
  EXPECT_THAT(restore("bare", "unread").out, Not(HasSubstr(kWarned)));
}

TEST_F(Restore, SaysEachTimeThatKeysComeAlongToStopTheOtherCopy) {
  const char* const kStop = "stop it before anything is signed here: two that sign fork the log";
  back_up("copy");
  EXPECT_THAT(restore("copy", "again").out, HasSubstr(kStop));
  const Ran read_only = restore("copy", "rehearsed", {"--for-reading"});
  EXPECT_THAT(read_only.out, Not(HasSubstr(kStop)));
  EXPECT_THAT(read_only.out,
              HasSubstr("nothing is signed here until the council moves the village here"));
  forget_anchor();
  EXPECT_THAT(restore("copy", "elsewhere").out, HasSubstr(kStop));
}

TEST_F(Restore, WhereTheNewerIsLostForGoodIsAcceptedAndWrittenDown) {
  back_up("copy");
  add_record("later", "b");
  ASSERT_EQ(restore("copy", "again", {"--accept-rollback"}).code, 0);
  EXPECT_EQ(there("again", {"record", "add", "--title=t"}).code, 3);
  EXPECT_EQ(there("again", {"record", "add", "--title=t", "--accept-rollback"}).code, 0);
  EXPECT_THAT(read("again/run/overrides"), HasSubstr("accepted a rollback"));
}

TEST_F(Restore, SaysThatNothingHereCanTellWhetherItIsTheNewest) {
  back_up("copy");
  EXPECT_THAT(restore("copy", "first").out, Not(HasSubstr("Nothing on this machine")));
  forget_anchor();
  const Ran back = restore("copy", "again");
  EXPECT_EQ(back.code, 0) << back.err;
  EXPECT_THAT(back.out, HasSubstr("Nothing on this machine can tell that this is the newest"));
  EXPECT_THAT(back.out, HasSubstr("there is no anchor " + path("state/holdfast/anchors/") + id_));
  EXPECT_THAT(back.out, HasSubstr("ask a peer, an auditor, whoever follows the village"));
}

TEST_F(Restore, ByANewerExportErasesWhatThatErasedBeforeAnythingIsInPlace) {
  const auto entry = ask({"record", "show", kelp_})["index"].get<std::size_t>();
  const std::string key = content_key(entry);
  ASSERT_NE(key, std::string(32, '\0'));
  back_up("copy");
  ASSERT_THAT(files_with("copy", key), Contains("slots/records"));
  const std::string box = content_box("copy", entry);
  ASSERT_THAT(files_with("copy", box), Contains("content/data.mdb"));
  erase(kelp_);
  add_record("later", "b", policy());
  ask({"export", path("newer"), "--view=full"});
  const auto size = ask({"status"})["size"];
  const auto back = restored("copy", "again", {"--newer", path("newer")});
  EXPECT_EQ(back["size"], size);
  EXPECT_EQ(back["erasedSince"], 1);
  EXPECT_EQ(back["records"]["live"], 2);
  EXPECT_EQ(back["records"]["withoutContent"], 1);
  EXPECT_EQ(back["anchor"], "agrees");
  EXPECT_THAT(files_with("again", key), IsEmpty());
  EXPECT_THAT(files_with("again", box), IsEmpty());
  EXPECT_EQ(ask_there("again", {"status"})["root"], ask({"status"})["root"]);
  const Ran shown = there("again", {"record", "show", kelp_});
  EXPECT_THAT(shown.out, HasSubstr("erased"));
  EXPECT_EQ(ask_there("again", {"record", "show", rock_})["content"],
            ask({"record", "show", rock_})["content"]);
  EXPECT_EQ(there("again", {"record", "add", "--title=t", "--body=b"}).code, 0);
  EXPECT_TRUE(verifies("again"));
  EXPECT_THAT(files_with("again", key), IsEmpty());
}

TEST_F(Restore, GoesOnFromOneNewerExportToTheNext) {
  back_up("copy");
  ask({"export", path("before"), "--view=full"});
  add_record("a", "b");
  ask({"export", path("one"), "--view=full"});
  erase(rock_);
  ask({"export", path("two"), "--view=full"});
  const auto back = restored(
      "copy", "again", {"--newer", path("before"), "--newer", path("one"), "--newer", path("two")});
  EXPECT_EQ(back["root"], ask({"status"})["root"]);
  EXPECT_EQ(back["erasedSince"], 1);
  EXPECT_TRUE(verifies("again"));
}

TEST_F(Restore, NeedsWhatTheNewerExportWithholdsBeyondTheBackupAndNothingElse) {
  add_record("hidden", "b", {"--visibility=guardians"});
  back_up("copy");
  add_record("open", "b");
  ask({"export", path("part")});
  EXPECT_EQ(restored("copy", "first", {"--newer", path("part")})["root"], ask({"status"})["root"]);
  EXPECT_TRUE(verifies("first"));
  add_record("hidden too", "b", {"--visibility=guardians"});
  const auto size = ask({"status"})["size"].get<int>();
  ask({"export", path("part")});
  const Ran refused = restore("copy", "again", {"--newer", path("part")});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("cannot tell at entry " + std::to_string(size - 2)));
  EXPECT_THAT(refused.err, HasSubstr("--view=full"));
  EXPECT_FALSE(fs::exists(path("again")));
}

TEST_F(Restore, TakesNoNewerExportOfAnotherHistory) {
  back_up("copy");
  add_record("here", "b");
  ask({"export", path("here"), "--view=full"});
  forget_anchor();
  restored("copy", "fork");
  ask_there("fork", {"record", "add", "--title=there", "--body=b"});
  ask_there("fork", {"backup", path("forked")});
  forget_anchor();
  const Ran refused = restore("forked", "again", {"--newer", path("here")});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("two logs of one village"));
  EXPECT_EQ(restore("forked", "again", {"--newer", path("nowhere")}).code, 4);
  EXPECT_FALSE(fs::exists(path("again")));
  // The anchor sees it as well.
  ASSERT_EQ(ask({"status"})["size"], 10);
  add_record("so that this machine remembers", "b");
  back_up("copy-2");
  forget_anchor();
  ask_there("fork", {"record", "add", "--title=there too", "--body=b"});
  const Ran other = restore("copy-2", "again");
  EXPECT_EQ(other.code, 3);
  EXPECT_THAT(other.err, HasSubstr("root of what would be restored at size 12"));
}

TEST_F(Restore, BringsWhatIsHeld) {
  const std::string grant = ask({"grant", "--auditor", new_key("auditor"), "--purpose=audit",
                                 "--key=tidepool-bay"})["statements"][0]["id"];
  const std::string operator_key = read("tidepool/keys/operator.key");
  fs::remove(path("tidepool/keys/operator.key"));
  ASSERT_THAT(in_village({"revoke", grant, "--key=tidepool-bay"}).out, HasSubstr("held "));
  back_up("copy");
  restored("copy", "again");
  EXPECT_THAT(there("again", {"grant", "list"}).out, HasSubstr("revoked (waits to be sequenced)"));
  write("again/keys/operator.key", operator_key);
  ASSERT_EQ(there("again", {"record", "add", "--title=t", "--body=b"}).code, 0);
  EXPECT_THAT(there("again", {"grant", "list"}).out, HasSubstr("revoked by #"));
}

TEST_F(Restore, IsNoWitnessUntilTheCouncilNamesAKeyAndSaysSo) {
  const std::string vkey = ask({"status"})["vkey"];
  configure("logs = []", "logs = [\"" + vkey + "\"]");
  Started server = serve("tidepool");
  EXPECT_THAT(stop(server).err, HasSubstr("witnessing"));
  ASSERT_TRUE(fs::exists(path("tidepool/peers")));
  write("tidepool/peers/mark", "of what was there");

  back_up("copy");
  const Ran back = restore("copy", "again");
  EXPECT_THAT(back.out, HasSubstr("The witness's key and peers/ are in no backup"));
  EXPECT_FALSE(fs::exists(path("copy/peers")));
  EXPECT_FALSE(fs::exists(path("again/peers/mark")));
  EXPECT_FALSE(fs::exists(path("again/keys/witness.key")));
  EXPECT_THAT(there("again", {"status"}).out, HasSubstr("holdfast key rotate witness"));
  server = serve("again");
  const Ran served = stop(server);
  EXPECT_EQ(served.code, 0);
  EXPECT_THAT(served.err, HasSubstr("not witnessing"));

  ask_there("again", {"key", "rotate", "witness", "--no-passphrase"});
  server = serve("again");
  const Ran anew = stop(server);
  EXPECT_THAT(anew.err, Not(HasSubstr("not witnessing")));
  EXPECT_EQ(ask_there("again", {"status"})["witnessFor"], 1);
}

TEST_F(Restore, LeavesOutAKeyThatANewerExportNamesTheWitnesses) {
  ask({"key", "new", "plain", "--in", path("tidepool/keys"), "--no-passphrase"});
  back_up("copy");
  ASSERT_TRUE(fs::exists(path("copy/keys/plain.key")));
  ask({"key", "rotate", "witness", "--to", path("tidepool/keys/plain.key")});
  ask({"export", path("newer"), "--view=full"});
  const auto back = restored("copy", "again", {"--newer", path("newer")});
  EXPECT_FALSE(fs::exists(path("again/keys/plain.key")));
  EXPECT_TRUE(fs::exists(path("again/keys/operator.key")));
}

TEST_F(Restore, BringsThePolicyThatLiesInTheVillage) {
  write("tidepool/witnesses.policy", "quorum none\n");
  configure("policy = \"\"", "policy = \"witnesses.policy\"");
  back_up("copy");
  ASSERT_TRUE(fs::exists(path("copy/policy")));
  forget_anchor();
  const Ran back = restore("copy", "again");
  EXPECT_THAT(back.out, HasSubstr("Its witnesses are asked before anything is signed here"));
  EXPECT_EQ(read("again/witnesses.policy"), "quorum none\n");
}

}  // namespace
}  // namespace holdfast::cli
