// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Drafts that give keys an office, and keys that are given by name.
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class Office : public Sandbox {
 protected:
  Office() { init(); }
};

TEST_F(Office, IsSignedForUnderTheKeyThatTheCommandPrinted) {
  const std::string key = new_key("hine");
  const std::string id = ask({"key", "show", "hine"})["keyId"];
  const std::string line = key + ", id " + id.substr(0, 12);
  const Ran drafted =
      in_village({"key", "rotate", "operator", "--to", key, "--draft", path("draft")});
  ASSERT_EQ(drafted.code, 5) << drafted.err;
  EXPECT_THAT(drafted.out, HasSubstr(line));
  EXPECT_THAT(in_village({"sign", path("draft"), "--show"}).out, HasSubstr(line));
}

TEST_F(Office, IsCalledByItsName) {
  const auto said = [&](const char* office) {
    return in_village({"key", "rotate", office, "--no-passphrase"}).out;
  };
  EXPECT_THAT(said("sealing"), HasSubstr("changed the sealing key: "));
  EXPECT_THAT(said("witness"), HasSubstr("changed the witness's key: "));
}

TEST_F(Office, OnceItIsGivenWantsNobodysSignature) {
  ask({"key", "rotate", "council", "--no-passphrase", "--spare",
       path("tidepool-bay-spares/council-spare-1.key"), "--draft", path("draft")},
      5);
  EXPECT_THAT(in_village({"sign", path("draft"), "--show"}).out, HasSubstr("must sign"));
  ask({"submit", path("draft")});
  const Ran shown = in_village({"sign", path("draft"), "--show"});
  EXPECT_THAT(shown.out, HasSubstr("already, as entry #"));
  EXPECT_THAT(shown.out, HasSubstr("signed by"));
  EXPECT_THAT(shown.out, Not(HasSubstr("must sign")));
  EXPECT_THAT(shown.out, Not(ContainsRegex(" of 0[^0-9a-f]")));  // an id may begin with a 0
}

TEST_F(Office, AsksNobodyToSignWhereEverybodyHas) {
  const Ran drafted = in_village({"record", "add", "--title=t", "--draft", path("draft")});
  ASSERT_EQ(drafted.code, 5) << drafted.err;
  EXPECT_THAT(drafted.out, HasSubstr("Everyone needed has signed. Anyone runs:  holdfast submit"));
  EXPECT_THAT(drafted.out, Not(HasSubstr("has yet to sign")));
  new_key("mere");
  const Ran waits =
      in_village({"domain", "new", "kelp", "--title=Kelp", "--no-passphrase", "--guardian",
                  ask({"key", "show", "mere"})["publicKey"], "--key=tidepool-bay"});
  ASSERT_EQ(waits.code, 5) << waits.err;
  EXPECT_THAT(waits.out, HasSubstr("Each who has yet to sign runs:"));
}

TEST_F(Office, OfAnAgentIsGivenToAKeyOfTheVillagesByName) {
  const std::string keys = path("tidepool/keys");
  ASSERT_EQ(run({"key", "new", "reader", "--no-passphrase", "--in", keys}).code, 0);
  const Ran ran = in_village({"key", "agent", "reader", "--may=act", "--key=tidepool-bay"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  ask({"decide", "record", "--category=disclosure", "--verdict=allow", "--action=Answer",
       "--agent=reader"});
  EXPECT_EQ(in_village({"key", "agent", "nobody", "--may=act", "--key=tidepool-bay"}).code, 4);
}

TEST_F(Office, IsGivenToAKeyOfYourOwnByName) {
  new_key("hine");
  const Ran ran = in_village({"key", "rotate", "operator", "--to=hine", "--key=tidepool-bay"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(std::filesystem::exists(path("tidepool/keys/operator-2.key")));
}

}  // namespace
}  // namespace holdfast::cli
