// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What people and programs read when something is refused.
#include <gmock/gmock.h>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Refusal : public Sandbox {
 protected:
  Refusal() { init(); }
  std::string refused(const std::vector<std::string>& arguments) const {
    const Ran ran = in_village(arguments);
    EXPECT_EQ(ran.code, 1) << ran.out;
    return ran.err;
  }
};

TEST_F(Refusal, OfASecondRevocationNamesTheFirst) {
  const auto granted = ask({"grant", "--auditor", new_key("auditor"), "--purpose", "audit"});
  const std::string id = granted["statements"][0]["id"];
  const auto revoked = ask({"revoke", id});
  const std::string entry = "#" + std::to_string(revoked["statements"][0]["index"].get<int>());
  const std::string said = refused({"revoke", id});
  EXPECT_THAT(said, HasSubstr("already revoked by entry " + entry + " on 20"));
  EXPECT_THAT(said, HasSubstr("[STATE-1]\n"));
}

TEST_F(Refusal, OfWhatWasDoneToARecordAlreadySaysSoFirst) {
  const std::string id = add_record("t", "b");
  EXPECT_THAT(refused({"record", "hand-over", id, "--to", "records"}),
              HasSubstr("already in records"));
  EXPECT_THAT(refused({"record", "restore", id}), HasSubstr("not withdrawn but active"));
  ask({"record", "withdraw", id});
  EXPECT_THAT(refused({"record", "withdraw", id}), HasSubstr("already withdrawn by entry #"));
  EXPECT_THAT(refused({"record", "supersede", id, "--by", add_record("u", "b")}),
              HasSubstr("already withdrawn by entry #"));
  ask({"record", "erase", id, "--yes"});
  EXPECT_THAT(refused({"record", "erase", id, "--yes"}), HasSubstr("already erased by entry #"));
  EXPECT_THAT(refused({"record", "withdraw", id}), HasSubstr("already erased by entry #"));
  const std::string one = add_record("one", "b");
  const std::string two = add_record("two", "b");
  ask({"record", "supersede", one, "--by", two});
  EXPECT_THAT(refused({"record", "supersede", one, "--by", two}),
              HasSubstr("already superseded by entry #"));
}

TEST_F(Refusal, OfADomainThatIsThereNamesItsEntry) {
  EXPECT_THAT(refused({"domain", "new", "records", "--title", "R", "--no-passphrase",
                       "--new-spares", path("r")}),
              HasSubstr("already made by entry #2 on 20"));
}

TEST_F(Refusal, IsOneObjectOnStandardOutputForPrograms) {
  const Ran ran = in_village({"record", "show", "#999", "--format=json"});
  EXPECT_EQ(ran.code, 4);
  const auto error = ran.json()["error"];
  EXPECT_EQ(error["code"], "not found");
  for (const char* const member : {"rule", "what", "found", "want", "hint"})
    EXPECT_TRUE(error[member].is_string()) << member;
  EXPECT_THAT(ran.err, HasSubstr("holdfast: entry #999"));
}

TEST_F(Refusal, OfUsageIsOneObjectToo) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"--format=json"},
           {"recrod", "--format", "json"},
           {"record", "add", "--colour", "red", "--format=json"}}) {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, 2);
    EXPECT_EQ(ran.json()["error"]["code"], "usage") << ran.out;
  }
  const Ran verify = run_program(HOLDFAST_VERIFY_BINARY, {"log", "--format=json"});
  EXPECT_EQ(verify.code, 2);
  EXPECT_EQ(verify.json()["error"]["code"], "usage");
}

TEST_F(Refusal, HasTheSameMembersInTheVerifier) {
  const Ran ran =
      run_program(HOLDFAST_VERIFY_BINARY, {"log", path("nowhere"), "--village=x", "--format=json"});
  EXPECT_EQ(ran.code, 2);
  const auto error = ran.json()["error"];
  for (const char* const member : {"code", "rule", "what", "found", "want"})
    EXPECT_TRUE(error[member].is_string()) << member;
}

