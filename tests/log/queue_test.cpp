// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "ledger/log/submission_queue.h"
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

class WaitingSubmissions : public ::testing::Test {
 protected:
  using Waiting = std::shared_ptr<log::Submission>;

  Waiting come(std::size_t statements, bool is_urgent = false) {
    auto submission = std::make_shared<log::Submission>();
    submission->statements.resize(statements);
    submission->is_urgent = is_urgent;
    submission->load = {statements, statements};
    EXPECT_FALSE(queue_.let_in(submission));
    return submission;
  }

  log::SequencerOptions options_ = [] {
    log::SequencerOptions options;
    options.batch_statements_max = 400;
    return options;
  }();
  log::SubmissionQueue queue_{options_};
};

TEST_F(WaitingSubmissions, AreTakenInTheOrderInWhichTheyCame) {
  const Waiting first = come(1);
  const Waiting second = come(1);
  queue_.note_prepared(second);
  EXPECT_FALSE(queue_.has_work()) << "the first is not prepared";
  queue_.note_prepared(first);
  EXPECT_EQ(queue_.take_batch(), (log::Submissions{first, second}));
  EXPECT_FALSE(queue_.has_work());
}

TEST_F(WaitingSubmissions, AreWorthACommitOnceAllOfThemArePrepared) {
  const Waiting alone = come(1);
  queue_.note_prepared(alone);
  EXPECT_TRUE(queue_.is_worth_a_commit());
  const Waiting other = come(1);
  EXPECT_TRUE(queue_.has_work());
  EXPECT_FALSE(queue_.is_worth_a_commit()) << "another one is under way";
  queue_.note_prepared(other);
  EXPECT_TRUE(queue_.is_worth_a_commit());
}

TEST_F(WaitingSubmissions, AreWorthACommitOnceTheyAreMany) {
  const Waiting first = come(1);
  std::vector<Waiting> many;
  for (std::size_t i = 0; i < log::SubmissionQueue::kWorthACommit; ++i) many.push_back(come(1));
  for (const Waiting& one : many) queue_.note_prepared(one);
  EXPECT_FALSE(queue_.is_worth_a_commit()) << "the first of all is not prepared";
  come(1);
  queue_.note_prepared(first);
  EXPECT_TRUE(queue_.is_worth_a_commit()) << "although one is under way";
}

TEST_F(WaitingSubmissions, AreWorthACommitWhereOneIsLarge) {
  const Waiting large = come(log::SubmissionQueue::kWorthACommit);
  come(1);
  queue_.note_prepared(large);
  EXPECT_TRUE(queue_.is_worth_a_commit()) << "however many are under way";
}

TEST_F(WaitingSubmissions, ThatTakeSomethingBackGoFirstAndAtOnce) {
  const Waiting ordinary = come(1);
  come(1);
  const Waiting late = come(1, true);
  const Waiting early = come(1, true);
  queue_.note_prepared(ordinary);
  EXPECT_FALSE(queue_.is_worth_a_commit());
  queue_.note_prepared(early);
  EXPECT_TRUE(queue_.is_worth_a_commit());
  queue_.note_prepared(late);
  EXPECT_EQ(queue_.take_batch(), (log::Submissions{early, late, ordinary}));
}

TEST_F(WaitingSubmissions, FillABatchAndNoMoreButOneThatIsLargerGoesAlone) {
  const Waiting first = come(300);
  const Waiting second = come(101);
  const Waiting large = come(500);
  for (const Waiting& one : {first, second, large}) queue_.note_prepared(one);
  EXPECT_EQ(queue_.take_batch(), log::Submissions{first});
  EXPECT_EQ(queue_.take_batch(), log::Submissions{second});
  EXPECT_EQ(queue_.take_batch(), log::Submissions{large});
  const Waiting next = come(1);
  queue_.note_prepared(next);
  EXPECT_TRUE(queue_.is_worth_a_commit()) << "what was taken counts no more";
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
