// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Two villages meet, by files that people hand over, and part.
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

using ::testing::HasSubstr;

class PeerTest : public Sandbox {
 protected:
  PeerTest() {
    init();
    EXPECT_EQ(run({"init", "clinic", "--name=Reef Clinic", "--no-passphrase"}).code, 0);
    bay_ = ask({"status"})["village"];
    clinic_ = at_clinic({"status"})["village"];
  }

  nlohmann::json at(const std::string& village, std::vector<std::string> arguments,
                    int code = 0) const {
    arguments.insert(arguments.begin(), {"--village=" + path(village), "--format=json"});
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, code) << ran.out << ran.err;
    return ran.json();
  }
  nlohmann::json at_clinic(std::vector<std::string> arguments, int code = 0) const {
    return at("clinic", std::move(arguments), code);
  }
  nlohmann::json at_bay(std::vector<std::string> arguments, int code = 0) const {
    return at("tidepool", std::move(arguments), code);
  }

  void invite(const std::string& out = "invitation") const {
    at_bay({"peer", "invite", clinic_, "--purpose=the health of the bay",
            "--terms=Ask before you take.", "--endpoint=https://tidepool.example",
            "--out=" + path(out)});
  }
  void meet() const {
    invite();
    at_clinic({"peer", "accept", path("invitation"), "--yes", "--answer=" + path("answer"),
               "--endpoint=https://clinic.example"});
    at_bay({"peer", "accept", path("answer"), "--yes"});
  }
  nlohmann::json only_agreement(const std::string& village) const {
    const auto list = at(village, {"peer", "list"})["agreements"];
    EXPECT_EQ(list.size(), 1u);
    return list.empty() ? nlohmann::json() : list[0];
  }
  void expect_refused(const std::string& village, std::vector<std::string> arguments,
                      const std::string& why) const {
    arguments.insert(arguments.begin(), "--village=" + path(village));
    const Ran ran = run(arguments);
    EXPECT_NE(ran.code, 0) << ran.out;
    EXPECT_THAT(ran.err, HasSubstr(why));
  }

  std::string bay_;
  std::string clinic_;
};

TEST_F(PeerTest, TwoVillagesAgreeOnTheSameTermsInBothLedgers) {
  meet();
  const auto here = only_agreement("tidepool");
  const auto there = only_agreement("clinic");
  for (const auto& one : {here, there}) {
    EXPECT_EQ(one["status"], "active");
    EXPECT_EQ(one["inForce"], true);
    EXPECT_EQ(one["purpose"], "the health of the bay");
    EXPECT_EQ(one["revision"], 1);
  }
  EXPECT_EQ(here["village"], clinic_);
  EXPECT_EQ(there["village"], bay_);
  EXPECT_EQ(here["endpoint"], "https://clinic.example");
  EXPECT_EQ(there["endpoint"], "https://tidepool.example");
}

TEST_F(PeerTest, NothingIsSignedBeforeSomebodySaysYes) {
  invite();
  const auto shown = at_clinic({"peer", "accept", path("invitation")}, 5);
  EXPECT_EQ(shown["village"]["id"], bay_);
  EXPECT_EQ(shown["terms"]["text"], "Ask before you take.");
  EXPECT_TRUE(at_clinic({"peer", "list"})["agreements"].empty());
  EXPECT_TRUE(at_bay({"peer", "list"})["agreements"].empty());
}

TEST_F(PeerTest, ASecondTimeDoesNothingMore) {
  meet();
  const auto size = at_bay({"status"})["size"];
  at_bay({"peer", "accept", path("answer"), "--yes"});
  EXPECT_EQ(at_bay({"status"})["size"], size);
}

