// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Drafts as guardians pass them on: what lies in them and where, what signing says, and what it
// refuses.
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kWords = "Only for those who sign.";

class Draft : public Sandbox {
 protected:
  // Two of two guard the domain "records": tidepool-bay and mere. "stranger" has no say.
  Draft() {
    init();
    new_key("mere");
    new_key("stranger");
    const Ran ran = in_village({"key", "rotate", "records", "--no-passphrase", "--spare",
                                path("tidepool-bay-spares/records-spare-1.key"), "--set",
                                "tidepool-bay", "--set", "mere", "--threshold", "2"});
    EXPECT_EQ(ran.code, 0) << ran.err;
  }

  std::string draft_of(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"record", "add",  "--title", "t",
                                       "--body", kWords, "--key",   "mere"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return ask(arguments, 5)["draft"];
  }
  // Signs where no village is to be found.
  Ran sign_elsewhere(const std::string& draft, std::vector<std::string> more) const {
    fs::create_directories(path("elsewhere"));
    std::vector<std::string> arguments{"sign", draft};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_at("elsewhere", arguments);
  }
};

TEST_F(Draft, LiesBesideTheVillageAndIsClosedToOthers) {
  const std::string draft = draft_of();
  EXPECT_EQ(fs::path(draft).parent_path(), fs::canonical(root()));
  for (const auto& item : fs::recursive_directory_iterator(draft))
    EXPECT_EQ(item.status().permissions(), item.is_directory()
                                               ? fs::perms::owner_all
                                               : fs::perms::owner_read | fs::perms::owner_write)
        << item.path();
  EXPECT_EQ(fs::status(draft).permissions(), fs::perms::owner_all);
}

TEST_F(Draft, IsWrittenBesideTheVillageAlsoByWhoStandsInIt) {
  const Ran ran = run_at("tidepool/keys", {"record", "add", "--title", "t", "--key", "mere"});
  ASSERT_EQ(ran.code, 5) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("in clear"));
  for (const auto& item : fs::recursive_directory_iterator(path("tidepool")))
    EXPECT_THAT(item.path().filename().string(), Not(HasSubstr("draft")));
}

TEST_F(Draft, IsRefusedInsideTheVillageBeforeAnythingIsWritten) {
  for (const std::string place : {"tidepool/draft", "tidepool", "tidepool/../tidepool/keys/d"}) {
    const Ran ran = in_village({"record", "add", "--title", "t", "--draft", path(place)});
    EXPECT_EQ(ran.code, 2) << place;
    EXPECT_THAT(ran.err, HasSubstr("inside the village's directory"));
  }
  EXPECT_FALSE(fs::exists(path("tidepool/draft")));
  fs::create_directory(path("documents"));
  write("documents/a.txt", "a");
  EXPECT_EQ(in_village({"import", path("documents"), "--draft", path("tidepool/draft")}).code, 2);
  EXPECT_FALSE(fs::exists(path("tidepool/draft")));
}

TEST_F(Draft, LosesItsContentsOnceItIsSequenced) {
  const std::string draft = draft_of();
  ASSERT_EQ(in_village({"sign", draft, "--key", "tidepool-bay"}).code, 0);
  EXPECT_TRUE(fs::exists(draft + "/contents"));
  const auto submitted = ask({"submit", draft});
  EXPECT_EQ(submitted["contentsRemoved"], 1);
  EXPECT_FALSE(fs::exists(draft + "/contents"));
  EXPECT_TRUE(fs::exists(draft + "/statements"));
  const std::string id = submitted["statements"][0]["id"];
  EXPECT_EQ(ask({"record", "show", id})["content"]["body"], kWords);
  // And again does no harm.
  EXPECT_EQ(ask({"submit", draft})["statements"][0]["knownAlready"], true);
  EXPECT_EQ(ask({"record", "show", id})["content"]["body"], kWords);
}

