// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Export : public Sandbox {
 protected:
  Export() { init(); }
  void expect_refused(const std::vector<std::string>& arguments, const std::string& what) const {
    const Ran ran = in_village(arguments);
    EXPECT_NE(ran.code, 0) << ran.out;
    EXPECT_THAT(ran.err, HasSubstr(what));
  }
};

TEST_F(Export, DoesNotLieInsideTheVillage) {
  expect_refused({"export", path("tidepool")}, "a place inside the village's directory");
  expect_refused({"export", path("tidepool/export")}, "want one outside of it");
  expect_refused({"export", path("out-of-it"), "--contents", path("tidepool/contents")},
                 "--contents: found");
  EXPECT_FALSE(fs::exists(path("tidepool/export")));
  EXPECT_FALSE(fs::exists(path("out-of-it")));
  fs::create_directory_symlink(path("tidepool"), path("link"));
  expect_refused({"export", path("link/export")}, "a place inside the village's directory");
}

TEST_F(Export, KeepsItsViewWhereNoneIsAskedFor) {
  add_record("hidden", "b", {"--visibility=guardians"});
  ask({"export", path("bundle"), "--view=full"});
  add_record("later", "b", {"--visibility=guardians"});
  const auto again = ask({"export", path("bundle")});
  EXPECT_EQ(again["view"], "full");
  EXPECT_EQ(again["withheld"], 0);
  EXPECT_THAT(in_village({"export", path("bundle")}).out, HasSubstr("It is full, as it was"));
  EXPECT_EQ(ask({"export", path("bundle"), "--view=open"})["withheld"], 2);
  EXPECT_EQ(ask({"export", path("bundle")})["view"], "open");
  EXPECT_EQ(ask({"export", path("new")})["view"], "open");
}

TEST_F(Export, LeavesTheBundleAloneThatAnExitCommitsTo) {
  ask({"export", path("last"), "--view=full"});
  ask({"exit", "--bundle", path("last"), "--yes"});
  const std::string checkpoint = read("last/checkpoint");
  expect_refused({"export", path("last"), "--view=full"}, "the village's exit commits to, by #");
  const std::string in_it = "or a place in it";
  expect_refused({"export", path("last/sub")}, in_it);
  expect_refused({"export", path("after"), "--contents", path("last/contents")}, in_it);
  EXPECT_FALSE(fs::exists(path("last/sub")));
  EXPECT_FALSE(fs::exists(path("last/contents")));
  EXPECT_EQ(read("last/checkpoint"), checkpoint);
  EXPECT_EQ(ask({"export", path("after"), "--view=full"})["withheld"], 0);
  EXPECT_EQ(in_village({"export", path("after")}).code, 0);
}

}  // namespace
}  // namespace holdfast::cli
