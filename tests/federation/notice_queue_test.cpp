// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/notice_queue.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "ledger/crypto/sha256.h"

// Whose turn it is to be told. Source: spec/envelopes.md, "Notices".
namespace holdfast::federation {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::SizeIs;
using Turns = std::vector<NoticeQueue::Turn>;

constexpr NoticeQueue::Options kOptions{milliseconds(500), seconds(600), seconds(2), 16};

StatementId peer_number(std::size_t number) {
  return StatementId::from(crypto::sha256(as_bytes("peer " + std::to_string(number))));
}

class NoticeTurns : public ::testing::Test {
 protected:
  void grant_to(std::size_t peer) { queue_.add(peer_number(peer), {{index_++}, {}, false}); }
  void revoke_of(std::size_t peer) { queue_.add(peer_number(peer), {{index_++}, {}, true}); }
  Turns begin() { return queue_.begin(now_); }
  NoticeQueue::Turn begin_one() {
    const Turns turns = begin();
    CHECK(turns.size() == 1);
    return turns.front();
  }
  // Each takes it, after so long.
  void take(const Turns& turns, milliseconds took = milliseconds(10)) {
    now_ += took;
    for (const auto& turn : turns) {
      queue_.take_off(turn);
      queue_.finish(turn, took, now_);
    }
  }
  void fail(const Turns& turns, milliseconds took = milliseconds(10)) {
    now_ += took;
    for (const auto& turn : turns) queue_.finish(turn, took, now_, "away");
  }
  milliseconds until_next() const {
    return std::chrono::duration_cast<milliseconds>(queue_.next_after(now_) - now_);
  }
  static std::vector<std::uint64_t> entries(const Turns& turns) {
    std::vector<std::uint64_t> out;
    for (const auto& turn : turns) out.push_back(turn.notice.index.value);
    return out;
  }