TEST_F(Draft, SaysWhoMustSignAndWhoIsMissing) {
  const std::string draft = draft_of();
  const Ran shown = in_village({"sign", draft, "--show"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("the guardians of records: 2 of 2"));
  EXPECT_THAT(shown.out, HasSubstr("(tidepool-bay)"));
  const auto json = ask({"sign", draft, "--show"});
  ASSERT_EQ(json["needs"].size(), 1u);
  EXPECT_EQ(json["needs"][0]["threshold"], 2);
  EXPECT_EQ(json["needs"][0]["missing"], 1);
  EXPECT_EQ(json["needs"][0]["signed"].size(), 1u);
  EXPECT_THAT(json["notChecked"], IsEmpty());

  const Ran early = in_village({"submit", draft});
  EXPECT_EQ(early.code, 1);
  EXPECT_THAT(early.err, HasSubstr("1 more of the guardians of records"));
  EXPECT_THAT(early.err, HasSubstr("(tidepool-bay)"));
  EXPECT_TRUE(fs::exists(draft + "/contents"));

  const auto complete = ask({"sign", draft, "--key", "tidepool-bay"});
  EXPECT_THAT(complete["missing"], IsEmpty());
  EXPECT_EQ(complete["needs"][0]["missing"], 0);
}

TEST_F(Draft, IsNotSignedByAKeyThatCountsForNothing) {
  const std::string draft = draft_of();
  const Ran ran = in_village({"sign", draft, "--key", "stranger"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("(stranger): found one that has no say over this draft"));
  EXPECT_THAT(ran.err, HasSubstr("a key of the guardians of records"));
  const auto signatures = fs::directory_iterator(draft + "/signatures");
  EXPECT_EQ(std::distance(begin(signatures), end(signatures)), 1);
}

TEST_F(Draft, NamesTheSignatureThatWasMadeElsewhereAndCountsForNothing) {
  const std::string draft = draft_of();
  ASSERT_EQ(sign_elsewhere(draft, {"--key", "stranger"}).code, 0);
  ASSERT_EQ(in_village({"sign", draft, "--key", "tidepool-bay"}).code, 0);
  const Ran ran = in_village({"submit", draft});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("(stranger)"));
  EXPECT_THAT(ran.err, HasSubstr("hint: without the file"));
}

TEST_F(Draft, IsSignedWithoutAVillageAndSaysWhatWasNotChecked) {
  const std::string draft = draft_of();
  const Ran ran = sign_elsewhere(draft, {"--key", "tidepool-bay"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("not checked:"));
  EXPECT_THAT(ran.out, HasSubstr("no village is at hand"));
  EXPECT_THAT(ran.out, HasSubstr("how many of them must agree"));
  EXPECT_EQ(in_village({"submit", draft}).code, 0);
}

TEST_F(Draft, NamesItsVillageByIdAndByNameOnlyWhereTheLedgerTellsIt) {
  const std::string draft = draft_of();
  const std::string id = ask({"status"})["village"];
  const auto here = ask({"sign", draft, "--show"});
  EXPECT_EQ(here["villages"], nlohmann::json::array({id}));
  EXPECT_EQ(here["villageName"], "Tidepool Bay");
  EXPECT_THAT(in_village({"sign", draft, "--show"}).out, HasSubstr("Tidepool Bay"));
  const Ran elsewhere = sign_elsewhere(draft, {"--show"});
  EXPECT_THAT(elsewhere.out, HasSubstr(id));
  EXPECT_THAT(elsewhere.out, HasSubstr("need the village's ledger"));
  EXPECT_TRUE(sign_elsewhere(draft, {"--show", "--format=json"}).json()["villageName"].is_null());
}

TEST_F(Draft, IsSignedBesideAnOlderCopyOfTheVillage) {
  fs::copy(path("tidepool"), path("older"), fs::copy_options::recursive);
  add_record("t", "b", {"--key", "mere", "--key", "tidepool-bay"});
  const std::string draft = draft_of();
  const Ran ran = run({"sign", draft, "--key", "tidepool-bay", "--village=" + path("older")});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("the ledger at hand is older than the draft"));
}

TEST_F(Draft, ThatIsSequencedIsNotSignedAgain) {
  const std::string draft = draft_of();
  ASSERT_EQ(in_village({"sign", draft, "--key", "tidepool-bay"}).code, 0);
  const std::uint64_t index = ask({"submit", draft})["statements"][0]["index"];
  const Ran again = in_village({"sign", draft, "--key", "mere"});
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.err, HasSubstr("sequenced already, as entry #" + std::to_string(index)));
  const auto shown = ask({"sign", draft, "--show"});
  EXPECT_EQ(shown["sequenced"][0]["index"], index);
}

