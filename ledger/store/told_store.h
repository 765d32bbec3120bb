// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "ledger/core/digest.h"
#include "ledger/core/position.h"
#include "ledger/store/environment.h"

namespace holdfast::store {

// How far each peer has been told of what is in this log, in peers/. Threads: any; writers take
// turns, also those of other processes.
class ToldStore {
 public:
  // Makes what is missing. Errors: kUnavailable, kInvalid (damaged).
  static Result<std::unique_ptr<ToldStore>> open(const std::string& directory);

  // The entries before this one have been told of, or need not be; 0 where nothing is known.
  // Errors: as above.
  Result<TreeSize> told(const StatementId& village);
  // Durable when it returns. Never goes back. Errors: as above.
  Result<void> set_told(const StatementId& village, TreeSize size);

 private:
  explicit ToldStore(std::shared_ptr<Environment> environment)
      : environment_(std::move(environment)) {}
  std::shared_ptr<Environment> environment_;
};

}  // namespace holdfast::store