TEST_F(PeerTest, TermsAreAmendedByBothAndByNeitherAlone) {
  meet();
  at_bay({"peer", "amend", clinic_, "--purpose=the health of the reef",
          "--endpoint=https://tidepool.example", "--out=" + path("other")});
  EXPECT_EQ(only_agreement("tidepool")["purpose"], "the health of the bay");
  at_clinic({"peer", "accept", path("other"), "--yes", "--answer=" + path("agreed")});
  EXPECT_EQ(only_agreement("clinic")["purpose"], "the health of the reef");
  EXPECT_EQ(only_agreement("clinic")["revision"], 2);
  EXPECT_EQ(only_agreement("tidepool")["revision"], 1);
  at_bay({"peer", "accept", path("agreed"), "--yes"});
  EXPECT_EQ(only_agreement("tidepool")["revision"], 2);
  expect_refused("tidepool", {"peer", "accept", path("answer"), "--yes"}, "AGREE-2");
}

TEST_F(PeerTest, OtherTermsLeaveTheAddressAsItIsWhereTheyNameNone) {
  meet();
  at_bay({"peer", "amend", clinic_, "--purpose=the health of the reef", "--out=" + path("other")});
  EXPECT_EQ(at_clinic({"peer", "accept", path("other")}, 5)["village"]["endpoint"],
            "https://tidepool.example");
  const Ran accepted = run({"--village=" + path("clinic"), "peer", "accept", path("other"), "--yes",
                            "--answer=" + path("agreed")});
  EXPECT_THAT(accepted.out, HasSubstr("https://tidepool.example"));
  EXPECT_EQ(accepted.out.find("no address"), std::string::npos) << accepted.out;
  EXPECT_EQ(only_agreement("clinic")["endpoint"], "https://tidepool.example");
}

TEST_F(PeerTest, AgreementsAreCountedInTheStatus) {
  EXPECT_EQ(at_clinic({"status"})["agreements"], nlohmann::json::object());
  meet();
  EXPECT_EQ(at_clinic({"status"})["agreements"], nlohmann::json({{"active", 1}}));
  at_clinic({"peer", "suspend", bay_});
  EXPECT_EQ(at_clinic({"status"})["agreements"], nlohmann::json({{"suspended", 1}}));
  const Ran text = run({"--village=" + path("clinic"), "status"});
  EXPECT_THAT(text.out, HasSubstr("agreements:     1 suspended\n"));
}

TEST_F(PeerTest, OneSuspendsAloneAndBothResume) {
  meet();
  at_clinic({"peer", "suspend", bay_});
  EXPECT_EQ(only_agreement("clinic")["status"], "suspended");
  EXPECT_EQ(only_agreement("clinic")["inForce"], false);
  EXPECT_EQ(only_agreement("tidepool")["status"], "active");
  at_clinic({"peer", "resume", bay_, "--out=" + path("resume")});
  at_bay({"peer", "accept", path("resume"), "--yes", "--answer=" + path("resumed")});
  at_clinic({"peer", "accept", path("resumed"), "--yes"});
  EXPECT_EQ(only_agreement("clinic")["status"], "active");
  EXPECT_EQ(only_agreement("clinic")["revision"], 2);
  EXPECT_EQ(only_agreement("clinic")["endpoint"], "https://tidepool.example");
}

TEST_F(PeerTest, OneEndsItForGoodAndAnotherCanBeMade) {
  meet();
  at_bay({"peer", "end", only_agreement("tidepool")["origin"]});
  EXPECT_EQ(only_agreement("tidepool")["status"], "ended");
  expect_refused("tidepool", {"peer", "amend", clinic_, "--out=" + path("x")}, "AGREE-7");
  expect_refused("tidepool", {"peer", "end", clinic_}, "AGREE-7");
  invite("again");
  at_clinic({"peer", "end", bay_});
  at_clinic({"peer", "accept", path("again"), "--yes", "--answer=" + path("answer-2")});
  at_bay({"peer", "accept", path("answer-2"), "--yes"});
  const auto list = at_bay({"peer", "list"})["agreements"];
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[1]["status"], "active");
  EXPECT_EQ(list[1]["revision"], 2);
}

