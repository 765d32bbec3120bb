// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

using ::testing::HasSubstr;

class Grant : public Sandbox {
 protected:
  Grant() {
    init();
    auditor_ = new_key("auditor");
  }

  std::string give(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"grant", "--auditor", auditor_, "--purpose", "yearly audit"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return ask(arguments)["statements"][0]["id"];
  }

  std::string auditor_;
};

TEST_F(Grant, ListSaysWhereThereIsNoneYet) {
  EXPECT_THAT(in_village({"grant", "list"}).out, HasSubstr("No grants yet"));
  EXPECT_TRUE(ask({"grant", "list"})["grants"].empty());
}

TEST_F(Grant, IsLiveUntilItIsRevoked) {
  const std::string id = give();
  EXPECT_EQ(ask({"grant", "list"})["grants"][0]["state"], "live");
  ask({"revoke", id});
  const std::string state = ask({"grant", "list"})["grants"][0]["state"];
  EXPECT_THAT(state, HasSubstr("revoked by #"));
  const Ran twice = in_village({"revoke", id});
  EXPECT_EQ(twice.code, 1);
  EXPECT_THAT(twice.err, HasSubstr("[STATE-1]"));
}

TEST_F(Grant, IsNotCalledLiveWhereNobodyCanTell) {
  give();
  std::filesystem::remove_all(path("tidepool/held"));
  write("tidepool/held", "in the way of the directory");
  const std::string state = ask({"grant", "list"})["grants"][0]["state"];
  EXPECT_THAT(state, HasSubstr("cannot tell: "));
}

TEST_F(Grant, NeedsAPurposeAndAnAuditor) {
  const Ran no_purpose = in_village({"grant", "--auditor", auditor_});
  EXPECT_EQ(no_purpose.code, 2);
  EXPECT_THAT(no_purpose.err, HasSubstr("--purpose"));
  EXPECT_EQ(in_village({"grant", "--purpose", "p"}).code, 2);
  EXPECT_EQ(in_village({"grant", "--purpose", "p", "--auditor", "ed25519:nonsense"}).code, 2);
}

TEST_F(Grant, LastsNoLongerThanAYear) {
  EXPECT_EQ(in_village({"grant", "--auditor", auditor_, "--purpose", "p", "--days", "367"}).code,
            2);
  give({"--days", "366"});
}

TEST_F(Grant, OfTheCouncilCoversWhatBelongsToNoDomain) {
  const std::string id = give({"--council"});
  const auto grants = ask({"grant", "list"})["grants"];
  const auto status = ask({"status"});
  EXPECT_EQ(grants[0]["statement"]["body"]["domain"], status["village"]);
  ask({"revoke", id});
}

TEST_F(Grant, MayNameRecordsOrLabels) {
  const std::string record = add_record("t", "b");
  give({"--record", record.substr(0, 10), "--must-delete"});
  const auto grants = ask({"grant", "list"})["grants"];
  EXPECT_EQ(grants[0]["statement"]["body"]["records"][0], record);
  EXPECT_EQ(grants[0]["statement"]["body"]["obligations"]["deleteOnRevocation"], true);
}

TEST_F(Grant, IsRevokedByItsOwnIdOnly) {
  const std::string record = add_record("t", "b");
  const Ran ran = in_village({"revoke", record});
  EXPECT_EQ(ran.code, 4);
  EXPECT_THAT(ran.err, HasSubstr("a record at entry"));
}

TEST_F(Grant, IsCountedInTheStatus) {
  ask({"revoke", give()});
  give();
  const auto status = ask({"status"});
  EXPECT_EQ(status["grants"]["live"], 1);
  EXPECT_EQ(status["grants"]["revoked"], 1);
}

}  // namespace
}  // namespace holdfast::cli
