// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/attacks/asked_bay.h"

// A holder with two histories: the one that the clinic follows, and one that begins with an old
// copy of it. The clinic is answered from the other.
namespace holdfast::attacks {
namespace {

class TwoHistories : public AskedBay {
 protected:
  // What the copy replies, as if its log had been proved from `from` to where it stands now.
  struct Reply {
    Bytes sealed;
    TreeSize size;
  };
  Reply reply_of(MetVillage& copy, const Asking& asking, TreeSize from) {
    copy.settle();
    const auto honest = copy.peering().holder().take(asking.sealed);
    EXPECT_TRUE(honest && *honest);
    model::Envelope lie = clinic_.opened(**honest).envelope;
    const auto note = model::parse_note(lie.state.checkpoint).value();
    const TreeSize size = model::parse_checkpoint(note.text).value().size;
    lie.consistency = {{from, copy.read()->prove_consistency(from, size).value()}};
    return {bay_.sealed(lie, clinic_), size};
  }
};

TEST_F(TwoHistories, AreNotFollowedBelowWhatTheAskerHasSeen) {
  ASSERT_EQ(outcome(what_of_it()), "answered");
  TreeSize from = bay_.size();
  MetVillage copy(bay_);
  bay_.add_many(50, {{"title", "Later"}});
  ASSERT_EQ(outcome(what_of_it()), "answered");
  bay_.revoke(grant_);
  for (int i = 0; i < 3; ++i) {
    const Asking asking = clinic_.ask(bay_, what_of_it());
    const Reply reply = reply_of(copy, asking, from);
    ASSERT_LT(reply.size, bay_.size());
    EXPECT_EQ(clinic_.believe(asking, reply.sealed).outcome(), "ENV-7");
    from = reply.size;
  }
}

TEST_F(TwoHistories, AreNotFollowedAboveItWhereTheSameQuestionIsAskedAgain) {
  ASSERT_EQ(outcome(what_of_it()), "answered");
  const TreeSize common = bay_.size();
  MetVillage copy(bay_);
  bay_.add_many(3, {{"title", "Later"}});
  ASSERT_EQ(outcome(what_of_it()), "answered");
  copy.add_many(20, {{"title", "Other"}});
  const Asking asking = clinic_.ask(bay_, what_of_it());
  const Reply reply = reply_of(copy, asking, common);
  ASSERT_GT(reply.size, bay_.size());
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(clinic_.believe(asking, reply.sealed).outcome(), "ENV-7") << i;
  EXPECT_EQ(outcome(what_of_it()), "answered") << "the history that was seen goes on";
}

}  // namespace
}  // namespace holdfast::attacks
