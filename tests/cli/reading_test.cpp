// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include <filesystem>
#include <functional>

#include "ledger/crypto/sha256.h"
#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

class Log : public Sandbox {
 protected:
  Log() { init(); }
};
class Status : public Log {
 protected:
  // What `act` does is done in the newer copy; the one from before it is there afterwards.
  void put_back_older(const std::function<void()>& act) const {
    fs::copy(path("tidepool"), path("copy"), fs::copy_options::recursive);
    act();
    fs::rename(path("tidepool"), path("newer"));
    fs::rename(path("copy"), path("tidepool"));
  }
  // Brings the newer one back; held/ stays, as docs/keeping.md says.
  void put_back_newer() const {
    for (const char* part : {"ledger", "content", "slots"}) {
      fs::remove_all(path("tidepool") + "/" + part);
      fs::rename(path("newer") + "/" + part, path("tidepool") + "/" + part);
    }
  }
};

TEST_F(Log, ReadsNewestFirstWithoutSeals) {
  add_record("t", "b");
  const auto entries = ask({"log"})["entries"];
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[0]["kind"], "record");
  EXPECT_EQ(entries[1]["kind"], "domain");
  EXPECT_EQ(entries[2]["kind"], "genesis");
  EXPECT_EQ(entries[0]["signers"][0]["name"], "tidepool-bay");
}

TEST_F(Log, ShowsSealsAndTheOtherOrderWhenAsked) {
  const auto log = ask({"log", "--seals", "--reverse"});
  EXPECT_EQ(log["entries"].size(), log["size"]);
  EXPECT_EQ(log["entries"][0]["index"], 0);
  EXPECT_EQ(log["entries"][1]["kind"], "seal");
  EXPECT_EQ(log["entries"][1]["signers"][0]["name"], "operator");
}

TEST_F(Log, ShowsTheNewestSoManyWhicheverWayItIsTurned) {
  const auto newest = ask({"log", "-n", "2"})["entries"];
  const auto turned = ask({"log", "-n", "2", "--reverse"})["entries"];
  ASSERT_EQ(turned.size(), 2u);
  EXPECT_EQ(turned[0], newest[1]);
  EXPECT_EQ(turned[1], newest[0]);
  EXPECT_EQ(in_village({"log", "-n", "-1"}).code, 2);
  EXPECT_EQ(in_village({"log", "-n", "0"}).code, 2);
}