TEST_F(Draft, WhoseTimeIsOverIsRefusedWithItsDate) {
  const std::string draft = draft_of({"--sequence-days", "1"});
  // No machine waits for a day: faketime is not at hand, so the date in the statement is put back,
  // which also ends the signatures that were made over it.
  std::string statements = read(fs::path(draft).filename().string() + "/statements");
  const auto shown = ask({"sign", draft, "--show"});
  ASSERT_TRUE(shown["cannotBeSigned"].is_null()) << shown;
  const std::string until = shown["shown"][0]["sequenceBy"];
  std::tm date{};
  ASSERT_NE(::strptime(until.c_str(), "%Y-%m-%dT%H:%M:%SZ", &date), nullptr);
  const std::int64_t by = ::timegm(&date);
  const auto bytes_of = [](std::int64_t time) {
    std::string bytes;
    for (int i = 0; i < 8; ++i) bytes += static_cast<char>((time >> (8 * i)) & 0xFF);
    return bytes;
  };
  constexpr std::int64_t kDaySeconds = 86'400;
  const auto put_back = [&](std::int64_t time) {
    const std::size_t at = statements.find(bytes_of(time));
    ASSERT_NE(at, std::string::npos);
    statements.replace(at, 8, bytes_of(time - 3 * kDaySeconds));
  };
  put_back(by);
  put_back(by - kDaySeconds);  // issuedAt
  fs::remove_all(draft + "/signatures");
  fs::remove_all(draft + "/contents");
  write(fs::path(draft).filename().string() + "/statements", statements);

  const Ran here = in_village({"sign", draft, "--key", "mere"});
  EXPECT_EQ(here.code, 1);
  EXPECT_THAT(here.err, HasSubstr("this draft: found void since 20"));
  EXPECT_THAT(here.err, HasSubstr("[TIME-2]"));
  EXPECT_THAT(sign_elsewhere(draft, {"--key", "mere"}).err, HasSubstr("void since 20"));
}

TEST_F(Draft, OfWhatHasChangedSinceIsRefused) {
  const std::string id = add_record("t", "b", {"--key", "mere", "--key", "tidepool-bay"});
  const std::string draft = ask({"record", "erase", id, "--yes", "--key", "mere"}, 5)["draft"];
  ask({"record", "withdraw", id, "--key", "mere"});
  const Ran stale = in_village({"sign", draft, "--key", "tidepool-bay"});
  EXPECT_EQ(stale.code, 1);
  EXPECT_THAT(stale.err, HasSubstr("changed since this was written, last by entry #"));
  EXPECT_THAT(stale.err, HasSubstr("[CHANGE-2]"));
  EXPECT_THAT(ask({"sign", draft, "--show"})["cannotBeSigned"].get<std::string>(),
              HasSubstr("changed since"));
}

TEST_F(Draft, ThatIsSequencedIsDoneWhateverTheKeysAreNow) {
  const std::string draft = draft_of();
  ASSERT_EQ(in_village({"sign", draft, "--key", "tidepool-bay"}).code, 0);
  fs::copy(draft, path("copy"), fs::copy_options::recursive);
  ask({"submit", draft});
  new_key("rua");
  ask({"key", "rotate", "records", "--no-passphrase", "--spare",
       path("tidepool-records-spares-2/records-spare-1.key"), "--set", "rua", "--threshold", "1"});
  const auto again = ask({"submit", path("copy")});
  EXPECT_EQ(again["statements"][0]["knownAlready"], true);
  EXPECT_EQ(again["contentsRemoved"], 1);
  EXPECT_FALSE(fs::exists(path("copy/contents")));
}

