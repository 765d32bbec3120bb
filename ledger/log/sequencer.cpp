// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/sequencer.h"

#include <condition_variable>
#include <system_error>
#include <thread>

#include "ledger/log/pool.h"
#include "ledger/log/submission_queue.h"
#include "ledger/log/writer.h"

namespace holdfast::log {
namespace {

// Statements that one thread of the pool prepares at a time.
constexpr std::size_t kPartStatements = 128;
// How long the writer waits for more of what is being prepared to share its commit.
constexpr std::chrono::milliseconds kGatherFor{5};
// How long what could not be finished waits for the next attempt, where nobody submits anything.
constexpr std::chrono::seconds kTryAgainAfter{5};

double seconds_since(std::chrono::steady_clock::time_point then) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

Error closed() { return {Code::kUnavailable, "", "the sequencer", "closed", "an open one"}; }

// Callers' randomness need not stand many threads.
class LockedRandom : public crypto::Random {
 public:
  explicit LockedRandom(crypto::Random& random) : random_(random) {}
  void fill(std::span<std::byte> out) override {
    const std::lock_guard lock(mutex_);
    random_.fill(out);
  }

 private:
  std::mutex mutex_;
  crypto::Random& random_;
};

// The way of a submission: submit() puts it into the queue, unless it is urgent, and cuts it into
// parts for the pool; whoever prepares the last part says so, and puts an urgent one into a queue
// of its own; the writer's thread takes what is prepared, urgent ones first and the others in
// order.
class QueueingSequencer : public Sequencer {
 public:
  QueueingSequencer(std::unique_ptr<LockedRandom> random, std::unique_ptr<Writer> writer,
                    const SequencerOptions& options)
      : random_(std::move(random)),
        writer_(std::move(writer)),
        queue_(options),
        writer_thread_([this] { serve(); }),
        pool_(options.jobs != 0 ? options.jobs : std::thread::hardware_concurrency()) {
    const std::lock_guard lock(mutex_);
    opened_ = true;
    wake_.notify_all();
  }

  ~QueueingSequencer() override {
    closing_ = true;
    pool_.wait();  // what was taken is prepared, sequenced and answered
    {
      const std::lock_guard lock(mutex_);
      drained_ = true;
    }
    wake_.notify_all();
    writer_thread_.join();
  }

  void submit(std::vector<Admission> admissions, Answer answer) override;

  void subscribe(std::function<void(std::shared_ptr<const CommittedBatch>)> subscriber) override {
    const std::lock_guard lock(subscribers_mutex_);
    subscribers_.push_back(std::move(subscriber));
  }

  Head head() const override { return writer_->head(); }
  std::optional<Error> read_only() const override { return writer_->read_only(); }
  std::optional<Error> disk_full() const override { return writer_->disk_full(); }
  SequencerFigures figures() const override {
    const std::lock_guard lock(figures_mutex_);
    return figures_;
  }

 private:
  std::optional<Error> let_in(const std::shared_ptr<Submission>& submission);
  void prepare_part(const std::shared_ptr<Submission>& submission, std::size_t first,
                    std::size_t end);
  void finish_preparation(std::shared_ptr<Submission> submission);
  void serve();
  bool wait_for_work(std::unique_lock<std::mutex>& lock);
  void gather(std::unique_lock<std::mutex>& lock);
  void process(const Submissions& batch);
  void finish_if_possible();
  void answer(Submission& submission, Result<Receipt> receipt);

  std::unique_ptr<LockedRandom> random_;
  std::unique_ptr<Writer> writer_;

  std::mutex mutex_;
  std::condition_variable wake_;
  SubmissionQueue queue_;
  bool gathering_ = false;  // the writer's thread waits for more to share a commit
  std::atomic<bool> closing_{false};
  bool drained_ = false;

  std::mutex subscribers_mutex_;
  std::vector<std::function<void(std::shared_ptr<const CommittedBatch>)>> subscribers_;

