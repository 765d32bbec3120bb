// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Proofs as files, made by one program and checked by the other.
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Prove : public Sandbox {
 protected:
  Prove() {
    init();
    village_ = ask({"status"})["village"];
    grant_ = ask(
        {"grant", "--auditor", new_key("auditor"), "--purpose", "audit"})["statements"][0]["id"];
  }
  Ran verify(std::vector<std::string> arguments) const {
    return run_program(HOLDFAST_VERIFY_BINARY, arguments);
  }
  nlohmann::json check(const std::string& file, const std::vector<std::string>& trust,
                       int code = 0) const {
    std::vector<std::string> arguments{"state-proof", path(file), "--format=json"};
    arguments.insert(arguments.end(), trust.begin(), trust.end());
    const Ran ran = verify(arguments);
    EXPECT_EQ(ran.code, code) << ran.out << ran.err;
    return ran.json();
  }
  // The file with one line replaced.
  void tamper(const std::string& from, const std::string& to, const std::string& name,
              const std::string& line) const {
    std::string text = read(from);
    const std::size_t at = text.find("\n" + name + " ") + 1;
    ASSERT_NE(at, 0u) << name;
    const std::size_t end = text.find('\n', at) + 1;
    text.replace(at, end - at, line);
    write(to, text);
  }
  std::string line_of(const std::string& file, const std::string& name) const {
    const std::string text = read(file);
    const std::size_t at = text.find("\n" + name + " ") + 1;
    return text.substr(at, text.find('\n', at) + 1 - at);
  }

  std::string village_;
  std::string grant_;
};

TEST_F(Prove, AGrantIsLiveThenRevokedToWhoKnowsTheVillageAlone) {
  ask({"prove", "state", "grant", grant_, "--output", path("live")});
  ask({"prove", "state", "revocation", grant_, "--output", path("none")});
  const auto live = check("live", {"--village=" + village_});
  EXPECT_EQ(live["verdict"], "verified");
  EXPECT_EQ(live["status"], "active");
  EXPECT_EQ(live["id"], grant_);
  EXPECT_EQ(check("none", {"--village=" + village_})["status"], "absent");

  ask({"revoke", grant_});
  ask({"prove", "state", "grant", grant_, "--output", path("revoked")});
  EXPECT_EQ(check("revoked", {"--village=" + village_})["status"], "revoked");
}

TEST_F(Prove, AStateThatWhatIsHeldTakesBackIsProvedWithAWarning) {
  const std::string record = add_record("t", "b");
  EXPECT_EQ(ask({"prove", "state", "grant", grant_})["heldAgainst"], false);
  fs::copy(path("tidepool"), path("copy"), fs::copy_options::recursive);
  add_record("another", "b");
  fs::remove_all(path("tidepool"));
  fs::rename(path("copy"), path("tidepool"));
  ask({"revoke", grant_});
  const std::string withdrawal = ask({"record", "withdraw", record})["statements"][0]["id"];
  for (const std::string state_class : {"grant", "revocation", "record", "spent"}) {
    const std::string id = state_class == "record"  ? record
                           : state_class == "spent" ? withdrawal
                                                    : grant_;
    EXPECT_EQ(ask({"prove", "state", state_class, id})["heldAgainst"], true) << state_class;
    const Ran written =
        in_village({"prove", "state", state_class, id, "--output", path(state_class + ".proof")});
    EXPECT_EQ(written.code, 0) << written.err;
    EXPECT_THAT(written.out, HasSubstr("WARNING: a ")) << state_class;
  }
  EXPECT_EQ(ask({"prove", "state", "spent", std::string(64, '0')})["heldAgainst"], false);
  EXPECT_FALSE(ask({"prove", "state", "slug", "records"}).contains("heldAgainst"));
}

TEST_F(Prove, AStateIsCheckedByTheKeyOfTheLogToo) {
  ask({"prove", "state", "slug", "records", "--output", path("slug")});
  const std::string vkey = ask({"prove", "inclusion", "0"})["vkey"];
  EXPECT_EQ(check("slug", {"--vkey=" + vkey})["village"], village_);
  EXPECT_EQ(check("slug", {"--vkey=" + vkey, "--village=" + village_})["id"], "records");
  check("slug", {}, 2);
  check("slug", {"--village=" + std::string(64, '0')}, 1);
}

