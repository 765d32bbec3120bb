// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "ledger/core/digest.h"
#include "ledger/core/position.h"
#include "ledger/store/environment.h"

namespace holdfast::store {

// The newest checkpoint that a witness has cosigned of one log.
struct WitnessedCheckpoint {
  TreeSize size;
  Root root;
  std::string note;  // with the log's signature and the witness's
  friend bool operator==(const WitnessedCheckpoint&, const WitnessedCheckpoint&) = default;
};

// What a witness must never forget: peers/. SHA-256 of a log's origin -> checkpoint. Threads: any;
// writers take turns.
class WitnessStore {
 public:
  // Makes what is missing. Errors: kUnavailable, kInvalid (damaged).
  static Result<std::unique_ptr<WitnessStore>> open(const std::string& directory,
                                                    std::uint64_t map_bytes);

  // Nothing where none was cosigned. Errors: kInvalid (damaged), kUnavailable.
  Result<std::optional<WitnessedCheckpoint>> latest(const BytesDigest& origin);
  // In one transaction: where the stored size and root are still `expected`'s (nothing: none is
  // stored), `next` takes its place, durably when it returns, and the answer is true. Errors: as
  // above; then it cannot be told which of the two is stored.
  Result<bool> advance(const BytesDigest& origin,
                       const std::optional<WitnessedCheckpoint>& expected,
                       const WitnessedCheckpoint& next);

 private:
  explicit WitnessStore(std::shared_ptr<Environment> environment)
      : environment_(std::move(environment)) {}
  std::shared_ptr<Environment> environment_;
};

}  // namespace holdfast::store
