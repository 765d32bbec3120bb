// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/attacks/asked_bay.h"

// A key that a council has taken out of office, in the hands of somebody who kept it.
namespace holdfast::attacks {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class RetiredAgent : public AskedBay {};

TEST_F(RetiredAgent, OfTheAskerCannotAskInItsName) {
  ASSERT_EQ(outcome(how_many()), "answered");
  clinic_.set_agent(clinic_.agent, model::Capability::kNever);
  const TreeSize size = bay_.size();
  EXPECT_EQ(outcome(how_many()), "ENV-6");
  EXPECT_EQ(bay_.size(), size) << "nor is it written down";
  EXPECT_THAT(bay_.answers(), SizeIs(1));
}

TEST_F(RetiredAgent, ThatMayOnlyProposeFromNowOnCannotAskEither) {
  clinic_.set_agent(clinic_.agent, model::Capability::kPropose);
  EXPECT_EQ(outcome(how_many()), "ENV-6");
  clinic_.set_agent(clinic_.agent, model::Capability::kAct);
  EXPECT_EQ(outcome(how_many()), "answered") << "let act again";
}

TEST_F(RetiredAgent, OfTheHolderCannotAnswerOrRefuseInItsName) {
  const Asking asking = clinic_.ask(bay_, how_many());
  const Bytes honest = reply_to(asking);
  ASSERT_EQ(clinic_.believe(asking, honest).outcome(), "answered");
  bay_.set_agent(bay_.agent, model::Capability::kNever);
  const TreeSize size = bay_.size();
  const auto reply = bay_.peering().holder().take(clinic_.ask(bay_, how_many()).sealed);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().rule, "AGENT-1");
  EXPECT_EQ(bay_.size(), size);
  EXPECT_THAT(bay_.answers(), SizeIs(1));
  // What it writes is not believed, whatever it writes.
  const auto peer = federation::acquaintance_with(*bay_.read(), clinic_.village).value();
  const auto written = bay_.peering().correspondence().write(
      *bay_.read(), peer,
      {model::Refusal{federation::reason::kNothing, {}, {}}, {}, asking.id, std::nullopt, kHour});
  EXPECT_EQ(clinic_.believe(asking, written.value().bytes).outcome(), "ENV-6");
}

TEST_F(RetiredAgent, CannotTakeNoteOfAnythingInItsVillagesLog) {
  ASSERT_EQ(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, grant_)), "");
  ASSERT_THAT(clinic_.all<model::Receipt>(), SizeIs(1));
  const StatementId second = grant();
  clinic_.set_agent(clinic_.agent, model::Capability::kNever);
  EXPECT_THAT(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, second)),
              ::testing::HasSubstr("AGENT-1"));
  EXPECT_THAT(clinic_.all<model::Receipt>(), SizeIs(1));
}

}  // namespace
}  // namespace holdfast::attacks
