// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/submission_queue.h"

#include <algorithm>

namespace holdfast::log {

SubmissionQueue::SubmissionQueue(const SequencerOptions& options)
    : batch_statements_max_(std::max<std::size_t>(1, options.batch_statements_max)),
      bound_({options.waiting_statements_max, options.waiting_bytes_max}),
      urgent_bound_({options.waiting_urgent_statements_max, options.waiting_urgent_bytes_max}) {}

std::optional<Error> SubmissionQueue::let_in(const std::shared_ptr<Submission>& submission) {
  QueueBound* bound = &bound_;
  if (!bound->take(submission->load)) {
    if (!submission->is_urgent) return bound->full();
    bound = &urgent_bound_;
    if (!bound->take(submission->load)) return bound->full();
  }
  submission->counted_in = bound;
  if (!submission->is_urgent) ordinary_.push_back(submission);
  return std::nullopt;
}

void SubmissionQueue::note_prepared(const std::shared_ptr<Submission>& submission) {
  submission->is_prepared = true;
  if (submission->is_urgent) {
    urgent_.push_back(submission);
    return;
  }
  ++prepared_;
  prepared_statements_ += submission->statements.size();
}

void SubmissionQueue::leave(const Submission& submission) {
  CHECK(submission.is_urgent && !submission.is_prepared);
  submission.counted_in->give_back(submission.load);
}

bool SubmissionQueue::has_work() const {
  return !urgent_.empty() || (!ordinary_.empty() && ordinary_.front()->is_prepared);
}

bool SubmissionQueue::is_worth_a_commit() const {
  if (!urgent_.empty()) return true;
  return has_work() && (prepared_ == ordinary_.size() ||
                        prepared_statements_ >= std::min(kWorthACommit, batch_statements_max_));
}

Submissions SubmissionQueue::take_batch() {
  Submissions batch;
  std::size_t statements = 0;
  while (has_work()) {
    Queue& queue = urgent_.empty() ? ordinary_ : urgent_;
    const Submission& next = *queue.front();
    if (!batch.empty() &&
        (statements + next.statements.size() > batch_statements_max_ || next.must_come_first()))
      break;
    statements += next.statements.size();
    next.counted_in->give_back(next.load);
    if (!next.is_urgent) {
      --prepared_;
      prepared_statements_ -= next.statements.size();
    }
    batch.push_back(std::move(queue.front()));
    queue.pop_front();
  }
  return batch;
}

}  // namespace holdfast::log
