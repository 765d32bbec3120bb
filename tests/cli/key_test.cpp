// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include <unistd.h>

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
  EXPECT_EQ(run({"key", "new", "../escape", "--no-passphrase"}).code, 2);
}

TEST_F(Key, OfADomainIsReplacedByItsSpare) {
  ASSERT_EQ(rotate({"records", "--spare", spare("records-spare-1")}).code, 0);
  const auto domain = ask({"domain", "show", "records"});
  EXPECT_EQ(domain["guardians"][0], ask({"key", "show", "records-spare-1"})["publicKey"]);
  EXPECT_TRUE(fs::exists(path("tidepool-records-spares-2/records-spare-1.key")));
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
  EXPECT_EQ(without.code, 2);
  EXPECT_THAT(without.err, HasSubstr("spares"));
  const Ran today = rotate({"records", "--spare", "tidepool-bay"});
  EXPECT_EQ(today.code, 1);
  EXPECT_THAT(today.err, HasSubstr("does not know as a spare"));
  const Ran councils = rotate({"records", "--spare", spare("council-spare-1")});
  EXPECT_EQ(councils.code, 1);
  EXPECT_FALSE(fs::exists(path("tidepool-records-spares-2")));
}

TEST_F(Key, RotationWorksAgainWithTheNewSparesOnly) {
  ASSERT_EQ(rotate({"council", "--spare", spare("council-spare-1")}).code, 0);
  EXPECT_EQ(rotate({"council", "--spare", spare("council-spare-2")}).code, 1);
  const std::string next = path("tidepool-council-spares-2/council-spare-1.key");
  EXPECT_EQ(rotate({"council", "--spare", next}).code, 0);
}

TEST_F(Key, RotationSaysWhereTheSpareIsInstalled) {
  const auto rotated =
      ask({"key", "rotate", "records", "--no-passphrase", "--spare", spare("records-spare-1")});
  ASSERT_EQ(rotated["installed"].size(), 1u) << rotated;
  EXPECT_EQ(rotated["installed"][0]["path"], path("config/holdfast/keys/records-spare-1.key"));
  EXPECT_TRUE(fs::exists(rotated["installed"][0]["path"].get<std::string>()));
  const std::string next = path("tidepool-records-spares-2/records-spare-1.key");
  const Ran again = rotate({"records", "--spare", next, "--set", "records-spare-1", "--set", next});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr(path("config/holdfast/keys/records-spare-1-2.key")));
}

TEST_F(Key, SparesMadeAnewLieBesideTheVillageWhereverOneStands) {
  const Ran ran = run_at("tidepool/keys", {"key", "rotate", "records", "--no-passphrase", "--spare",
                                           spare("records-spare-1")});
  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr(path("tidepool-records-spares-2")));
  EXPECT_THAT(ran.out, HasSubstr("put them away, off this machine"));
  EXPECT_TRUE(fs::exists(path("tidepool-records-spares-2/records-spare-1.key")));
  ASSERT_EQ(in_village({"domain", "new", "songs", "--title", "Songs", "--no-passphrase"}).code, 0);
  EXPECT_TRUE(fs::exists(path("tidepool-songs-spares/songs-spare-1.key")));
}

TEST_F(Key, RotationThatIsRefusedLeavesNothingBehindAndIsTriedAgain) {
  const std::vector<std::string> rotation{"records", "--spare", spare("records-spare-1")};
  auto unreachable = rotation;
  unreachable.insert(unreachable.end(), {"--next-threshold", "3"});
  const Ran refused = rotate(unreachable);
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("AUTH-2"));
  EXPECT_FALSE(fs::exists(path("tidepool-records-spares-2")));
  EXPECT_EQ(rotate(rotation).code, 0);
  EXPECT_TRUE(fs::exists(path("tidepool-records-spares-2")));
}