TEST_F(Draft, IsSubmittedTogetherWithACopyThatWasSignedApart) {
  const std::string draft = draft_of();
  fs::copy(draft, path("copy"), fs::copy_options::recursive);
  ASSERT_EQ(sign_elsewhere(path("copy"), {"--key", "tidepool-bay"}).code, 0);
  EXPECT_EQ(in_village({"submit", draft}).code, 1) << "one of two";
  const auto submitted = ask({"submit", draft, path("copy")});
  EXPECT_EQ(submitted["signatures"].size(), 2u);
  EXPECT_FALSE(fs::exists(draft + "/contents"));
  EXPECT_FALSE(fs::exists(path("copy/contents"))) << "in clear there too";
}

TEST_F(Draft, IsNotSubmittedTogetherWithAnother) {
  const std::string draft = draft_of();
  const Ran ran = in_village({"submit", draft, draft_of({"--draft", path("other")})});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("other: found other statements than those of the first draft"));
}

TEST_F(Draft, KeepsTheContentsThatTheVillageWasNeverGiven) {
  const std::string draft = draft_of();
  ASSERT_EQ(in_village({"sign", draft, "--key", "tidepool-bay"}).code, 0);
  fs::copy(draft, path("copy"), fs::copy_options::recursive);
  fs::remove_all(draft + "/contents");
  ask({"submit", draft, "--without-content"});
  const auto again = ask({"submit", path("copy")});
  EXPECT_EQ(again["contentsRemoved"], 0);
  EXPECT_EQ(again["contentsKept"], 1);
  EXPECT_TRUE(fs::exists(path("copy/contents")));
}

TEST_F(Draft, WithoutTheContentOfARecordIsNotSequencedUnasked) {
  const std::string draft = draft_of();
  ASSERT_EQ(in_village({"sign", draft, "--key", "tidepool-bay"}).code, 0);
  fs::copy(draft, path("copy"), fs::copy_options::recursive);
  fs::remove_all(draft + "/contents");
  const Ran refused = in_village({"submit", draft});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("found 1 statements without content"));
  EXPECT_EQ(ask({"submit", draft, path("copy")})["contentsKept"], 0) << "the copy has it";
}

TEST_F(Draft, OfKeysIsSignedByEveryNewOneAndASpare) {
  const auto draft = ask({"key", "rotate", "council", "--no-passphrase", "--spare",
                          path("tidepool-bay-spares/council-spare-1.key"), "--set", "mere", "--set",
                          ask({"key", "show", "stranger"})["publicKey"], "--draft", path("council"),
                          "--new-spares", path("new-spares"), "--key", "mere"},
                         5);
  const auto shown = ask({"sign", path("council"), "--show"});
  ASSERT_EQ(shown["needs"].size(), 3u) << shown["needs"];
  EXPECT_EQ(shown["needs"][0]["who"], "the spares of the council");
  EXPECT_EQ(shown["needs"][0]["missing"], 0);
  EXPECT_EQ(shown["needs"][1]["who"], "the new keys of the council");
  EXPECT_EQ(shown["needs"][1]["missing"], 1);
  EXPECT_EQ(in_village({"sign", path("council"), "--key", "tidepool-bay"}).code, 1);
  EXPECT_EQ(in_village({"sign", path("council"), "--key", "stranger"}).code, 0);
  EXPECT_EQ(in_village({"submit", path("council")}).code, 0);
}

TEST_F(Draft, OfTwoDomainsNamesBoth) {
  const std::string id = add_record("t", "b", {"--key", "mere", "--key", "tidepool-bay"});
  ask({"domain", "new", "kelp", "--title", "Kelp", "--guardian", "stranger", "--no-passphrase",
       "--new-spares", path("kelp-spares")});
  const std::string draft =
      ask({"record", "hand-over", id, "--to", "kelp", "--key", "mere"}, 5)["draft"];
  const Ran shown = in_village({"sign", draft, "--show"});
  EXPECT_THAT(shown.out, HasSubstr("the guardians of records: 2 of 2"));
  EXPECT_THAT(shown.out, HasSubstr("the guardians of kelp: 1 of 1"));
}

}  // namespace
}  // namespace holdfast::cli
