// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "ledger/log/prepared.h"
#include "ledger/log/queue_bound.h"

namespace holdfast::log {

// What one call of submit() brought, on its way from the caller to the log.
struct Submission {
  std::vector<Admission> admissions;  // until they are prepared
  std::vector<Prepared> statements;
  VerifiedSet verified;
  std::shared_ptr<const rules::KeyBook> keys;  // as they were when it came
  std::atomic<std::size_t> parts_left{0};
  bool is_urgent = false;  // by what it says of itself
  std::chrono::steady_clock::time_point came = std::chrono::steady_clock::now();
  // Under the sequencer's lock:
  bool is_prepared = false;
  QueueLoad load;
  QueueBound* counted_in = nullptr;             // where `load` counts while it waits
  std::function<void(Result<Receipt>)> answer;  // called once

  bool takes_back_only() const;
  // It only takes back or erases: what a full disk must not prevent.
  bool may_use_reserve() const;
  bool erases_something() const;
  // Why it cannot be sequenced, whatever the state is by then: the first of its statements that
  // does not decode or has a signature that does not verify.
  std::optional<Error> final_refusal() const;
  // It begins with an event that hands over the operator's office, which must follow a seal.
  bool must_come_first() const;
  // The council's event that names this operator key, first in the submission.
  bool hands_over_to(const model::PublicKey& key) const;
};

using Submissions = std::vector<std::shared_ptr<Submission>>;

// Whether all of them only take something back, by what they say of themselves before anything is
// checked.
bool says_that_it_takes_back(const std::vector<Admission>& admissions);

// `error` of statement `place`, from 0, with its number in front where there are several.
Error of_statement(Error error, std::size_t place, std::size_t count);

}  // namespace holdfast::log
