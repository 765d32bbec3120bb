// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

class Record : public Sandbox {
 protected:
  Record() { init(); }

  nlohmann::json show(const std::string& id) const { return ask({"record", "show", id}); }

  // Every file below the village that holds these bytes.
  std::vector<std::string> files_with(const std::string& bytes) const {
    std::vector<std::string> found;
    for (const auto& file : fs::recursive_directory_iterator(path("tidepool"))) {
      if (!file.is_regular_file()) continue;
      std::ifstream stream(file.path(), std::ios::binary);
      std::stringstream text;
      text << stream.rdbuf();
      if (text.str().find(bytes) != std::string::npos) found.push_back(file.path().string());
    }
    return found;
  }
};

TEST_F(Record, IsAddedAndShownWithFreshProofs) {
  const std::string id =
      add_record("Low tide", "Bull kelp at the point.",
                 {"--label", "TK A", "--policy", "read,share", "--field", "place=North point"});
  const auto shown = show(id);
  EXPECT_EQ(shown["status"], "active");
  EXPECT_EQ(shown["verification"]["state"], "fresh") << shown["verification"];
  EXPECT_EQ(shown["content"]["title"], "Low tide");
  EXPECT_EQ(shown["content"]["place"], "North point");
  EXPECT_EQ(shown["statement"]["body"]["labels"][0], "TK A");
  EXPECT_EQ(shown["statement"]["body"]["policy"]["share"], true);
  EXPECT_EQ(shown["statement"]["body"]["policy"]["train"], false);
}

TEST_F(Record, IsShownWithItsTitleFirstAndItsBodySetApartLast) {
  const std::string id = add_record("Low tide", "Bull kelp\nverification: fresh",
                                    {"--field", "place=North", "--field", "path=a/b.md"});
  const std::string out = in_village({"record", "show", id}).out;
  EXPECT_THAT(out, HasSubstr("\ntitle:          Low tide\npath:           a/b.md\n"
                             "place:          North\n\nbody:\n    Bull kelp\n    verification: "
                             "fresh\n"));
  EXPECT_THAT(out, EndsWith("    verification: fresh\n"));
}

TEST_F(Record, IsNotInAnyFileInClear) {
  add_record("A quiet title", "Nobody reads this on the disk.");
  EXPECT_TRUE(files_with("A quiet title").empty());
  EXPECT_TRUE(files_with("Nobody reads this").empty());
}

TEST_F(Record, TakesItsBodyAndTitleFromAFile) {
  write("notes.md", "# Notes\n\nTwo lines.\n");
  const auto added = ask({"record", "add", path("notes.md")});
  const auto shown = show(added["statements"][0]["id"]);
  EXPECT_EQ(shown["content"]["title"], "notes.md");
  EXPECT_EQ(shown["content"]["body"], "# Notes\n\nTwo lines.\n");
  EXPECT_EQ(shown["statement"]["body"]["mediaType"], "text/markdown");
}

TEST_F(Record, GivesOneFieldsBytesForOtherPrograms) {
  const std::string id = add_record("t", "body\nof two lines");
  EXPECT_EQ(in_village({"record", "show", id, "--field", "body"}).out, "body\nof two lines");
  const Ran missing = in_village({"record", "show", id, "--field", "place"});
  EXPECT_EQ(missing.code, 4);
  EXPECT_THAT(missing.err, HasSubstr("body, title"));
}

TEST_F(Record, CannotMoveTheCursor) {
  const std::string id = add_record("\x1b[2Jgone", "\x1b]0;owned\x07 body \u202Etxet");
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"record", "show", id}, {"record", "list"}, {"log"}}) {
    const Ran ran = in_village(arguments);
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_THAT(ran.out, Not(HasSubstr("\x1b")));
    EXPECT_THAT(ran.out, Not(HasSubstr("\u202E")));
  }
  EXPECT_THAT(in_village({"record", "show", id}).out, HasSubstr("\\x1b[2Jgone"));
  const Ran json = in_village({"record", "show", id, "--format=json"});
  EXPECT_THAT(json.out, Not(HasSubstr("\x1b")));
  EXPECT_EQ(json.json()["content"]["title"], "\x1b[2Jgone");
}

