// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/heads.h"

#include <gmock/gmock.h>

#include "tests/federation/small_log.h"

// The heads of a peer's log as they come in, in whatever order. Source: spec/envelopes.md, [ENV-7].
namespace holdfast::federation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::SmallLog;

class PeersHeads : public ::testing::Test {
 protected:
  // "" where it is taken; else the code. `from`: the sizes that it brings proofs from.
  std::string take(const SmallLog& log, std::uint64_t size, std::vector<std::uint64_t> from = {},
                   const HeadAsked& asked = {}) {
    std::vector<model::Growth> proofs;
    for (const std::uint64_t one : from) proofs.push_back({{one}, log.hashes(one, size)});
    const auto taken = heads_.take({SmallLog::kOrigin, {size}, log.root(size), {}},
                                   "note " + std::to_string(size), proofs, now_, asked);
    if (!taken) {
      EXPECT_EQ(taken.error().rule, "ENV-7");
    }
    return taken ? "" : code_name(taken.error().code);
  }
  std::vector<std::uint64_t> wanted() {
    std::vector<std::uint64_t> out;
    for (const TreeSize size : heads_.wanted()) out.push_back(size.value);
    return out;
  }

  const SmallLog log_;
  const SmallLog other_{"other "};
  const std::string fork_ = code_name(Code::kConflict);
  const std::string unproved_ = code_name(Code::kUnavailable);
  Seconds now_ = 1767268800;  // 2026-01-01T12:00:00Z
  Heads heads_;
};

TEST_F(PeersHeads, TakeTheFirstWithoutAProofAndWantProofsFromItOn) {
  EXPECT_THAT(wanted(), IsEmpty());
  EXPECT_EQ(heads_.newest_note(), "");
  EXPECT_EQ(take(log_, 5), "");
  EXPECT_THAT(wanted(), ElementsAre(5));
  EXPECT_EQ(heads_.newest_note(), "note 5");
}

TEST_F(PeersHeads, TakeWhatIsProvedFromOneThatWasSeenAndTheSameAgain) {
  take(log_, 5);
  EXPECT_EQ(take(log_, 5), "");
  EXPECT_EQ(take(log_, 8), unproved_);
  EXPECT_EQ(take(log_, 8, {4}), unproved_) << "nobody has seen 4 here";
  EXPECT_EQ(take(log_, 8, {5}), "");
  EXPECT_EQ(take(log_, 5), "") << "it was seen";
  EXPECT_THAT(wanted(), ElementsAre(8));
}

TEST_F(PeersHeads, CrossAndAreBroughtTogetherByOneThatIsProvedFromBoth) {
  take(log_, 5);
  EXPECT_EQ(take(log_, 9, {5}), "");
  // Sent before the one of 9 and proved from what was seen then.
  EXPECT_EQ(take(log_, 7, {5}), "") << "from one that is past";
  EXPECT_THAT(wanted(), ElementsAre(7, 9)) << "nothing has proved that they are one log";
  EXPECT_EQ(take(log_, 12, {9}), "");
  EXPECT_THAT(wanted(), ElementsAre(7, 12));
  EXPECT_EQ(take(log_, 13, {7, 12}), "");
  EXPECT_THAT(wanted(), ElementsAre(13));
}

TEST_F(PeersHeads, AreForkedByAnotherRootForASizeThatWasSeen) {
  take(log_, 5);
  EXPECT_EQ(take(other_, 5), fork_);
  take(log_, 9, {5});
  EXPECT_EQ(take(other_, 5), fork_) << "also where it is past";
  EXPECT_EQ(take(other_, 9, {5}), fork_);
  EXPECT_EQ(take(log_, 11, {9}), "") << "the history that was seen goes on";
}

TEST_F(PeersHeads, AreForkedByAProofThatLeadsElsewhere) {
  take(log_, 5);
  EXPECT_EQ(take(other_, 8, {5}), fork_);
  EXPECT_EQ(take(log_, 8, {5}), "");
}

