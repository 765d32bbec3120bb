// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/http/share.h"

#include <gmock/gmock.h>

#include "api/http/turns.h"

// Who is served before whom, at times that the tests make up.
namespace holdfast::http {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

TEST(Turns, GiveOneToEachLineHoweverLongAnotherIs) {
  Turns<int> turns;
  Turns<int>::Line flood, other;
  for (int i = 0; i < 100; ++i) turns.add(flood, i);
  EXPECT_EQ(turns.next(), 0);
  turns.add(other, 1000);
  turns.add(other, 1001);
  std::vector<int> order;
  for (int i = 0; i < 5; ++i) order.push_back(*turns.next());
  EXPECT_THAT(order, ::testing::ElementsAre(1, 1000, 2, 1001, 3));
  for (int i = 4; i < 100; ++i) EXPECT_EQ(turns.next(), i);
  EXPECT_EQ(turns.next(), std::nullopt);
  EXPECT_TRUE(turns.empty());
  turns.add(flood, 7);
  EXPECT_EQ(turns.next(), 7);
}

class ClientShare : public ::testing::Test {
 protected:
  // At work for `busy` of each `all`, on so many threads.
  void work(Share::Duration busy, Share::Duration all, Share::Duration until, int threads = 1) {
    for (const auto end = now_ + until; now_ < end; now_ += all - busy) {
      now_ += busy;
      for (int i = 0; i < threads; ++i) share_.charge(busy, now_);
    }
  }
  bool is_in_background() const { return share_.is_in_background(now_); }

  Share share_{"192.0.2.1"};
  Share::Clock::time_point now_ = Share::Clock::now();
};

TEST_F(ClientShare, IsEnoughForWhoeverAsksOneThingAfterTheOther) {
  work(microseconds(60), microseconds(120), milliseconds(5000));
  EXPECT_FALSE(is_in_background());
}

TEST_F(ClientShare, IsEnoughForAPagefulAtOnce) {
  work(milliseconds(30), milliseconds(30), milliseconds(30));
  EXPECT_FALSE(is_in_background());
}

TEST_F(ClientShare, IsUsedUpByWhoeverKeepsAThreadAtWork) {
  work(microseconds(60), microseconds(60), milliseconds(300));
  EXPECT_TRUE(is_in_background());
}

TEST_F(ClientShare, IsUsedUpSoonerByWhoeverKeepsSeveralAtWork) {
  work(milliseconds(1), milliseconds(1), milliseconds(50), 2);
  EXPECT_TRUE(is_in_background());
}

TEST_F(ClientShare, IsThereAgainSoonAfterAnEnd) {
  work(milliseconds(1), milliseconds(1), milliseconds(60'000));
  EXPECT_TRUE(is_in_background());
  now_ += milliseconds(1000);
  EXPECT_FALSE(is_in_background());
}

TEST_F(ClientShare, IsNotThereAgainWhileItIsUsed) {
  work(milliseconds(1), milliseconds(1), milliseconds(300));
  // What waits behind one another counts from one answer to the next, however long that takes.
  for (int i = 0; i < 100; ++i) {
    now_ += milliseconds(90);
    share_.charge(milliseconds(90), now_);
    EXPECT_TRUE(is_in_background());
  }
}

}  // namespace
}  // namespace holdfast::http
