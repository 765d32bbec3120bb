// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/import.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <system_error>
#include <thread>

#include "ledger/log/beside.h"
#include "ledger/log/import_batch.h"
#include "ledger/model/note.h"

namespace holdfast::log {
namespace {

constexpr std::size_t kSamples = 5;       // of what was skipped, for each reason
constexpr std::size_t kChunksAhead = 32;  // prepared before their turn

// Worker threads prepare chunks; they are handed out in the order of the source.
class Workshop {
 public:
  Workshop(DocumentSource& source, BatchMaker& maker, const ImportOptions& options)
      : source_(source), maker_(maker), options_(options) {
    const unsigned jobs =
        options.jobs != 0 ? options.jobs : std::max(1u, std::thread::hardware_concurrency());
    const std::lock_guard lock(mutex_);  // who begins to work finds itself counted
    try {
      while (threads_.size() < jobs) threads_.emplace_back([this] { work(); });
    } catch (const std::system_error&) {
      // Those that there are do all of it.
    }
    working_ = static_cast<unsigned>(threads_.size());
  }
  ~Workshop() {
    close();
    for (std::thread& thread : threads_) thread.join();
  }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  // Whether there is a thread at all.
  bool is_open() const { return !threads_.empty(); }

  // The next chunk; waits for it unless `wait` is false. Nothing at the end (or not yet).
  std::optional<PreparedChunk> next(bool wait) {
    std::unique_lock lock(mutex_);
    const auto ready = [this] { return prepared_.contains(next_number_); };
    if (wait) changed_.wait(lock, [&] { return ready() || working_ == 0; });
    if (!ready()) return std::nullopt;
    auto node = prepared_.extract(next_number_++);
    changed_.notify_all();
    return std::move(node.mapped());
  }

  // No further chunks are begun.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

 private:
  bool stopped() const { return closed_ || (options_.stop != nullptr && options_.stop->load()); }

  void work() {
    stand_behind_the_writer();
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return stopped() || begun_ < next_number_ + kChunksAhead; });
      SourceChunk chunk;
      if (stopped() || !source_.next(options_.batch_statements, chunk)) break;
      ++begun_;
      lock.unlock();
      PreparedChunk prepared = maker_.prepare(std::move(chunk));
      lock.lock();
      prepared_.emplace(prepared.number, std::move(prepared));
      changed_.notify_all();
    }
    --working_;
    changed_.notify_all();
  }

  DocumentSource& source_;
  BatchMaker& maker_;
  const ImportOptions& options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, PreparedChunk> prepared_;
  std::uint64_t next_number_ = 0;
  std::uint64_t begun_ = 0;
  unsigned working_ = 0;
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

// A submission, and what it counts for once it is durable.
struct Waiting {
  ImportSummary counts;
  std::uint64_t source_bytes = 0;
  std::size_t statements = 0;
  std::future<Result<Receipt>> receipt;
};

void add_skipped(std::map<std::string, ImportSummary::Reason>& to,
                 std::vector<SkippedItem>& items) {
  for (SkippedItem& item : items) {
    ImportSummary::Reason& reason = to[item.reason];
    ++reason.count;
    if (reason.first.size() < kSamples) reason.first.push_back(std::move(item));
  }
}

Result<model::Basis> basis_of(const Receipt& receipt) {
  TRY_ASSIGN(const model::Note note, model::parse_note(receipt.checkpoint));
  TRY_ASSIGN(const model::Checkpoint checkpoint, model::parse_checkpoint(note.text));
  return model::Basis{checkpoint.size, checkpoint.root};
}

// Groups prepared chunks into submissions and keeps some of them under way.
class ChunkSubmitter {
 public:
  ChunkSubmitter(const SubmitAdmissions& submit, NewestBasis& basis, const ImportOptions& options)
      : submit_(submit), basis_(basis), options_(options) {}

  // False where something failed; what is under way is settled by finish().
  bool take(PreparedChunk chunk) {
    add_skipped(summary_.skipped, chunk.skipped);
    if (chunk.failure) {
      fail(*chunk.failure);
      return false;
    }
    Waiting& pending = pending_;
    pending.counts.added += chunk.added;
    pending.counts.superseded += chunk.superseded;
    pending.counts.unchanged += chunk.unchanged;
    pending.counts.under_other_terms += chunk.under_other_terms;
    pending.counts.erased += chunk.erased;
    pending.counts.content_bytes += chunk.content_bytes;
    pending.source_bytes += chunk.bytes;
    pending.statements += chunk.admissions.size();
    std::move(chunk.admissions.begin(), chunk.admissions.end(), std::back_inserter(admissions_));
    // What needs no waiting is counted at once.
    return admissions_.empty() || full() ? flush() : true;
  }

