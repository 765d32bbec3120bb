// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A village that was founded under rules 1, as no program founds one any more.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "ledger/crypto/key_file.h"
#include "tests/cli/sandbox.h"
#include "tests/log/village_fixture.h"

namespace holdfast::cli {
namespace {

using ::testing::HasSubstr;

class Upgrade : public Sandbox {
 protected:
  Upgrade() {
    std::ofstream(village_.paths.config()) << "format = 1\n";
    const std::string keys = path("config/holdfast/keys");
    std::filesystem::create_directories(keys);
    std::filesystem::create_directories(village_.paths.keys());
    write_key(village_.operator_key, village_.paths.keys(), "operator");
    write_key(village_.council1, keys, "aroha");
    write_key(village_.council2, keys, "mere");
    write_key(village_.guardian1, keys, "tama");
    write_key(village_.guardian2, keys, "rua");
  }
  void write_key(const crypto::SigningKey& key, const std::string& directory,
                 const std::string& name) {
    const auto file =
        crypto::seal_key(name, key.public_key(), key.seed(), {}, {1, 8}, village_.random);
    ASSERT_TRUE(file) << describe(file.error());
    ASSERT_TRUE(crypto::create_key_file(directory + "/" + name + ".key", *file));
  }
  Ran in(std::vector<std::string> arguments) const {
    arguments.push_back("--village=" + village_.paths.directory());
    arguments.push_back("--accept-clock");  // it was founded at the fixture's time
    return run(arguments);
  }

  testing::VillageOnDisk village_;
};

TEST_F(Upgrade, RaisesTheRulesByOneAndLetsNewKindsIn) {
  const std::vector<std::string> publish{"shape", "publish", "records", "--operation=excerpts",
                                         "--title=t"};
  const Ran early = in(publish);
  EXPECT_EQ(early.code, 1);
  EXPECT_THAT(early.err, HasSubstr("[RULES-2]"));
  const Ran upgraded = in({"upgrade"});
  EXPECT_EQ(upgraded.code, 0) << upgraded.err;
  EXPECT_THAT(upgraded.out, HasSubstr("upgraded to rules 2 by entry #"));
  const Ran published = in(publish);
  EXPECT_EQ(published.code, 0) << published.err;
  const Ran again = in({"upgrade"});
  EXPECT_EQ(again.code, 3);
  EXPECT_THAT(again.err, HasSubstr("rules 3: found a version that this program does not know"));
}

TEST_F(Upgrade, OfANewVillageIsRefusedBeforeAnybodySignsIt) {
  init();
  const Ran ran = in_village({"upgrade", "--draft", path("draft")});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("at most 2, which the village is under already"));
  EXPECT_FALSE(std::filesystem::exists(path("draft")));
}

TEST_F(Upgrade, IsSignedByTheCouncilOnTheirOwnMachines) {
  EXPECT_EQ(in({"upgrade", "--key=aroha", "--draft", path("draft")}).code, 5);
  EXPECT_THAT(in({"sign", path("draft"), "--show"}).out, HasSubstr("goes over to rules 2"));
  EXPECT_EQ(in({"submit", path("draft")}).code, 1);
  EXPECT_EQ(in({"sign", path("draft"), "--key=tama"}).code, 1);
  EXPECT_EQ(in({"sign", path("draft"), "--key=mere"}).code, 0);
  EXPECT_EQ(in({"submit", path("draft")}).code, 0);
}

}  // namespace
}  // namespace holdfast::cli
