// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "ledger/log/submission.h"

namespace holdfast::log {

// What waits for the writer. Ordinary submissions keep the order in which they came; urgent ones,
// which only take something back, stand before them in the order in which they were prepared.
// Threads: one at a time.
class SubmissionQueue {
 public:
  explicit SubmissionQueue(const SequencerOptions& options);

  // Lets it wait, or says why there is no room: kUnavailable. Whoever fills the queue does not keep
  // others from withdrawing their consent: for urgent ones there is room besides.
  std::optional<Error> let_in(const std::shared_ptr<Submission>& submission);
  // Its signatures are checked: it can be taken as soon as it is its turn.
  void note_prepared(const std::shared_ptr<Submission>& submission);
  // An urgent one that can never be sequenced leaves without its turn.
  void leave(const Submission& submission);

  // Whether something can be taken now.
  bool has_work() const;
  // Whether that is enough for a commit, which costs as much as a dozen signatures however many
  // statements it has: something urgent, all that waits, or kWorthACommit statements.
  bool is_worth_a_commit() const;
  // At most batch_statements_max statements, or a single submission that has more. A handing over
  // of the operator's office must be the first entry after a seal, so nothing stands before it.
  Submissions take_batch();

  static constexpr std::size_t kWorthACommit = 256;

 private:
  using Queue = std::deque<std::shared_ptr<Submission>>;

  const std::size_t batch_statements_max_;
  QueueBound bound_;
  QueueBound urgent_bound_;
  Queue urgent_;
  Queue ordinary_;
  std::size_t prepared_ = 0;             // of the ordinary ones
  std::size_t prepared_statements_ = 0;  // in those
};

}  // namespace holdfast::log