  mutable std::mutex figures_mutex_;
  SequencerFigures figures_;

  bool opened_ = false;
  std::thread writer_thread_;  // before the pool, which does with fewer where threads are scarce
  Pool pool_;
};

void QueueingSequencer::submit(std::vector<Admission> admissions, Answer answer) {
  if (closing_) return answer(closed());
  if (admissions.empty())
    return answer(Error{Code::kInvalid, "", "submission", "no statement", "at least one"});
  auto submission = std::make_shared<Submission>();
  submission->answer = std::move(answer);
  const std::size_t count = admissions.size();
  const std::size_t parts = (count + kPartStatements - 1) / kPartStatements;
  submission->admissions = std::move(admissions);
  submission->statements.resize(count);
  submission->keys = writer_->keys();
  submission->parts_left = parts;
  submission->is_urgent = says_that_it_takes_back(submission->admissions);
  submission->load = load_of(submission->admissions);
  {
    const std::lock_guard lock(figures_mutex_);
    ++figures_.submissions;
    ++figures_.waiting_submissions;
  }
  if (auto full = let_in(submission)) return this->answer(*submission, *std::move(full));
  for (std::size_t part = 0; part < parts; ++part) {
    auto work = [this, submission, part, count] {
      const std::size_t first = part * kPartStatements;
      prepare_part(submission, first, std::min(count, first + kPartStatements));
    };
    // Jumping the writer's queue helps little behind signatures that wait to be checked.
    if (submission->is_urgent)
      pool_.run_first(std::move(work));
    else
      pool_.run(std::move(work));
  }
}

// Counted before it is told, so that whoever was told finds it counted.
void QueueingSequencer::answer(Submission& submission, Result<Receipt> receipt) {
  {
    const std::lock_guard lock(figures_mutex_);
    --figures_.waiting_submissions;
    if (!receipt) ++figures_.refusals;
    if (submission.is_urgent) figures_.revocation_seconds.add(seconds_since(submission.came));
  }
  submission.answer(std::move(receipt));
}

std::optional<Error> QueueingSequencer::let_in(const std::shared_ptr<Submission>& submission) {
  const std::lock_guard lock(mutex_);
  return queue_.let_in(submission);
}

void QueueingSequencer::prepare_part(const std::shared_ptr<Submission>& submission,
                                     std::size_t first, std::size_t end) {
  rules::BatchMemo memo;
  for (std::size_t i = first; i < end; ++i)
    submission->statements[i] = prepare(std::move(submission->admissions[i]), writer_->village(),
                                        *submission->keys, submission->verified, memo, *random_);
  if (--submission->parts_left == 0) finish_preparation(submission);
}

void QueueingSequencer::finish_preparation(std::shared_ptr<Submission> submission) {
  submission->admissions.clear();
  // What only says that it takes something back must not wait in the place of what does.
  const auto refusal = submission->is_urgent ? submission->final_refusal() : std::nullopt;
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (refusal)
      queue_.leave(*submission);
    else
      queue_.note_prepared(submission);
    wake = gathering_ ? queue_.is_worth_a_commit() : queue_.has_work();
  }
  if (refusal) answer(*submission, *refusal);
  if (wake) wake_.notify_one();
}

void QueueingSequencer::gather(std::unique_lock<std::mutex>& lock) {
  gathering_ = true;
  wake_.wait_for(lock, kGatherFor, [this] { return queue_.is_worth_a_commit() || drained_; });
  gathering_ = false;
}

// False once everything is done and nothing more will come. While it waits it writes the anchor,
// and tries again now and then what could not be finished.
bool QueueingSequencer::wait_for_work(std::unique_lock<std::mutex>& lock) {
  const auto ready = [this] { return queue_.has_work() || drained_; };
  while (!ready()) {
    auto due = writer_->anchor_due();
    const auto again = std::chrono::steady_clock::now() + kTryAgainAfter;
    if (writer_->has_unfinished() && (!due || *due > again)) due = again;
    if (!due) {
      wake_.wait(lock, ready);
    } else if (!wake_.wait_until(lock, *due, ready)) {
      lock.unlock();
      writer_->write_anchor();
      if (std::chrono::steady_clock::now() >= again) finish_if_possible();
      lock.lock();
    }
  }
  gather(lock);
  return queue_.has_work();
}

void QueueingSequencer::finish_if_possible() {
  if (writer_->can_finish()) process({});
}

void QueueingSequencer::process(const Submissions& batch) {
  std::shared_ptr<const CommittedBatch> committed;
  bool wanted = false;
  {
    const std::lock_guard lock(subscribers_mutex_);
    wanted = !subscribers_.empty();
  }
  const auto begun = std::chrono::steady_clock::now();
  Answers answers = writer_->process(batch, wanted, committed);
  if (!batch.empty()) {
    std::size_t statements = 0;
    for (const auto& submission : batch) statements += submission->statements.size();
    const std::lock_guard lock(figures_mutex_);
    figures_.batch_statements.add(static_cast<double>(statements));
    figures_.commit_seconds.add(seconds_since(begun));
  }
  for (std::size_t i = 0; i < batch.size(); ++i) answer(*batch[i], *std::move(answers[i]));
  if (committed) {
    const std::lock_guard lock(subscribers_mutex_);
    for (const auto& subscriber : subscribers_) subscriber(committed);
  }
  writer_->write_anchor();
}

void QueueingSequencer::serve() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return opened_; });
  lock.unlock();
  finish_if_possible();
  lock.lock();
  while (wait_for_work(lock)) {
    Submissions batch = queue_.take_batch();
    lock.unlock();
    process(batch);
    // Taking thousands of statements apart is work that the pool can do beside the next batch.
    pool_.run([done = std::move(batch)] {});
    if (writer_->held_can_go()) process({});
    lock.lock();
  }
}

}  // namespace

