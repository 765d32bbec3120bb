// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Deliberate : public Sandbox {
 protected:
  Deliberate() { init(); }

  static std::vector<std::string> recording(std::vector<std::string> more) {
    std::vector<std::string> all{"deliberate",
                                 "record",
                                 "records",
                                 "--matter=Who may hear the songs?",
                                 "--position=Mere:Whoever comes.",
                                 "--position=Tāne:Those who stay."};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  std::string recorded(const std::vector<std::string>& more) const {
    return ask(recording(more))["statements"][0]["id"];
  }
  std::string shown_at(const std::string& columns, const std::string& id) const {
    ::setenv("COLUMNS", columns.c_str(), 1);
    const Ran ran = in_village({"deliberate", "show", id});
    ::unsetenv("COLUMNS");
    EXPECT_EQ(ran.code, 0) << ran.err;
    return ran.out;
  }
  void expect_refused(const std::vector<std::string>& arguments, const std::string& what,
                      int code = 2) const {
    const Ran ran = in_village(arguments);
    EXPECT_EQ(ran.code, code) << ran.out << ran.err;
    EXPECT_THAT(ran.err, HasSubstr(what));
  }
};

TEST_F(Deliberate, KeepsEveryPositionAndWhoDissents) {
  const auto shown = ask({"deliberate", "show",
                          recorded({"--outcome=A night at least.", "--dissent=Mere",
                                    "--proposal=Nobody", "--proposal=Everybody"})});
  const auto& content = shown["content"];
  EXPECT_EQ(content["matter"], "Who may hear the songs?");
  EXPECT_EQ(content["outcome"], "A night at least.");
  ASSERT_EQ(content["positions"].size(), 2u);
  EXPECT_EQ(content["positions"][0]["holder"], "Mere");
  EXPECT_EQ(content["positions"][0]["dissent"], true);
  EXPECT_EQ(content["positions"][1]["text"], "Those who stay.");
  EXPECT_EQ(content["positions"][1]["dissent"], false);
  EXPECT_EQ(content["proposals"][1], "Everybody");
  EXPECT_THAT(shown.dump(), Not(HasSubstr("score")));
  const auto listed = ask({"deliberate", "list"})["deliberations"][0];
  EXPECT_EQ(listed["positions"], 2);
  EXPECT_EQ(listed["dissent"], 1);
  EXPECT_EQ(ask({"deliberate", "list", "council"})["deliberations"].size(), 0u);
}

TEST_F(Deliberate, StandsSideBySideWhereThereIsRoom) {
  const std::string id = recorded({"--outcome=A night at least.", "--dissent=Tāne"});
  EXPECT_THAT(shown_at("100", id), HasSubstr("Mere" + std::string(47, ' ') + "Tāne (dissents)\n"));
  const std::string narrow = shown_at("50", id);
  EXPECT_THAT(narrow, HasSubstr("Mere\n----\nWhoever comes.\n\nTāne (dissents)\n"));
  EXPECT_THAT(narrow, HasSubstr("Outcome\n  A night at least.\n  Dissents: Tāne\n"));
}

TEST_F(Deliberate, KeepsManyInTheirOrder) {
  std::vector<std::string> more{"--outcome=None."};
  for (int i = 3; i <= 12; ++i)
    more.push_back("--position=holder " + std::to_string(i) + ":text " + std::to_string(i));
  const auto content = ask({"deliberate", "show", recorded(more)})["content"];
  ASSERT_EQ(content["positions"].size(), 12u);
  for (int i = 3; i <= 12; ++i)
    EXPECT_EQ(content["positions"][static_cast<std::size_t>(i) - 1]["text"],
              "text " + std::to_string(i));
}

TEST_F(Deliberate, IsReadFromAFile) {
  write("songs.toml",
        "matter = \"Who may hear?\"\noutcome = \"\"\"Two\nlines\"\"\"\nproposals = [\"One\"]\n"
        "[[position]]\nholder = \"A: the elder\"\ntext = \"Nobody.\"\ndissent = true\n"
        "[[position]]\nholder = \"B\"\ntext = \"All.\"\n");
  const auto made = ask({"deliberate", "record", "council", "--from", path("songs.toml")});
  const auto shown = ask({"deliberate", "show", made["statements"][0]["id"]});
  EXPECT_EQ(shown["content"]["positions"][0]["holder"], "A: the elder");
  EXPECT_EQ(shown["content"]["positions"][0]["dissent"], true);
  EXPECT_EQ(shown["content"]["outcome"], "Two\nlines");
  EXPECT_EQ(shown["domain"], ask({"status"})["village"]);
}

TEST_F(Deliberate, SaysInWhichLineAFileIsWrong) {
  const auto refused = [&](const std::string& text, const std::string& what) {
    write("bad.toml", text);
    expect_refused({"deliberate", "record", "records", "--from", path("bad.toml")}, what, 1);
  };
  refused("matter = 5\n", "bad.toml line 1: found matter is no text, want text in quotes");
  refused("matter = \"m\"\nscore = 3\n", "line 2: found unknown key score");
  refused("matter = \"m\"\n[[position]]\nholder = \"A\"\n",
          "line 2: found a position without text");
  refused("[[position]]\nholder = \"A\"\ntext = \"t\"\nweight = 2\n",
          "line 4: found unknown key weight");
  refused("matter = \n", "line 1");
  refused("matter = \"m\"\noutcome = \"o\"\n", "position: found 0, want 1 to 64");
}

TEST_F(Deliberate, RefusesWhatMakesNoSense) {
  expect_refused(recording({}), "--outcome: found nothing in it");
  expect_refused(recording({"--outcome=o", "--dissent=Rua"}),
                 "--dissent: found \"Rua\", who holds no position, want one of those who do: "
                 "Mere, Tāne");
  expect_refused(recording({"--outcome=o", "--position=Rua"}), "HOLDER:TEXT");
  expect_refused(recording({"--outcome=o", "--from=f"}), "all of it in the file, or none");
  expect_refused({"deliberate", "record", "records"}, "or --from FILE");
  expect_refused({"deliberate", "record", "nowhere", "--matter=m", "--position=A:t", "--outcome=o"},
                 "no domain of this slug", 4);
}

TEST_F(Deliberate, IsReadByThoseWhoSignIt) {
  const std::string draft = path("songs");
  ask(recording({"--outcome=A night at least.", "--draft", draft}), 5);
  EXPECT_THAT(in_village({"sign", draft, "--show"}).out, HasSubstr("Those who stay."));
  for (const auto& item : std::filesystem::directory_iterator(draft + "/contents"))
    std::filesystem::remove(item.path());
  const Ran blind = in_village({"sign", draft, "--key=tidepool-bay"});
  EXPECT_EQ(blind.code, 1);
  EXPECT_THAT(blind.err, HasSubstr("1 statements without content"));
  EXPECT_EQ(in_village({"submit", draft}).code, 1);
}

TEST_F(Deliberate, HasNothingInClearInTheVillage) {
  recorded({"--outcome=A most secret outcome."});
  for (const auto& item : std::filesystem::recursive_directory_iterator(path("tidepool"))) {
    if (!item.is_regular_file()) continue;
    const std::string relative = std::filesystem::relative(item.path(), root()).string();
    EXPECT_THAT(read(relative), Not(HasSubstr("most secret outcome"))) << relative;
  }
}

}  // namespace
}  // namespace holdfast::cli
