// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "ledger/log/queue_bound.h"
#include "ledger/store/durable_file.h"
#include "tests/log/village_fixture.h"

namespace holdfast::testing {
namespace {

TEST(QueueBound, CountsStatementsAndBytes) {
  log::QueueBound bound({10, 1000});
  EXPECT_TRUE(bound.take({4, 500}));
  EXPECT_TRUE(bound.take({6, 0}));
  EXPECT_FALSE(bound.take({1, 1}));
  bound.give_back({6, 0});
  EXPECT_TRUE(bound.take({1, 500}));
  EXPECT_FALSE(bound.take({1, 1}));
  const Error full = bound.full();
  EXPECT_EQ(full.found, "5 statements, 1000 bytes wait");
  EXPECT_NE(full.want.find("10 statements, 1000 bytes"), std::string::npos);
}

TEST(QueueBound, LetsOneThatIsTooLargeInAlone) {
  log::QueueBound bound({10, 1000});
  EXPECT_TRUE(bound.take({11, 5000}));
  EXPECT_FALSE(bound.take({1, 1}));
  bound.give_back({11, 5000});
  EXPECT_TRUE(bound.take({1, 1}));
  EXPECT_FALSE(bound.take({11, 5000}));
}

// A sequencer whose writer waits for the lock, which this has.
class FullQueue : public ::testing::Test {
 protected:
  using Future = std::future<Result<log::Receipt>>;
  FullQueue() {
    village_.options.waiting_statements_max = 3;
    village_.options.waiting_urgent_statements_max = 2;
    sequencer_ = village_.open();
    auto kept = village_.record_batch(20);
    for (const auto& record : kept) records_.push_back(id_of(record));
    village_.submit(*sequencer_, std::move(kept));
    CHECK(lock_.lock().has_value());
  }

  // Nothing where it was refused at once, which only a full queue does here.
  std::optional<Future> submit(log::Admission admission) {
    auto future = sequencer_->submit({std::move(admission)});
    if (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return future;
    const auto refused = future.get();
    EXPECT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::kUnavailable);
    EXPECT_EQ(refused.error().what, "the queue is full");
    return std::nullopt;
  }
  // Submits until the queue is full; the writer may have taken some before it waited.
  template <typename Make>
  std::vector<Future> fill(const Make& make) {
    std::vector<Future> waiting;
    for (std::optional<Future> next = submit(make()); next; next = submit(make()))
      waiting.push_back(*std::move(next));
    return waiting;
  }
  log::Admission withdrawal() {
    CHECK(!records_.empty());
    auto made = village_.withdrawal(records_.back());
    records_.pop_back();
    return made;
  }
  static void expect_all_go_in(std::vector<Future>& waiting) {
    for (Future& future : waiting) {
      const auto receipt = future.get();
      EXPECT_TRUE(receipt) << describe(receipt.error());
    }
  }

  VillageOnDisk village_;
  std::unique_ptr<log::Sequencer> sequencer_;
  std::vector<StatementId> records_;
  store::FileLock lock_ = *store::FileLock::open(village_.paths.lock());
};

TEST_F(FullQueue, RefusesMoreAtOnceAndTakesItOnceThereIsRoom) {
  auto waiting = fill([&] { return village_.record("one"); });
  EXPECT_GE(waiting.size(), 3u);
  lock_.unlock();
  expect_all_go_in(waiting);
  village_.submit(*sequencer_, village_.record("two"));
}

TEST_F(FullQueue, StillTakesWithdrawalsUnderABoundOfTheirOwn) {
  auto ordinary = fill([&] { return village_.record("one"); });
  auto withdrawals = fill([&] { return withdrawal(); });
  EXPECT_GE(withdrawals.size(), 2u);
  lock_.unlock();
  expect_all_go_in(ordinary);
  expect_all_go_in(withdrawals);
}

// Keeps the preparation of records, which encrypts their contents, until it is told to go on.
class HeldUpRandom : public crypto::Random {
 public:
  void fill(std::span<std::byte> out) override {
    if (is_held_up) go_on_.wait();
    random_.fill(out);
  }
  std::atomic<bool> is_held_up{false};
  std::promise<void> go_on;

 private:
  std::shared_future<void> go_on_ = go_on.get_future().share();
  crypto::SystemRandom random_;
};

TEST(Queue, LetsAWithdrawalPassSignaturesThatWaitToBeChecked) {
  VillageOnDisk village;
  village.options.jobs = 1;
  HeldUpRandom random;
  const auto sequencer = *log::Sequencer::open(village.paths, copy_of(village.operator_key),
                                               village.options, village.clock, random);
  auto kept = village.record("kept");
  const StatementId id = id_of(kept);
  village.submit(*sequencer, std::move(kept));
  auto many = village.record_batch(300);
  auto withdrawal = village.withdrawal(id);
  random.is_held_up = true;
  auto others = sequencer->submit(std::move(many));
  auto taken_back = sequencer->submit({std::move(withdrawal)});
  random.go_on.set_value();
  EXPECT_LT(taken_back.get()->positions[0].index.value, others.get()->positions[0].index.value);
}

TEST_F(FullQueue, TakesASubmissionThatIsLargerWhereNothingWaits) {
  lock_.unlock();
  EXPECT_EQ(village_.submit(*sequencer_, village_.record_batch(10)).positions.size(), 10u);
}

}  // namespace
}  // namespace holdfast::testing
