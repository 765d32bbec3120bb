// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "api/routes/router.h"
#include "ledger/log/draft.h"
#include "ledger/log/pool.h"
#include "ledger/log/sequencer.h"

namespace holdfast::routes {

// Takes what is submitted over HTTP to the sequencer, and answers where it stands. Threads: any.
class Submission {
 public:
  // All of them outlive it. What is long is decoded on the pool, beside what answers readers.
  Submission(log::Readers& readers, log::Sequencer& sequencer, log::Pool& pool)
      : readers_(readers), sequencer_(sequencer), pool_(pool) {}

  // POST /add: one signed statement; the answer is its index in decimal.
  void add(Visit& visit, const http::Respond& respond);
  // POST /v1/statements: a draft as draft_json.h has it; the answer says where each stands.
  void take_draft(Visit& visit, const http::Respond& respond);

 private:
  Result<void> check_contents(const log::Draft& draft);
  Result<log::Draft> read_draft(std::string body);

  log::Readers& readers_;
  log::Sequencer& sequencer_;
  log::Pool& pool_;
};

}  // namespace holdfast::routes