std::future<Result<Receipt>> Submitter::submit(std::vector<Admission> admissions) {
  auto promise = std::make_shared<std::promise<Result<Receipt>>>();
  auto future = promise->get_future();
  submit(std::move(admissions),
         [promise](Result<Receipt> receipt) { promise->set_value(std::move(receipt)); });
  return future;
}

Result<std::unique_ptr<Sequencer>> Sequencer::open(const VillagePaths& paths,
                                                   std::optional<crypto::SigningKey> operator_key,
                                                   const SequencerOptions& options,
                                                   const Clock& clock, crypto::Random& random) {
  crypto::start();
  auto locked_random = std::make_unique<LockedRandom>(random);
  TRY_ASSIGN(auto writer,
             Writer::open(paths, std::move(operator_key), options, clock, *locked_random));
  try {
    return std::unique_ptr<Sequencer>(
        new QueueingSequencer(std::move(locked_random), std::move(writer), options));
  } catch (const std::system_error& failed) {
    return Error{Code::kUnavailable, "", "starting the writer's thread", failed.what(),
                 "a thread: end other programs, or raise their limit"};
  }
}

Result<Receipt> create_village(const VillagePaths& paths, const Bytes& signed_genesis,
                               const crypto::SigningKey& operator_key,
                               const SequencerOptions& options, const Clock& clock,
                               crypto::Random& random) {
  crypto::start();
  TRY_ASSIGN(auto writer, Writer::create(paths, crypto::SigningKey::from_seed(operator_key.seed()),
                                         options, clock, random));
  auto submission = std::make_shared<Submission>();
  submission->keys = writer->keys();
  submission->statements.push_back(prepare({signed_genesis, std::nullopt, {}}, {},
                                           *submission->keys, submission->verified, random));
  std::shared_ptr<const CommittedBatch> unwanted;
  Answers answers = writer->process({submission}, false, unwanted);
  return *std::move(answers.front());
}

}  // namespace holdfast::log