TEST_F(Log, IsNarrowedByNumberKindAndDomain) {
  add_record("one", "b");
  add_record("two", "b");
  ask({"domain", "new", "kelp", "--title", "Kelp", "--no-passphrase"});
  EXPECT_EQ(ask({"log", "-n", "2"})["entries"].size(), 2u);
  EXPECT_EQ(ask({"log", "--kind", "record"})["entries"].size(), 2u);
  EXPECT_EQ(ask({"log", "--domain", "kelp"})["entries"].size(), 1u);
  const Ran unknown = in_village({"log", "--kind", "poem"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("genesis, seal"));
}

TEST_F(Log, SaysInWordsWhatWasDone) {
  add_record("t", "b", {"--tikanga", "Ask the guardians first."});
  const Ran text = in_village({"log", "--full"});
  EXPECT_THAT(text.out, HasSubstr("record in records, for read"));
  EXPECT_THAT(text.out, HasSubstr("(tidepool-bay)"));
  EXPECT_THAT(text.out, HasSubstr("Ask the guardians first."));
  const Ran oneline = in_village({"log", "--oneline"});
  EXPECT_EQ(std::count(oneline.out.begin(), oneline.out.end(), '\n'), 4);
}

TEST_F(Log, SaysHowManySealsItLeavesOut) {
  add_record("t", "b");
  EXPECT_THAT(in_village({"log"}).out, EndsWith("\n(3 seals not shown; --seals shows them)\n"));
  EXPECT_THAT(in_village({"log", "--oneline", "-n", "1"}).out,
              EndsWith("\n(1 seal not shown; --seals shows them)\n"));
  EXPECT_THAT(in_village({"log", "--seals"}).out, Not(HasSubstr("not shown")));
  EXPECT_THAT(in_village({"log", "--kind", "record"}).out, Not(HasSubstr("not shown")));
}

TEST_F(Status, SaysHowTheVillageStands) {
  add_record("t", "b");
  const auto status = ask({"status"});
  EXPECT_EQ(status["name"], "Tidepool Bay");
  EXPECT_EQ(status["verification"]["state"], "fresh") << status["verification"];
  EXPECT_EQ(status["records"]["active"], 1);
  EXPECT_EQ(status["authorities"].size(), 2u);
  EXPECT_EQ(status["anchor"]["state"], "level");
  EXPECT_EQ(ask({"status", "--writable"})["writable"], true);
}

TEST_F(Status, ShowsTheRootAsTheCheckpointAndTheVerifierDo) {
  const auto status = ask({"status"});
  const std::string root = status["root"];
  EXPECT_EQ(root.size(), 44u);
  EXPECT_THAT(status["checkpoint"].get<std::string>(), HasSubstr("\n" + root + "\n"));
  EXPECT_THAT(in_village({"status"}).out, HasSubstr(root));
  ASSERT_EQ(in_village({"export", path("export")}).code, 0);
  EXPECT_THAT(
      run_program(HOLDFAST_VERIFY_BINARY,
                  {"log", path("export"), "--village=" + status["village"].get<std::string>()})
          .out,
      HasSubstr(root));
}

TEST_F(Status, NoticesAnOlderCopyPutBack) {
  fs::copy(path("tidepool"), path("copy"), fs::copy_options::recursive);
  const std::string id = add_record("t", "b");
  fs::remove_all(path("tidepool"));
  fs::rename(path("copy"), path("tidepool"));
  EXPECT_EQ(ask({"status"})["anchor"]["state"], "ahead");
  const auto status = ask({"status", "--writable"});
  EXPECT_EQ(status["writable"], false);
  const Ran add = in_village({"record", "add", "--title", "t"});
  EXPECT_EQ(add.code, 3);
  EXPECT_THAT(add.err, HasSubstr("--accept-rollback"));
}

TEST_F(Status, HoldsWithdrawalsWhileNothingCanBeSigned) {
  const std::string id = add_record("t", "b");
  fs::copy(path("tidepool"), path("copy"), fs::copy_options::recursive);
  add_record("another", "b");
  fs::remove_all(path("tidepool"));
  fs::rename(path("copy"), path("tidepool"));
  const auto held = ask({"record", "withdraw", id});
  EXPECT_EQ(held["outcome"], "held");
  EXPECT_EQ(ask({"record", "show", id})["withdrawalHeld"], true);
  EXPECT_EQ(ask({"record", "list", "--status", "withdrawn"})["records"].size(), 1u);
  EXPECT_EQ(ask({"status"})["records"], nlohmann::json({{"withdrawn", 1}}));
}

// What was held first may never be sequenced: its record restored meanwhile, its basis in a log
// that is lost, one of its signers dismissed. So whoever takes back again is not told that it is
// done.
TEST_F(Status, HoldsWhatIsTakenBackAgain) {
  const std::string grant =
      ask({"grant", "--auditor", new_key("auditor"), "--purpose", "audit"})["statements"][0]["id"];
  const std::string record = add_record("t", "b");
  put_back_older([&] { add_record("another", "b"); });
  for (int times = 0; times < 2; ++times) {
    EXPECT_EQ(ask({"record", "withdraw", record})["outcome"], "held");
    EXPECT_EQ(ask({"revoke", grant})["outcome"], "held");
  }
}

TEST_F(Status, HoldsAWithdrawalBesideAFileThatNobodyHereCanRead) {
  const std::string record = add_record("t", "b");
  put_back_older([&] { add_record("another", "b"); });
  fs::create_directories(path("tidepool/held"));
  Bytes newer(16);  // a struct of one word of data: a version to come
  newer[4] = std::byte{1};
  newer[8] = std::byte{2};
  write("tidepool/held/" + format_hex(crypto::sha256(newer)), std::string(as_text(newer)));
  EXPECT_THAT(in_village({"record", "show", record}).err, HasSubstr("[BYTES-1]"));
  EXPECT_EQ(in_village({"record", "withdraw", record}).code, 0);
}

TEST_F(Status, CountsWhatIsHeldAsTheListsShowIt) {
  const std::string grant =
      ask({"grant", "--auditor", new_key("auditor"), "--purpose", "audit"})["statements"][0]["id"];
  const std::string id = add_record("t", "b");
  add_record("stays", "b");
  EXPECT_EQ(ask({"status"})["held"]["revocations"], 0);
  EXPECT_THAT(in_village({"status"}).out, Not(HasSubstr("held:")));
  put_back_older([&] { add_record("another", "b"); });
  ask({"record", "withdraw", id});
  ask({"revoke", grant});
  EXPECT_THAT(in_village({"grant", "list"}).out, HasSubstr("revoked (waits to be sequenced)"));
  const auto status = ask({"status"});
  EXPECT_EQ(status["records"], nlohmann::json({{"active", 1}, {"withdrawn", 1}}));
  EXPECT_EQ(status["grants"], nlohmann::json({{"revoked", 1}}));
  EXPECT_EQ(status["held"]["revocations"], 1);
  EXPECT_EQ(status["held"]["withdrawals"], 1);
  const Ran text = in_village({"status"});
  EXPECT_THAT(text.out, HasSubstr("grants:         1 revoked\n"));
  EXPECT_THAT(text.out, HasSubstr("held:           1 revocation, 1 withdrawal: in force already"));
  put_back_newer();
  ask({"status", "--writable"});  // sequences them
  EXPECT_EQ(ask({"status"})["grants"], nlohmann::json({{"revoked", 1}}));
  EXPECT_EQ(ask({"status"})["held"]["revocations"], 0);
}

TEST_F(Status, CountsNoHeldFileThatIsNoStatement) {
  write("tidepool/held/" + std::string(64, '0'), "no statement");
  EXPECT_EQ(ask({"status"})["held"]["withdrawals"], 0);
}

TEST_F(Status, NoticesAnotherLedgerOfTheSameSize) {
  fs::copy(path("tidepool"), path("copy"), fs::copy_options::recursive);
  add_record("t", "b");
  const std::string anchor = ask({"status"})["anchor"]["path"];
  fs::copy_file(anchor, path("anchor"));
  fs::remove_all(path("tidepool"));
  fs::rename(path("copy"), path("tidepool"));
  add_record("another", "b", {"--accept-rollback"});
  fs::copy_file(path("anchor"), anchor, fs::copy_options::overwrite_existing);
  EXPECT_EQ(ask({"status"})["anchor"]["state"], "another");
  EXPECT_THAT(in_village({"status"}).out, HasSubstr("NOT THE LEDGER THAT WAS HERE"));
  EXPECT_EQ(ask({"status", "--writable"})["writable"], false);
  EXPECT_EQ(ask({"status"})["anchor"]["size"], ask({"status"})["size"]);
}

TEST_F(Status, ComparesAnAnchorThatIsBehindWithTheRootOfItsSize) {
  const std::string anchor = ask({"status"})["anchor"]["path"];
  fs::copy_file(anchor, path("anchor"));
  for (const char* title : {"t", "u", "v"}) add_record(title, "b");
  fs::copy_file(path("anchor"), anchor, fs::copy_options::overwrite_existing);
  EXPECT_EQ(ask({"status"})["anchor"]["state"], "behind");
  std::string line = read("anchor");
  char& digit = line[line.find(' ') + 1];
  digit = digit == '0' ? '1' : '0';
  write("anchor", line);
  fs::copy_file(path("anchor"), anchor, fs::copy_options::overwrite_existing);
  EXPECT_EQ(ask({"status"})["anchor"]["state"], "another");
  EXPECT_EQ(ask({"status", "--writable"})["writable"], false);
  write("anchor", "7\n");
  fs::copy_file(path("anchor"), anchor, fs::copy_options::overwrite_existing);
  EXPECT_EQ(ask({"status"})["anchor"]["state"], "unreadable");
}

TEST_F(Status, HoldsTheRevocationOfAGrantThatOnlyTheNewerCopyKnows) {
  std::string grant;
  put_back_older([&] {
    grant = ask(
        {"grant", "--auditor", new_key("auditor"), "--purpose", "audit"})["statements"][0]["id"];
  });
  const Ran unnamed = in_village({"revoke", grant});
  EXPECT_EQ(unnamed.code, 4) << unnamed.out;
  EXPECT_THAT(unnamed.err, HasSubstr("--domain"));
  EXPECT_EQ(in_village({"revoke", grant.substr(0, 12), "--domain", "records"}).code, 4);
  const Ran held = in_village({"revoke", grant, "--domain", "records"});
  EXPECT_EQ(held.code, 0) << held.err;
  EXPECT_THAT(held.out, HasSubstr("does not know that grant"));
  EXPECT_THAT(held.out, HasSubstr("held "));
  EXPECT_EQ(ask({"status"})["held"]["revocations"], 1);
  put_back_newer();
  EXPECT_THAT(in_village({"grant", "list"}).out, HasSubstr("revoked (waits to be sequenced)"));
  ask({"status", "--writable"});  // sequences it
  EXPECT_THAT(in_village({"grant", "list"}).out, HasSubstr("revoked by #"));
}

TEST_F(Status, SaysWhetherTheGrantThatIsRevokedIsKnown) {
  EXPECT_EQ(in_village({"revoke", std::string(64, 'a')}).code, 4);
  EXPECT_EQ(ask({"revoke", std::string(64, 'a'), "--domain", "records"})["known"], false);
  const std::string grant =
      ask({"grant", "--auditor", new_key("auditor"), "--purpose", "audit"})["statements"][0]["id"];
  EXPECT_EQ(in_village({"revoke", grant, "--council"}).code, 1);
  EXPECT_EQ(ask({"revoke", grant, "--domain", "records"})["known"], true);
}

TEST_F(Status, IsFoundFromBelowAndByEnvironment) {
  const Ran nowhere = run({"status"});
  EXPECT_EQ(nowhere.code, 4);
  EXPECT_THAT(nowhere.err, HasSubstr("--village"));
  EXPECT_EQ(run_at("tidepool/keys", {"status"}).code, 0);
  EXPECT_EQ(run_at(".", {"status"}, path("tidepool")).code, 0);
  EXPECT_EQ(run_at("tidepool", {"status"}, path("nowhere")).code, 4);
}

TEST_F(Status, RefusesAConfigurationThatItDoesNotUnderstand) {
  write("tidepool/holdfast.toml", "format = 1\n[defaults]\nvisibilty = \"open\"\n");
  const Ran ran = in_village({"record", "add", "--title", "t"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("line 3"));
  EXPECT_THAT(ran.err, HasSubstr("visibilty"));
  write("tidepool/holdfast.toml", "format = 2\n");
  EXPECT_EQ(in_village({"record", "add", "--title", "t"}).code, 3);
  write("tidepool/holdfast.toml", "[[[");
  EXPECT_EQ(in_village({"record", "add", "--title", "t"}).code, 1);
}

TEST_F(Status, RefusesAnAnchorThatWouldBeAnotherOneInEachDirectory) {
  for (const char* relative : {"anchors", "./anchors", "~/anchors", "$HOME/anchors"}) {
    write("tidepool/holdfast.toml",
          "format = 1\n[anchor]\ndirectory = \"" + std::string(relative) + "\"\n");
    const Ran ran = in_village({"status"});
    EXPECT_EQ(ran.code, 1) << relative;
    EXPECT_THAT(ran.err, HasSubstr("line 3: found anchor.directory is \"" + std::string(relative) +
                                   "\", want a path that begins with /"));
  }
}

TEST_F(Status, SaysThatNothingNewFindsRoomOnAFullDisk) {
  std::string config = read("tidepool/holdfast.toml");
  const std::size_t at = config.find("map_mib = 1048576");
  ASSERT_NE(at, std::string::npos);
  write("tidepool/holdfast.toml", config.replace(at, 17, "map_mib = 1"));
  const auto status = ask({"status", "--writable"});
  EXPECT_EQ(status["writable"], false);
  EXPECT_THAT(status["readOnlyReason"].get<std::string>(), HasSubstr("the disk is full"));
}

}  // namespace
}  // namespace holdfast::cli
