// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "api/routes/router.h"
#include "ledger/log/pool.h"
#include "ledger/log/sequencer.h"

namespace holdfast::routes {

// Takes what is submitted over HTTP to the sequencer, and answers where it stands. Threads: any.
class Submission {
 public:
  // All of them outlive it. What is long is decoded on the pool, beside what answers readers.
  // `bytes_max`: of a draft.
  Submission(log::Readers& readers, log::Sequencer& sequencer, log::Pool& pool,
             std::uint64_t bytes_max)
      : readers_(readers), sequencer_(sequencer), pool_(pool), bytes_max_(bytes_max) {}

  // POST /add: one signed statement; the answer is its index in decimal.
  void add(Visit& visit, const http::Respond& respond);
  // POST /v1/statements: a draft, or signed statements, as api/json/submission.h has them; the
  // answer says where each stands.
  void take(Visit& visit, const http::Respond& respond);

 private:
  Result<std::vector<StatementId>> look_at(const std::vector<log::Admission>& admissions);
  Result<std::vector<log::Admission>> read(std::string body, bool is_owner);

  log::Readers& readers_;
  log::Sequencer& sequencer_;
  log::Pool& pool_;
  const std::uint64_t bytes_max_;
};

}  // namespace holdfast::routes