  bool flush() {
    if (admissions_.empty()) {
      count(pending_);
      pending_ = {};
      return !summary_.failure;
    }
    pending_.receipt = submit_(std::exchange(admissions_, {}));
    statements_ += pending_.statements;
    bytes_ += pending_.counts.content_bytes;
    waiting_.push_back(std::exchange(pending_, {}));
    while (statements_ > options_.waiting_statements || bytes_ > options_.waiting_bytes) settle();
    return !summary_.failure;
  }

  // Whether the sequencer has little left to do. Settles what is done by now.
  bool nearly_idle() {
    while (!waiting_.empty() &&
           waiting_.front().receipt.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
      settle();
    return waiting_.size() < 2;
  }

  ImportSummary finish(bool stopped) {
    if (!summary_.failure) flush();
    while (!waiting_.empty()) settle();
    summary_.stopped = stopped;
    return std::move(summary_);
  }

 private:
  bool full() const {
    return pending_.statements >= options_.submission_statements ||
           pending_.counts.content_bytes >= options_.submission_bytes;
  }

  void fail(Error error) {
    if (!summary_.failure) summary_.failure = std::move(error);
  }

  // Waits for the oldest submission.
  void settle() {
    Waiting oldest = std::move(waiting_.front());
    waiting_.pop_front();
    statements_ -= oldest.statements;
    bytes_ -= oldest.counts.content_bytes;
    Result<Receipt> receipt = oldest.receipt.get();
    if (!receipt) return fail(std::move(receipt).error());
    summary_.entries += receipt->positions.size();
    if (!receipt->positions.empty()) {
      if (!summary_.first_index) summary_.first_index = receipt->positions.front().index;
      summary_.last_index = receipt->positions.back().index;
    }
    count(oldest);
    if (const Result<model::Basis> basis = basis_of(*receipt)) basis_.set(*basis);
  }

  void count(const Waiting& done) {
    summary_.added += done.counts.added;
    summary_.superseded += done.counts.superseded;
    summary_.unchanged += done.counts.unchanged;
    summary_.under_other_terms += done.counts.under_other_terms;
    summary_.erased += done.counts.erased;
    summary_.content_bytes += done.counts.content_bytes;
    progress_.bytes += done.source_bytes;
    progress_.records +=
        done.counts.added + done.counts.superseded + done.counts.unchanged + done.counts.erased;
    if (options_.progress) options_.progress(progress_);
  }

  const SubmitAdmissions& submit_;
  NewestBasis& basis_;
  const ImportOptions& options_;
  ImportSummary summary_;
  ImportProgress progress_;
  Waiting pending_;
  std::vector<Admission> admissions_;
  std::deque<Waiting> waiting_;
  std::size_t statements_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace

ImportSummary import_documents(DocumentSource& source, Reader& reader, const ImportIndex& index,
                               const ImportKey& import_key, const ImportTerms& terms,
                               std::span<const crypto::SigningKey* const> keys,
                               const SubmitAdmissions& submit, const Clock& clock,
                               crypto::Random& random, const ImportOptions& options) {
  NewestBasis basis(terms.basis);
  BatchMaker maker(source, reader, index, import_key, terms, keys, basis, clock, random,
                   options.batch_statements);
  ChunkSubmitter chunks(submit, basis, options);
  Workshop workshop(source, maker, options);
  if (!workshop.is_open()) {
    ImportSummary nothing;
    nothing.failure = Error{Code::kUnavailable, "", "starting a thread", "none that can be had",
                            "one: end other programs, or raise their limit"};
    return nothing;
  }
  const auto stopped = [&options] { return options.stop != nullptr && options.stop->load(); };
  // Chunks that were prepared and not taken yet are no loss: the next run prepares them again.
  while (!stopped()) {
    std::optional<PreparedChunk> chunk = workshop.next(false);
    if (!chunk) {
      // The sequencer must not stand idle: what is there goes out rather than wait for more.
      if (chunks.nearly_idle() && !chunks.flush()) break;
      chunk = workshop.next(true);
    }
    if (!chunk || !chunks.take(*std::move(chunk))) break;
  }
  workshop.close();
  return chunks.finish(stopped());
}

}  // namespace holdfast::log