TEST_F(Key, RotationThatWasNeverSubmittedLeavesNothingBehind) {
  write("passphrase", "correct horse");
  ASSERT_EQ(run({"key", "new", "mere", "--kdf-memory-mib=1", "--passphrase-file=passphrase"}).code,
            0);
  // Nobody is there to type mere's passphrase.
  const Ran ran = rotate({"records", "--spare", spare("records-spare-1"), "--set", "mere"});
  EXPECT_NE(ran.code, 0);
  EXPECT_THAT(ran.err, HasSubstr("no terminal"));
  EXPECT_FALSE(fs::exists(path("tidepool-records-spares-2")));
}

TEST_F(Key, RotationInAVillageThatSignsNothingLeavesNothingBehind) {
  fs::copy(path("tidepool"), path("older"), fs::copy_options::recursive);
  add_record("t", "b");
  fs::remove_all(path("tidepool"));
  fs::rename(path("older"), path("tidepool"));
  const Ran ran = rotate({"records", "--spare", spare("records-spare-1")});
  EXPECT_EQ(ran.code, 3) << ran.err;
  EXPECT_FALSE(fs::exists(path("tidepool-records-spares-2")));
  EXPECT_NE(rotate({"witness"}).code, 0);
  EXPECT_FALSE(fs::exists(path("tidepool/keys/witness-2.key")));
}

TEST_F(Key, SparesOfAnEarlierTryAreNotInTheWay) {
  fs::create_directory(path("tidepool-records-spares-2"));
  const Ran ran = rotate({"records", "--spare", spare("records-spare-1")});
  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(fs::is_empty(path("tidepool-records-spares-2")));
  EXPECT_TRUE(fs::exists(path("tidepool-records-spares-3/records-spare-1.key")));
  // A directory that was asked for is another matter.
  const Ran asked =
      rotate({"council", "--spare", spare("council-spare-1"), "--new-spares", path("out")});
  EXPECT_EQ(asked.code, 1);
  EXPECT_TRUE(fs::exists(path("out")));
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

TEST_F(Key, OfAnotherOperatorSignsTheEventThatNamesIt) {
  ASSERT_EQ(rotate({"operator"}).code, 0);
  const std::string id = ask({"key", "show", path("tidepool/keys/operator-2.key")})["keyId"];
  EXPECT_THAT(ask({"log", "--kind", "keyEvent"}).dump(), HasSubstr("{\"keyId\":\"" + id));
}

TEST_F(Key, OfAnotherOperatorIsGivenAsAFile) {
  ASSERT_EQ(run({"key", "new", "hine", "--no-passphrase", "--in", "elsewhere"}).code, 0);
  const Ran ran = rotate({"operator", "--to", path("elsewhere/hine.key")});
  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(fs::exists(path("tidepool/keys/operator-2.key")));
  EXPECT_EQ(in_village({"record", "add", "--title", "t"}).code, 0);
  EXPECT_EQ(ask({"status"})["verification"]["state"], "fresh");
}

TEST_F(Key, OfAnotherOperatorIsNotCopiedIntoTheVillageUnasked) {
  const std::string key = new_key("hine");
  const Ran ran = rotate({"operator", "--to", key});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("hine.key, which puts a copy among the village's keys"));
  EXPECT_FALSE(fs::exists(path("tidepool/keys/operator-2.key")));
  EXPECT_EQ(rotate({"operator", "--to", key, "--draft", path("draft")}).code, 5);
}

TEST_F(Key, OfAnotherWitnessStaysWhereItsHolderHasIt) {
  ASSERT_EQ(rotate({"witness", "--to", new_key("hine")}).code, 0);
  EXPECT_FALSE(fs::exists(path("tidepool/keys/witness-2.key")));
}

TEST_F(Key, IsNotReadFromWhatIsNoKeyFile) {
  write("bad.key", "nothing of the kind");
  const Ran ran = in_village({"record", "add", "--title", "t", "--key", path("bad.key")});
  EXPECT_EQ(ran.code, 1) << "the flag is right";
  EXPECT_EQ(run({"key", "new", "a bad name", "--no-passphrase"}).code, 2);
  EXPECT_EQ(run({"key", "show", "a bad name"}).code, 2);
}

