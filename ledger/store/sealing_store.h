// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "ledger/core/digest.h"
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
    std::uint64_t village_version = 0;  // of the peer's village, which a new key raises
    crypto::PublicKey key;
  };
  // Errors: as above.
  Result<std::optional<Seen>> seen(const StatementId& village);
  // Durable when it returns. That of a later version stays. Errors: as above.
  Result<void> set_seen(const StatementId& village, const Seen& seen);

 private:
  explicit SealingStore(std::shared_ptr<Environment> environment)
      : environment_(std::move(environment)) {}
  std::shared_ptr<Environment> environment_;
};

}  // namespace holdfast::store