TEST_F(PeersHeads, AreNotTakenAgainADayAfterTheyWerePassed) {
  take(log_, 5);
  now_ += 30 * kDay;
  EXPECT_EQ(take(log_, 5), "") << "nothing has passed it, however old it is";
  take(log_, 9, {5});
  EXPECT_EQ(heads_.newest_size(), TreeSize{9});
  now_ += kDay;
  EXPECT_EQ(take(log_, 5), "") << "what was sent under it may arrive so late";
  now_ += 1;
  EXPECT_EQ(take(log_, 5), unproved_);
  EXPECT_EQ(take(other_, 5), fork_) << "evidence does not grow old";
  EXPECT_EQ(take(log_, 9), "");
}

// Whoever has an old agent's key, and a state that was never shown here, hides its end with it.
TEST_F(PeersHeads, ThatWereNeverSeenAreNotTakenADayAfterAGreaterOneWasSeen) {
  take(log_, 5);
  take(log_, 9, {5});
  now_ += 20 * kDay;
  take(log_, 30, {9});
  EXPECT_EQ(take(log_, 7, {5}), unproved_) << "9 has been here for long";
  EXPECT_EQ(take(log_, 12, {9}), "") << "sent before 30 was, and crossed with it";
  now_ += kDay + 1;
  EXPECT_EQ(take(log_, 13, {9}), unproved_);
  EXPECT_EQ(take(log_, 31, {12, 30}), "");
}

TEST_F(PeersHeads, OfRepliesAreNoSmallerThanWhatWasAskedFromAndProvedFromAllOfIt) {
  take(log_, 5);
  take(log_, 9, {5});
  EXPECT_EQ(take(other_, 4, {}, {{{9}}, false}), unproved_) << "a copy that was cut short";
  EXPECT_EQ(take(log_, 7, {5}, {{{9}}, false}), unproved_) << "older than what was seen";
  EXPECT_EQ(take(log_, 5, {}, {{{9}}, false}), unproved_) << "also where it was seen";
  EXPECT_EQ(take(log_, 9, {}, {{{9}}, false}), "");
  EXPECT_EQ(take(log_, 7, {5}), "") << "what asks for nothing may cross";
  EXPECT_EQ(take(log_, 9, {}, {{{7}, {9}}, false}), unproved_) << "seen, and not proved from 7";
  EXPECT_EQ(take(log_, 9, {7}, {{{7}, {9}}, false}), "");
  EXPECT_THAT(wanted(), ElementsAre(9)) << "the proof has brought the two together";
  EXPECT_EQ(take(other_, 12, {9}, {{{9}}, false}), fork_);
}

TEST_F(PeersHeads, BeginAgainFromWhatTheLedgerKnows) {
  heads_.begin({6}, log_.root(6), "", now_ - 2 * kDay);
  EXPECT_EQ(take(log_, 9), unproved_);
  EXPECT_EQ(take(log_, 5, {4}), unproved_) << "it was passed two days ago";
  EXPECT_EQ(take(log_, 9, {6}), "");
  EXPECT_EQ(take(other_, 9, {6}), fork_);
}

TEST_F(PeersHeads, KeepSixtyFourTipsAndWantProofsFromEightAfterEight) {
  constexpr std::uint64_t kRoot = 2;
  take(log_, kRoot);
  for (std::uint64_t i = 1; i <= Heads::kTipsMax; ++i)
    EXPECT_EQ(take(log_, kRoot + i, {kRoot}), "") << i;
  EXPECT_EQ(take(log_, kRoot + Heads::kTipsMax + 1, {kRoot}), unproved_) << "the 65th";
  EXPECT_THAT(wanted(), ElementsAre(3, 4, 5, 6, 7, 8, 9, 10));
  EXPECT_THAT(wanted(), ElementsAre(11, 12, 13, 14, 15, 16, 17, 18));
  EXPECT_EQ(take(log_, 67, {11, 12, 13, 14, 15, 16, 17, 18}), "") << "it takes the place of eight";
  for (int i = 2; i < 7; ++i) wanted();
  EXPECT_THAT(wanted(), ::testing::Contains(67)) << "all come to their turn";
}

}  // namespace
}  // namespace holdfast::federation