TEST_F(Prove, AStateIsNotBelievedOfAnotherSealSubjectOrCheckpoint) {
  ask({"prove", "state", "grant", grant_, "--output", path("old")});
  ask({"revoke", grant_});
  ask({"prove", "state", "grant", grant_, "--output", path("new")});
  ask({"prove", "state", "slug", "records", "--output", path("slug")});
  const std::vector<std::string> trust{"--village=" + village_};
  // The state of before under the seal of now, and what belongs to others.
  for (const char* const name : {"value", "proof", "entry", "seal"}) {
    tamper("new", "tampered", name, line_of("old", name));
    check("tampered", trust, 1);
  }
  tamper("new", "tampered", "detail", line_of("slug", "detail"));
  EXPECT_EQ(check("tampered", trust, 1)["error"]["rule"], "PROOF-10");
  tamper("new", "tampered", "class", "class record\n");
  EXPECT_EQ(check("tampered", trust, 1)["error"]["rule"], "PROOF-10");
  tamper("new", "tampered", "id", "id " + std::string(43, 'A') + "=\n");
  EXPECT_EQ(check("tampered", trust, 1)["error"]["rule"], "PROOF-7");
  tamper("new", "tampered", "id", line_of("slug", "id"));
  EXPECT_EQ(check("tampered", trust, 1)["error"]["rule"], "PROOF-8");
  tamper("new", "tampered", "id", "");
  EXPECT_EQ(check("tampered", trust, 1)["error"]["rule"], "PROOF-8");
  tamper("new", "tampered", "genesis", line_of("new", "seal").replace(0, 4, "genesis"));
  EXPECT_EQ(check("tampered", trust, 1)["error"]["rule"], "EXPORT-5");
  write("tampered", "");
  EXPECT_EQ(check("tampered", trust, 1)["error"]["rule"], "PROOF-8");
}

TEST_F(Prove, AnEntryThatIsNotTheLastIsNoSealOfTheState) {
  ask({"prove", "state", "grant", grant_, "--output", path("old")});
  ask({"revoke", grant_});
  const std::string size = std::to_string(ask({"status"})["size"].get<int>());
  // The old seal, truly in the newer log, but no longer its last entry.
  const std::string old_seal = std::to_string(std::stoi(size) - 3);
  ask({"prove", "inclusion", old_seal, "--output", path("proof")});
  std::string text = read("old");
  text.replace(text.find("\n\n") + 2, std::string::npos, read("proof"));
  write("tampered", text);
  EXPECT_EQ(check("tampered", {"--village=" + village_}, 1)["error"]["rule"], "PROOF-9");
}

TEST_F(Prove, AStateAfterAChangeOfOperatorNeedsTheNewKey) {
  ASSERT_EQ(in_village({"key", "rotate", "operator", "--no-passphrase"}).code, 0);
  ask({"prove", "state", "grant", grant_, "--output", path("grant")});
  EXPECT_EQ(check("grant", {"--village=" + village_}, 2)["verdict"], "cannot tell");
  const std::string vkey = ask({"prove", "inclusion", "0"})["vkey"];
  check("grant", {"--village=" + village_, "--vkey=" + vkey});
  const Ran told = in_village({"prove", "state", "grant", grant_, "--output", path("again")});
  EXPECT_THAT(told.out, ::testing::HasSubstr("again --vkey=" + vkey)) << "and not the village's id";
  EXPECT_EQ(ask({"status"})["vkey"], vkey);
}

TEST_F(Prove, AnEntryIsWrittenForWhoChecksIt) {
  const Ran made = in_village({"prove", "inclusion", "2", "--output", path("2.tlog-proof"),
                               "--entry-out", path("2.entry")});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("--entry=" + path("2.entry")));
  const std::string vkey = ask({"prove", "inclusion", "2"})["vkey"];
  const Ran checked =
      verify({"proof", path("2.tlog-proof"), "--vkey=" + vkey, "--entry=" + path("2.entry")});
  EXPECT_EQ(checked.code, 0) << checked.out;
  EXPECT_THAT(checked.out, HasSubstr("kind         domain"));
}

TEST_F(Prove, TheCouncilsAuthorityByItsNameAndByTheVillagesId) {
  const std::string village = ask({"status"})["village"];
  EXPECT_EQ(ask({"prove", "state", "authority", "council"})["id"], village);
  EXPECT_EQ(ask({"prove", "state", "authority", village})["present"], true);
  EXPECT_EQ(ask({"prove", "state", "authority", "records"})["present"], true);
}

// True, and nothing that anybody meant to ask.
TEST_F(Prove, TakesARecordForNoAbsentGrant) {
  const std::string record = add_record("t", "b");
  const std::string number = "#" + ask({"record", "show", record})["index"].dump();
  for (const std::string& id : {record, number}) {
    const Ran ran = in_village({"prove", "state", "grant", id});
    EXPECT_EQ(ran.code, 4) << id;
    EXPECT_THAT(ran.err, HasSubstr("a record at entry"));
  }
  EXPECT_EQ(ask({"prove", "state", "grant", std::string(64, 'a')})["present"], false);
  EXPECT_EQ(in_village({"prove", "state", "grant", "six"}).code, 2);
  EXPECT_EQ(in_village({"prove", "state", "tide", "six"}).code, 2);
  EXPECT_EQ(in_village({"prove", "state", "agent", "six"}).code, 2);
  EXPECT_EQ(in_village({"prove", "inclusion", "six"}).code, 2);
}

}  // namespace
}  // namespace holdfast::cli