  NoticeQueue queue_{kOptions, 1};
  NoticeQueue::Time now_{hours(1)};
  std::uint64_t index_ = 0;
};

TEST_F(NoticeTurns, ArePeersOwnAndOneAtATime) {
  for (std::size_t peer : {1, 1, 2}) grant_to(peer);
  const Turns first = begin();
  ASSERT_THAT(first, SizeIs(2));
  EXPECT_NE(first[0].village, first[1].village);
  EXPECT_THAT(begin(), IsEmpty());
  take(first);
  EXPECT_THAT(entries(begin()), ElementsAre(1));
}

TEST_F(NoticeTurns, AreOfRevocationsFirstAndThenInTheOrderOfTheLog) {
  grant_to(1);
  grant_to(1);
  revoke_of(1);
  std::vector<std::uint64_t> told;
  for (int i = 0; i < 3; ++i) {
    const Turns turn{begin_one()};
    told.push_back(turn[0].notice.index.value);
    take(turn);
  }
  EXPECT_THAT(told, ElementsAre(2, 0, 1));
  EXPECT_TRUE(queue_.is_idle(now_));
}

TEST_F(NoticeTurns, AreOfRevocationsFirstWhereThereAreMorePeersThanPlaces) {
  for (std::size_t peer = 0; peer < 40; ++peer) grant_to(peer);
  for (std::size_t peer = 40; peer < 50; ++peer) revoke_of(peer);
  const Turns turns = begin();
  ASSERT_THAT(turns, SizeIs(16));
  EXPECT_EQ(std::count_if(turns.begin(), turns.end(),
                          [](const auto& turn) { return turn.notice.is_revocation; }),
            10);
}

TEST_F(NoticeTurns, GoRoundWhereThereAreMorePeersThanPlaces) {
  std::map<StatementId, int> told;
  for (int round = 0; round < 4; ++round)
    for (std::size_t peer = 0; peer < 48; ++peer) grant_to(peer);
  for (int i = 1; i <= 6; ++i) {
    const Turns turns = begin();
    for (const auto& turn : turns) ++told[turn.village];
    take(turns);
    for (const auto& [village, times] : told) EXPECT_THAT(times, AnyOf(i / 3, i / 3 + 1));
  }
  EXPECT_THAT(told, SizeIs(48));
}

// --- slow peers ---------------------------------------------------------------------------------

TEST_F(NoticeTurns, GoToAPeerThatAnswersHoweverManyAreSlow) {
  for (std::size_t peer = 1; peer <= 100; ++peer) revoke_of(peer);
  for (int i = 0; i < 7; ++i) fail(begin(), seconds(4));
  now_ += hours(1);
  EXPECT_THAT(begin(), SizeIs(8)) << "half of the places";
  for (int i = 0; i < 20; ++i) {
    revoke_of(0);
    const auto turn = begin_one();
    EXPECT_EQ(turn.village, peer_number(0));
    take({turn});
  }
}

TEST_F(NoticeTurns, GoToEachSlowPeerInTheEnd) {
  constexpr std::size_t kSlow = 17;
  for (std::size_t peer = 0; peer < kSlow; ++peer) revoke_of(peer);
  fail(begin(), seconds(4));
  fail(begin(), seconds(4));
  now_ += hours(1);
  std::map<StatementId, int> told;
  for (int i = 0; i < 3; ++i) {
    const Turns turns = begin();
    EXPECT_THAT(turns, SizeIs(i < 2 ? 8 : 1));
    for (const auto& turn : turns) ++told[turn.village];
    take(turns, seconds(29));
  }
  EXPECT_THAT(told, SizeIs(kSlow));
  EXPECT_TRUE(queue_.is_idle(now_));
}

TEST_F(NoticeTurns, AreShortUnlessThePeerWasSlowTheLastTime) {
  for (int i = 0; i < 4; ++i) grant_to(1);
  auto turn = begin_one();
  EXPECT_EQ(turn.within, seconds(4));
  take({turn}, milliseconds(2001));
  turn = begin_one();
  EXPECT_EQ(turn.within, milliseconds::max()) << "it took longer than two seconds";
  take({turn}, seconds(2));
  turn = begin_one();
  EXPECT_EQ(turn.within, seconds(4)) << "it did not this time";
  fail({turn}, milliseconds(1));
  now_ += hours(1);
  EXPECT_EQ(begin_one().within, seconds(4)) << "away is not slow";
}

// --- what is left -------------------------------------------------------------------------------

TEST_F(NoticeTurns, LeadUpToTheFirstThatStillWaits) {
  for (int i = 0; i < 3; ++i) grant_to(1);
  revoke_of(1);
  const auto take_one = [&] {
    const auto turn = begin_one();
    const TreeSize told = queue_.take_off(turn);
    queue_.finish(turn, milliseconds(1), now_);
    return told.value;
  };
  EXPECT_EQ(take_one(), 0u) << "the revocation, and all the grants wait";
  const auto rejected = begin_one();
  queue_.put_off(rejected, now_);
  queue_.finish(rejected, milliseconds(1), now_);
  EXPECT_EQ(take_one(), 0u) << "the second, and the first was rejected";
  EXPECT_EQ(take_one(), 0u);
  EXPECT_TRUE(queue_.is_idle(now_)) << "the first is not due";
  now_ = queue_.next_after(now_);
  EXPECT_EQ(take_one(), 4u) << "beyond what was told before it";
}

TEST_F(NoticeTurns, ArePutOffTwiceAsLongAfterEachFailureAndNeverLongerThanTheOptionsSay) {
  grant_to(1);
  for (const long most_ms :
       {500, 1000, 2000, 4000, 8000, 16000, 32000, 64000, 128000, 256000, 512000, 600000, 600000}) {
    fail({begin_one()});
    EXPECT_THAT(until_next().count(), AllOf(Ge(most_ms * 3 / 4), Le(most_ms)));
    EXPECT_TRUE(queue_.is_idle(now_));
    EXPECT_THAT(begin(), IsEmpty());
    now_ = queue_.next_after(now_);
  }
  grant_to(1);
  take({begin_one()});
  fail({begin_one()});
  EXPECT_THAT(until_next().count(), Le(500)) << "from the beginning, once it went well";
}

TEST_F(NoticeTurns, TellOfATroubleOnceForAsLongAsItIsTheSame) {
  grant_to(1);
  const auto is_new = [&](const char* trouble) {
    now_ += hours(1);
    return queue_.finish(begin_one(), milliseconds(1), now_, trouble);
  };
  EXPECT_TRUE(is_new("away"));
  EXPECT_FALSE(is_new("away"));
  EXPECT_TRUE(is_new("says no"));
  EXPECT_TRUE(is_new("away"));
  EXPECT_FALSE(is_new(""));
  EXPECT_TRUE(is_new("away")) << "again";
}

TEST_F(NoticeTurns, LeaveNothingDueByItselfWhereEverybodyHasOne) {
  EXPECT_TRUE(queue_.is_idle(now_));
  EXPECT_EQ(queue_.next_after(now_), NoticeQueue::Time::max());
  grant_to(1);
  EXPECT_FALSE(queue_.is_idle(now_));
  begin_one();
  EXPECT_FALSE(queue_.is_idle(now_));
  EXPECT_EQ(queue_.next_after(now_), NoticeQueue::Time::max());
}

// Nobody has two turns, no more have one than there are places, of slow peers no more than half of
// that, and in the end everybody was told everything.
RC_GTEST_FIXTURE_PROP(NoticeTurns, KeepToTheirPlacesWhateverPeersDo, ()) {
  constexpr std::size_t kPeers = 24;
  std::map<StatementId, NoticeQueue::Turn> at_it;
  std::set<StatementId> slow;
  std::size_t left = 0;
  const auto slow_at_it = [&] {
    return std::count_if(at_it.begin(), at_it.end(),
                         [&](const auto& one) { return slow.contains(one.first); });
  };
  const auto begin_some = [&] {
    for (auto& turn : begin()) RC_ASSERT(at_it.emplace(turn.village, turn).second);
    RC_ASSERT(at_it.size() <= kOptions.places);
    RC_ASSERT(slow_at_it() <= kOptions.places / 2);
    RC_ASSERT(begin().empty());
  };
  const auto end_one = [&](milliseconds took, bool is_taken) {
    const auto turn = at_it.begin()->second;
    at_it.erase(at_it.begin());
    took > kOptions.slow_after ? void(slow.insert(turn.village)) : void(slow.erase(turn.village));
    if (is_taken) queue_.take_off(turn);
    if (is_taken) --left;
    queue_.finish(turn, took, now_, is_taken ? "" : "away");
  };
  const int steps = *rc::gen::inRange(1, 200);
  for (int i = 0; i < steps; ++i) {
    const auto peer = *rc::gen::inRange<std::size_t>(0, kPeers);
    switch (*rc::gen::inRange(0, 4)) {
      case 0: grant_to(peer), ++left; break;
      case 1: revoke_of(peer), ++left; break;
      case 2: now_ += milliseconds(*rc::gen::inRange(0, 2000)); break;
      default:
        if (!at_it.empty())
          end_one(milliseconds(*rc::gen::inRange(0, 4000)), *rc::gen::arbitrary<bool>());
    }
    begin_some();
  }
  int turns = 0;
  while (left > 0) {
    RC_ASSERT(++turns < 1000);
    if (at_it.empty()) now_ = std::max(now_, queue_.next_after(now_));
    begin_some();
    RC_ASSERT(!at_it.empty());
    end_one(milliseconds(1), true);
  }
  RC_ASSERT(queue_.is_idle(now_));
}

}  // namespace
}  // namespace holdfast::federation
