// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include "federation/composing.h"
#include "tests/attacks/asked_bay.h"

// Several questions at once, and what is made of their answers.
namespace holdfast::federation {
namespace {

using ::testing::SizeIs;

class AskedTogether : public attacks::AskedBay {
 protected:
  AskedTogether() : AskedBay(testing::MetVillage::patient(), true) {
    EXPECT_EQ(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, grant_)), "");
    bay_.settle();
  }
  AskedOf question(const std::string& purpose = "teaching") const {
    return {bay_.village, grant_, excerpts_, purpose, {{"question", attacks::kQuestion}}, 0, 0, {}};
  }
  Asked ask(const std::vector<AskedOf>& questions, bool composes = true) {
    return ask_together(clinic_.peering().asker(), clinic_.peering().correspondence(), questions,
                        composes);
  }
  std::string purpose_of_composition() const {
    const auto reader = clinic_.read();
    return compositions(*reader).value().back().statement.purpose;
  }
};

TEST_F(AskedTogether, AreComposedUnderThePurposeOfTheFirstThatWasAnswered) {
  const Asked asked = ask({question("something else"), question()});
  EXPECT_THAT(asked.told, SizeIs(2));
  EXPECT_TRUE(asked.told[0].refusal);
  ASSERT_TRUE(asked.composition);
  EXPECT_FALSE(asked.not_composed);
  EXPECT_EQ(purpose_of_composition(), "teaching");
}

TEST_F(AskedTogether, AreNotComposedWhereNobodyAnsweredOrNobodyWantsIt) {
  for (const Asked& asked : {ask({question("something else")}), ask({question()}, false)}) {
    EXPECT_FALSE(asked.composition);
    EXPECT_FALSE(asked.not_composed);
  }
}

TEST_F(AskedTogether, AreKeptApartWithTheReasonWhereTheyCannotBeComposed) {
  const Asked asked = ask(std::vector<AskedOf>(33, question()));
  EXPECT_THAT(asked.told, SizeIs(33));
  EXPECT_TRUE(asked.told.back().receipt);
  EXPECT_FALSE(asked.composition);
  ASSERT_TRUE(asked.not_composed);
  EXPECT_EQ(asked.not_composed->want, "at most 32");
}

}  // namespace
}  // namespace holdfast::federation
