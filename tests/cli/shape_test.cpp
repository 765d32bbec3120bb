// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Shape : public Sandbox {
 protected:
  Shape() { init(); }

  static std::vector<std::string> publish(std::vector<std::string> more) {
    std::vector<std::string> arguments{"shape", "publish", "records", "--title=Where kelp grows"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  std::string published(const std::vector<std::string>& more) const {
    return ask(publish(more))["statements"][0]["id"];
  }
  void expect_refused(const std::vector<std::string>& more, const std::string& what,
                      int code = 2) const {
    const Ran ran = in_village(publish(more));
    EXPECT_EQ(ran.code, code) << ran.out << ran.err;
    EXPECT_THAT(ran.err, HasSubstr(what));
  }
};

TEST_F(Shape, IsLiveUntilAGuardianRetiresIt) {
  const std::string id = published({"--operation=excerpts"});
  EXPECT_EQ(ask({"shape", "list"})["shapes"][0]["live"], true);
  EXPECT_EQ(ask({"shape", "list", "records"})["shapes"].size(), 1u);
  ask({"shape", "retire", id.substr(0, 10)});
  EXPECT_THAT(ask({"shape", "show", id})["state"].get<std::string>(), HasSubstr("retired by #"));
  const Ran twice = in_village({"shape", "retire", id});
  EXPECT_EQ(twice.code, 1);
  EXPECT_THAT(twice.err, HasSubstr("already retired by entry #"));
}

TEST_F(Shape, StandsInTheLogOfItsDomain) {
  published({"--operation=excerpts"});
  EXPECT_THAT(in_village({"log", "--domain=records"}).out, HasSubstr("lets be asked of records"));
}

TEST_F(Shape, HasDefaultsThatTheRulesAccept) {
  for (const std::string operation : {"exists", "count", "histogram", "excerpts", "answer"}) {
    const auto shape = ask({"shape", "show",
                            published({"--operation=" + operation,
                                       operation == "histogram" ? "--parameter=by:choice:place"
                                                                : "--parameter=words:text:100"})});
    EXPECT_EQ(shape["items"], 10);
    EXPECT_EQ(shape["characters"], 2000);
    EXPECT_EQ(shape["steeringNeeded"], operation == "answer");
    EXPECT_EQ(shape["minimumCell"], 0);  // as the domain's, which asks for none
  }
}

TEST_F(Shape, TakesItsCareFromTheDomain) {
  ask({"domain", "new", "shy", "--title", "t", "--minimum-cell=20", "--rounding=5",
       "--no-passphrase"});
  const auto made = ask({"shape", "publish", "shy", "--operation=count", "--title=How many"});
  const auto shape = ask({"shape", "show", made["statements"][0]["id"]});
  EXPECT_EQ(shape["minimumCell"], 20);
  EXPECT_EQ(shape["rounding"], 5);
  const Ran bare = in_village(publish({"--operation=count"}));
  EXPECT_THAT(bare.out, HasSubstr("every count is told as it is"));
  const Ran less = in_village(
      {"shape", "publish", "shy", "--operation=count", "--title=How many", "--minimum-cell=19"});
  EXPECT_EQ(less.code, 2);
  EXPECT_THAT(less.err, HasSubstr("--minimum-cell: found 19, want at least the domain's, 20"));
}

TEST_F(Shape, KeepsItsParametersAsTheyWereWritten) {
  const auto shape =
      ask({"shape", "show",
           published({"--operation=count", "--parameter=word:text:100",
                      "--parameter=coast:choice:west,east", "--parameter=depth:integer:-10..10",
                      "--parameter=since:date:2020-01-01..2026-12-31"})});
  EXPECT_THAT(shape["parameters"],
              ElementsAre("coast:choice:east,west", "depth:integer:-10..10",
                          "since:date:2020-01-01..2026-12-31", "word:text:100"));
  const Ran shown = in_village({"shape", "show", shape["id"]});
  EXPECT_THAT(shown.out, HasSubstr("depth:integer:-10..10"));
}

TEST_F(Shape, RefusesParametersThatMakeNoSense) {
  for (const std::string parameter :
       {"word", "word:text", ":text:5", "word:text:0", "word:text:x", "word:colour:5",
        "c:choice:a,,b", "c:choice:a,a", "n:integer:5", "n:integer:5..1", "n:integer:a..b",
        "d:date:2020-02-31..2021-01-01", "d:date:2021-01-01..2020-01-01", "d:date:1..2"})
    expect_refused({"--operation=count", "--parameter=" + parameter},
                   "--parameter: found \"" + parameter + "\"");
  expect_refused({"--operation=count", "--parameter=a:text:5", "--parameter=a:text:6"},
                 "another of this name");
  // The names themselves are judged where statements are.
  expect_refused({"--operation=count", "--parameter=A b:text:5"}, "[TEXT-2]", 1);
}

TEST_F(Shape, RefusesWhatTheRulesWouldRefuse) {
  expect_refused({"--operation=sing"}, "exists, count, histogram, excerpts or answer");
  expect_refused({"--operation=answer", "--no-steering"}, "in an answer a model speaks");
  expect_refused({"--operation=excerpts", "--items=0"}, "--items: found 0, want 1 or more");
  expect_refused({"--operation=excerpts", "--characters=0"}, "--characters: found 0");
  const Ran nowhere = in_village({"shape", "publish", "nowhere", "--operation=count", "--title=t"});
  EXPECT_EQ(nowhere.code, 4);
  EXPECT_THAT(nowhere.err, HasSubstr("no domain of this slug"));
  EXPECT_EQ(in_village({"shape", "show", add_record("t", "b")}).code, 4);
}

TEST_F(Shape, RefusesAHistogramThatNobodyCouldAsk) {
  const std::string want = "want by:choice:A,B with the fields";
  expect_refused({"--operation=histogram"}, "--parameter: found none named by, " + want);
  expect_refused({"--operation=histogram", "--parameter=reason:choice:a,b"}, want);
  expect_refused({"--operation=histogram", "--parameter=by:text:40"},
                 "--parameter: found \"by:text:40\", " + want);
  EXPECT_TRUE(ask({"shape", "list"})["shapes"].empty()) << "nothing was signed";
}

TEST_F(Shape, IsSignedByAsManyAsTheDomainAsksForAndRetiredByOne) {
  ask({"domain", "new", "shared", "--title", "t", "--guardian", "tidepool-bay", "--guardian",
       (new_key("mere"), "mere"), "--threshold=2", "--no-passphrase"});
  const auto draft = ask({"shape", "publish", "shared", "--operation=excerpts", "--title=Kelp",
                          "--key=mere", "--draft", path("asked")},
                         5);
  EXPECT_EQ(draft["missing"].size(), 1u);
  const Ran shown = in_village({"sign", path("asked"), "--show"});
  EXPECT_THAT(shown.out, HasSubstr("lets be asked of shared: excerpts, \"Kelp\""));
  ask({"sign", path("asked"), "--key=tidepool-bay"});
  const std::string id = ask({"submit", path("asked")})["statements"][0]["id"];
  ask({"shape", "retire", id, "--key=mere"});
  EXPECT_EQ(ask({"shape", "show", id})["live"], false);
}

TEST_F(Shape, ThatTheRulesRefuseIsNoDraft) {
  const std::string id = published({"--operation=excerpts"});
  ask({"shape", "retire", id});
  const Ran ran = in_village({"shape", "retire", id, "--draft", path("late")});
  EXPECT_EQ(ran.code, 1) << ran.out;
  EXPECT_FALSE(std::filesystem::exists(path("late")));
}

}  // namespace
}  // namespace holdfast::cli