TEST_F(PeerTest, RefusesWhatWasChangedOnTheWay) {
  invite();
  const std::string bytes = read("invitation");
  for (std::size_t at = 40; at < bytes.size(); at += 173) {
    std::string other = bytes;
    other[at] = static_cast<char>(other[at] ^ 0x10);
    write("spoiled", other);
    const Ran ran = run({"--village=" + path("clinic"), "peer", "accept", path("spoiled"), "--yes",
                         "--answer=" + path("none")});
    // Where we are reached is the one thing that nobody signs.
    if (ran.code == 0) {
      const auto changed = only_agreement("clinic");
      EXPECT_NE(changed["endpoint"], "https://tidepool.example") << at;
      EXPECT_EQ(changed["purpose"], "the health of the bay") << at;
      break;
    }
    EXPECT_FALSE(std::filesystem::exists(path("none"))) << at;
  }
}

TEST_F(PeerTest, RefusesWhatIsNotForThisVillage) {
  EXPECT_EQ(run({"init", "school", "--name=Bay School", "--no-passphrase"}).code, 0);
  invite();
  expect_refused("school", {"peer", "accept", path("invitation"), "--yes"}, "AGREE-1");
  expect_refused("tidepool", {"peer", "accept", path("invitation"), "--yes"},
                 "which this village wrote itself");
  expect_refused("clinic", {"peer", "accept", path("invitation"), "--yes"}, "--answer");
  write("garbage", "kelp");
  expect_refused("clinic", {"peer", "accept", path("garbage")},
                 "garbage, which is no invitation and no answer to one");
  expect_refused("clinic", {"peer", "accept", path("nowhere")}, "nowhere");
  expect_refused("tidepool", {"peer", "invite", bay_, "--purpose=p", "--out=" + path("self")},
                 "which is this village, want the whole id of another village");
  expect_refused("tidepool", {"peer", "invite", "kelp", "--purpose=p", "--out=" + path("bad")},
                 "64 hex digits");
  expect_refused("tidepool", {"peer", "suspend", "kelp"}, "fits none");
}

TEST_F(PeerTest, TwoOfACouncilSignOneAfterTheOther) {
  const std::string mere = new_key("mere");
  at_clinic({"key", "rotate", "council", "--spare", path("reef-clinic-spares/council-spare-1.key"),
             "--set", "reef-clinic", "--set", "mere", "--threshold", "2", "--no-passphrase"});
  invite();
  at_clinic({"peer", "accept", path("invitation"), "--yes", "--key=reef-clinic"}, 5);
  EXPECT_TRUE(at_clinic({"peer", "list"})["agreements"].empty());
  expect_refused("clinic", {"peer", "sign", path("invitation.signed"), "--key=reef-clinic"},
                 "none of the council that has not signed");
  at_clinic({"peer", "sign", path("invitation.signed"), "--key=mere"});
  at_clinic(
      {"peer", "accept", path("invitation.signed.signed"), "--yes", "--answer=" + path("answer")});
  at_bay({"peer", "accept", path("answer"), "--yes"});
  EXPECT_EQ(only_agreement("clinic")["status"], "active");
  EXPECT_EQ(only_agreement("tidepool")["status"], "active");
}

TEST_F(PeerTest, AnAgreementIsNoRecord) {
  meet();
  const std::string id = only_agreement("clinic")["agreement"];
  expect_refused("clinic", {"record", "show", id}, "found an agreement at entry");
}

TEST_F(PeerTest, KnowsThePeersKeysAsTheyAreNow) {
  at_bay({"key", "rotate", "operator", "--no-passphrase"});
  invite();
  at_clinic({"peer", "accept", path("invitation"), "--yes", "--answer=" + path("answer")});
  EXPECT_EQ(only_agreement("clinic")["status"], "active");
}

TEST_F(PeerTest, SaysWhatTheFirstCommandIsWhereNobodyWasMet) {
  const Ran ran = in_village({"peer", "list"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.out, HasSubstr("holdfast peer invite"));
}

}  // namespace
}  // namespace holdfast::cli