TEST_F(Record, IsWithdrawnAndRestored) {
  const std::string id = add_record("t", "b");
  ask({"record", "withdraw", id});
  EXPECT_EQ(show(id)["status"], "withdrawn");
  ask({"record", "restore", id});
  EXPECT_EQ(show(id)["status"], "active");
  EXPECT_EQ(show(id)["version"], 3);
  const Ran twice = in_village({"record", "restore", id});
  EXPECT_EQ(twice.code, 1);
  EXPECT_THAT(twice.err, HasSubstr("[CHANGE-3]"));
}

TEST_F(Record, IsSupersededByAnotherOfItsDomain) {
  const std::string first = add_record("first", "b");
  const std::string second = add_record("second", "b");
  ask({"record", "supersede", first, "--by", second});
  EXPECT_EQ(show(first)["status"], "superseded");
  EXPECT_EQ(show(first)["successor"], second);
  EXPECT_EQ(in_village({"record", "supersede", second, "--by", second}).code, 1);
}

TEST_F(Record, IsHandedOverToAnotherDomain) {
  const std::string id = add_record("t", "b");
  ask({"domain", "new", "kelp", "--title", "Kelp", "--no-passphrase"});
  ask({"record", "hand-over", id, "--to", "kelp"});
  const auto kelp = ask({"domain", "show", "kelp"});
  EXPECT_EQ(show(id)["domain"], kelp["id"]);
  EXPECT_EQ(show(id)["verification"]["state"], "fresh") << show(id)["verification"];
  EXPECT_EQ(ask({"record", "list", "--domain", "kelp"})["records"].size(), 1u);
  EXPECT_TRUE(ask({"record", "list", "--domain", "records"})["records"].empty());
}

TEST_F(Record, IsErasedForGoodOnlyWhenAskedTwice) {
  const std::string id = add_record("t", "b");
  const Ran asked = in_village({"record", "erase", id});
  EXPECT_EQ(asked.code, 2);
  EXPECT_THAT(asked.err, HasSubstr("--yes"));
  EXPECT_EQ(show(id)["status"], "active");

  ask({"record", "erase", id, "--yes"});
  const auto shown = show(id);
  EXPECT_EQ(shown["status"], "erased");
  EXPECT_TRUE(shown["content"].is_null());
  EXPECT_EQ(shown["verification"]["state"], "unverifiable");
  EXPECT_THAT(shown["verification"]["reason"].get<std::string>(), HasSubstr("erased by entry #"));
  EXPECT_EQ(in_village({"record", "restore", id}).code, 1);
  EXPECT_EQ(in_village({"record", "show", id, "--field", "title"}).code, 3);
}

TEST_F(Record, ChangesWithOthersAllOrNone) {
  const std::string one = add_record("one", "b");
  const std::string two = add_record("two", "b");
  ask({"record", "withdraw", one});
  EXPECT_EQ(in_village({"record", "erase", "--yes", two, "#0"}).code, 4);
  EXPECT_EQ(in_village({"record", "withdraw", two, one}).code, 1);
  EXPECT_EQ(show(two)["status"], "active");
  const auto erased = ask({"record", "erase", one, two, "--yes"});
  EXPECT_EQ(erased["statements"].size(), 2u);
}

TEST_F(Record, IsListedByStatusLabelAndNumber) {
  const std::string one = add_record("one", "b", {"--label", "TK A"});
  add_record("two", "b");
  add_record("three", "b");
  ask({"record", "withdraw", one});
  EXPECT_EQ(ask({"record", "list"})["records"].size(), 3u);
  EXPECT_EQ(ask({"record", "list", "--status", "withdrawn"})["records"][0]["id"], one);
  EXPECT_EQ(ask({"record", "list", "--label", "TK A"})["records"].size(), 1u);
  const auto newest = ask({"record", "list", "-n", "1"})["records"];
  ASSERT_EQ(newest.size(), 1u);
  EXPECT_EQ(newest[0]["title"], "three");
}