TEST_F(Refusal, OfAValueNamesTheFlagAndWhatIsAllowed) {
  const std::string key = new_key("auditor");
  const auto said = [&](std::vector<std::string> arguments, int code) {
    const Ran ran = in_village(std::move(arguments));
    EXPECT_EQ(ran.code, code) << ran.err;
    return ran.err;
  };
  for (const std::string& bad :
       std::vector<std::string>{"bob", "ed25519:abc", "x25519:" + key.substr(8)})
    EXPECT_THAT(said({"grant", "--auditor", bad, "--purpose", "p"}, 2),
                AllOf(HasSubstr("--auditor: found \"" + bad), HasSubstr("want the auditor's public "
                                                                        "key: ed25519: and 44")));
  const std::string id = add_record("t", "b");
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"grant", "--auditor", key, "--purpose", "p", "--domain", "nowhere"},
           {"record", "add", "--title", "t", "--domain", "nowhere"},
           {"record", "list", "--domain", "nowhere"},
           {"log", "--domain", "nowhere"},
           {"import", root(), "--domain", "nowhere"}})
    EXPECT_THAT(said(arguments, 4), AllOf(HasSubstr("--domain: found \"nowhere\""),
                                          HasSubstr("`holdfast domain list` shows")));
  EXPECT_THAT(said({"record", "hand-over", id, "--to", "nowhere"}, 4),
              HasSubstr("--to: found \"nowhere\""));
  EXPECT_THAT(said({"record", "supersede", id, "--by", "x"}, 2),
              AllOf(HasSubstr("--by: found \"x\""), HasSubstr("64 hex digits")));
  EXPECT_THAT(said({"grant", "--auditor", key, "--purpose", "p", "--record", "x"}, 2),
              HasSubstr("--record: found \"x\""));
  EXPECT_THAT(said({"record", "add", "--title", "t", "--visibility", "secret"}, 2),
              AllOf(HasSubstr("--visibility: found \"secret\""), HasSubstr("open, peers")));
  EXPECT_THAT(said({"record", "add", "--title", "t", "--key", "nobody"}, 4),
              HasSubstr("--key: found \"nobody\""));
  EXPECT_THAT(said({"log", "-n", "many"}, 2), AllOf(HasSubstr("--last"), HasSubstr("1 to 1000000000")));
  EXPECT_THAT(said({"grant", "--auditor", key, "--purpose", "p", "--days", "many"}, 2),
              AllOf(HasSubstr("--days"), HasSubstr("1 to 366")));
  EXPECT_THAT(run({"status", "--village", path("nowhere")}).err, HasSubstr("--village"));
}

TEST_F(Refusal, OfAValueNamesTheFlagInTheVerifierToo) {
  write("file", "");
  const auto said = [&](const std::vector<std::string>& arguments) {
    const Ran ran = run_program(HOLDFAST_VERIFY_BINARY, arguments);
    EXPECT_EQ(ran.code, 2) << ran.out;
    return ran.err;
  };
  const std::string statement = "--statement=" + path("file");
  EXPECT_THAT(said({"log", root(), "--village=zz"}), HasSubstr("--village: found zz"));
  EXPECT_THAT(said({"log", root(), "--vkey=zz"}), HasSubstr("--vkey: found \"zz\""));
  EXPECT_THAT(said({"note", path("file"), "--vkey=zz"}), HasSubstr("--vkey: found \"zz\""));
  EXPECT_THAT(said({"state-proof", path("file"), "--vkey=zz"}), HasSubstr("--vkey: found"));
  EXPECT_THAT(said({"record", statement, "--id=zz"}), HasSubstr("--id: found \"zz\""));
  EXPECT_THAT(said({"record", statement, "--guardian=zz"}), HasSubstr("--guardian: found \"zz\""));
}

TEST_F(Refusal, OfAMistypedCommandNamesItAndTheNearest) {
  const auto said = [&](const std::vector<std::string>& arguments) {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, 2);
    return ran.err;
  };
  EXPECT_THAT(said({"recrod", "add"}),
              HasSubstr("no command \"recrod\"; did you mean `holdfast record`?"));
  EXPECT_THAT(said({"key", "rotat"}),
              HasSubstr("no command \"rotat\"; did you mean `holdfast key rotate`?"));
  EXPECT_THAT(said({"--village", "x", "grant", "lsit"}),
              HasSubstr("did you mean `holdfast grant list`?"));
  EXPECT_THAT(said({"dance"}), HasSubstr("no command \"dance\"; `holdfast` has init, key"));
  // What is no command's name where none is wanted is left alone.
  EXPECT_THAT(said({"key", "show", "mere", "--colour"}), Not(HasSubstr("no command")));
}

TEST_F(Refusal, OfAMistypedCommandNamesTheNearestInTheVerifierToo) {
  const Ran ran = run_program(HOLDFAST_VERIFY_BINARY, {"lgo", "export", "--village=x"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("no command \"lgo\"; did you mean `holdfast-verify log`?"));
  EXPECT_THAT(run_program(HOLDFAST_VERIFY_BINARY, {"dance"}).err,
              HasSubstr("there are log, proof"));
  const Ran json = run_program(HOLDFAST_VERIFY_BINARY, {"lgo", "--format=json"});
  EXPECT_EQ(json.code, 2);
  EXPECT_THAT(json.json()["error"]["what"].get<std::string>(), HasSubstr("did you mean"));
}

}  // namespace
}  // namespace holdfast::cli
