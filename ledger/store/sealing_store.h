// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "ledger/core/digest.h"
#include "ledger/core/position.h"
#include "ledger/crypto/key.h"
#include "ledger/store/environment.h"

namespace holdfast::store {

// The sealing key that each peer's state has shown last, in peers/: a state may be shown without
// leaving an entry. Threads: any; writers take turns, also those of other processes.
class SealingStore {
 public:
  // Makes what is missing. Errors: kUnavailable, kInvalid (damaged).
  static Result<std::unique_ptr<SealingStore>> open(const std::string& directory);

  struct Seen {
    TreeSize size;  // of the checkpoint that the state was shown under
    crypto::PublicKey key;
  };
  // Errors: as above.
  Result<std::optional<Seen>> seen(const StatementId& village);
  // Durable when it returns. What was seen under a greater checkpoint stays. Errors: as above.
  Result<void> set_seen(const StatementId& village, const Seen& seen);

 private:
  explicit SealingStore(std::shared_ptr<Environment> environment)
      : environment_(std::move(environment)) {}
  std::shared_ptr<Environment> environment_;
};

}  // namespace holdfast::store