TEST_F(Key, OfAnotherOperatorSignsADraftWhereItIsHeldElsewhere) {
  const std::string file = path("elsewhere/hine.key");
  ASSERT_EQ(run({"key", "new", "hine", "--no-passphrase", "--in", "elsewhere"}).code, 0);
  const std::string key = ask({"key", "show", file})["publicKey"];
  const auto draft = ask({"key", "rotate", "operator", "--to", key, "--draft", path("draft")}, 5);
  ASSERT_EQ(draft["missing"].size(), 1u);
  EXPECT_EQ(draft["missing"][0], "1 more of the new operator");
  // Whoever submits it has the key, or could not seal; but the council alone has signed so far.
  fs::copy_file(file, path("tidepool/keys/hine.key"));
  const Ran early = in_village({"submit", path("draft")});
  EXPECT_EQ(early.code, 1);
  EXPECT_THAT(early.err, HasSubstr("SIGN-3"));
  ASSERT_EQ(run({"sign", path("draft"), "--key", file}).code, 0);
  const Ran submitted = in_village({"submit", path("draft")});
  ASSERT_EQ(submitted.code, 0) << submitted.err;
  EXPECT_EQ(in_village({"record", "add", "--title", "t"}).code, 0);
  EXPECT_EQ(ask({"status"})["verification"]["state"], "fresh");
}

TEST_F(Key, OfAnotherOperatorIsNotTakenFromWhoMistypesIt) {
  std::string key = ask({"key", "show", path("tidepool/keys/witness.key")})["publicKey"];
  key[12] = key[12] == 'A' ? 'B' : 'A';
  const Ran ran = rotate({"operator", "--to", key});
  EXPECT_EQ(ran.code, 5);  // a draft that nobody can ever sign
  EXPECT_THAT(ran.out, HasSubstr("1 more of the new operator"));
  EXPECT_EQ(in_village({"record", "add", "--title", "t"}).code, 0);
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

// As somebody who is not allowed everything, also where these tests run as one who is.
class Closed : public Sandbox {
 protected:
  Ran as_anybody(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), HOLDFAST_BINARY);
    if (::geteuid() == 0)
      arguments.insert(arguments.begin(), "--bounding-set=-dac_override,-dac_read_search");
    return ::geteuid() == 0
               ? run_program("/usr/bin/setpriv", arguments)
               : run_program(HOLDFAST_BINARY, {arguments.begin() + 1, arguments.end()});
  }
  void close(const std::string& name) const {
    fs::permissions(path(name), fs::perms::none);
    closed_.push_back(name);
  }
  // So that the sandbox can be removed.
  ~Closed() override {
    for (const std::string& name : closed_) fs::permissions(path(name), fs::perms::owner_all);
  }

 private:
  mutable std::vector<std::string> closed_;
};

TEST_F(Closed, KeyFilesAreNotTakenForMissing) {
  init();
  close("config/holdfast/keys/tidepool-bay.key");
  const std::string village = "--village=" + path("tidepool");
  EXPECT_THAT(as_anybody({"record", "add", "--title", "t", village}).err,
              HasSubstr("permission denied to read " + path("config/holdfast/keys/tidepool-bay")));
  EXPECT_THAT(as_anybody({"key", "show", "tidepool-bay"}).err, HasSubstr("Permission denied"));
  fs::permissions(path("config/holdfast/keys/tidepool-bay.key"), fs::perms::owner_all);
  close("tidepool/keys/operator.key");
  EXPECT_THAT(as_anybody({"record", "add", "--title", "t", village}).err,
              HasSubstr("permission denied to read " + path("tidepool/keys/operator.key")));
}

TEST_F(Closed, VillageIsNotTakenForMissing) {
  init();
  close("tidepool");
  const Ran ran = as_anybody({"status", "--village=" + path("tidepool")});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("permission denied to look into " + path("tidepool")));
}

TEST_F(Closed, LedgerFileIsNotTakenForMissing) {
  init();
  close("tidepool/ledger/lock.mdb");
  const Ran ran = as_anybody({"status", "--village=" + path("tidepool")});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("Permission denied"));
  EXPECT_THAT(ran.err, HasSubstr("or read an export"));
}

}  // namespace
}  // namespace holdfast::cli