TEST_F(Record, IsListedWithItsDayInColumns) {
  const std::string id = add_record("First title", "b");
  add_record("Second title", "b");
  ask({"record", "withdraw", id});
  const std::string out = in_village({"record", "list"}).out;
  const std::string first = out.substr(0, out.find('\n'));
  const std::string second = out.substr(out.find('\n') + 1);
  EXPECT_EQ(first.find("First"), second.find("Second")) << out;
  EXPECT_THAT(first, HasSubstr("  withdrawn   records  "));
  const auto record = ask({"record", "list"})["records"][0];
  const std::string time = record["time"];
  EXPECT_THAT(time, HasSubstr("T"));
  EXPECT_THAT(first, HasSubstr("  " + time.substr(0, 10) + "  " + id.substr(0, 12) + "  "));
}

TEST_F(Record, IsFoundByNumberAndByTheFirstDigitsOfItsId) {
  const std::string id = add_record("t", "b");
  const std::uint64_t index = show(id)["index"];
  EXPECT_EQ(show("#" + std::to_string(index))["id"], id);
  EXPECT_EQ(show(id.substr(0, 8))["id"], id);
  EXPECT_EQ(in_village({"record", "show", id.substr(0, 7)}).code, 2);
  EXPECT_EQ(in_village({"record", "show", "#0"}).code, 4);
  EXPECT_EQ(in_village({"record", "show", "#999"}).code, 4);
  EXPECT_EQ(in_village({"record", "show", std::string(64, '0')}).code, 4);
}

TEST_F(Record, OfBytesThatAreNoTextIsNotCalledText) {
  write("bytes", std::string("\x00\xff\x01", 3));
  const auto type_of = [&](const char* file) {
    const auto added = ask({"record", "add", "--title", "t", "--body-file", path(file)});
    return ask({"record", "show", added["statements"][0]["id"]})["statement"]["body"]["mediaType"];
  };
  EXPECT_EQ(type_of("bytes"), "application/octet-stream");
  write("words", "low tide");
  EXPECT_EQ(type_of("words"), "text/plain");
}

TEST_F(Record, SaysWhatWasDoneToWhatByWhichEntry) {
  const std::string id = add_record("t", "b");
  EXPECT_THAT(in_village({"record", "withdraw", id}).out,
              HasSubstr("withdrawn record " + id + " by entry #"));
  EXPECT_THAT(in_village({"record", "restore", id}).out, HasSubstr("restored record " + id));
  EXPECT_THAT(in_village({"record", "erase", id, "--yes"}).out, HasSubstr("erased record " + id));
  EXPECT_THAT(in_village({"record", "show", id}).out,
              HasSubstr("gone for good: erased by entry #"));
}

TEST_F(Record, NeedsContent) {
  EXPECT_EQ(in_village({"record", "add"}).code, 2);
  EXPECT_EQ(in_village({"record", "add", path("missing.txt")}).code, 4);
  EXPECT_EQ(in_village({"record", "add", "--title", "t", "--field", "no equals sign"}).code, 2);
  EXPECT_EQ(in_village({"record", "add", "--title", "t", "--field", "title=again"}).code, 1);
  EXPECT_EQ(in_village({"record", "add", "--title", "t", "--field", "Not A Name=x"}).code, 1);
  EXPECT_EQ(in_village({"record", "add", "--title", "t", "--policy", "everything"}).code, 2);
  EXPECT_EQ(in_village({"record", "add", "--title", "t", "--domain", "nowhere"}).code, 4);
}

}  // namespace
}  // namespace holdfast::cli
