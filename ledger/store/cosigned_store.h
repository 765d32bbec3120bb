// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "ledger/core/digest.h"
#include "ledger/core/position.h"
#include "ledger/core/time.h"
#include "ledger/store/environment.h"

namespace holdfast::store {

// A checkpoint of this village's own log, with the log's signature and those of its witnesses.
struct CosignedCheckpoint {
  TreeSize size;
  std::string note;
  friend bool operator==(const CosignedCheckpoint&, const CosignedCheckpoint&) = default;
};

// What a witness says of this log that is not so here.
struct WitnessClaim {
  enum class Kind : std::uint8_t { kAhead = 1, kOtherHistory = 2 };
  Kind kind = Kind::kAhead;
  TreeSize size;     // that it has cosigned; of another history: up to which it was compared
  Seconds time = 0;  // when it said so first
  friend bool operator==(const WitnessClaim&, const WitnessClaim&) = default;
};

// What is remembered of one witness.
struct WitnessMemory {
  TreeSize cosigned;  // the greatest size that it cosigned, as far as is known here; 0: none
  std::optional<WitnessClaim> claim;
  // A person has said that the ledger is the right one although this witness knows of more: up to
  // this size. 0: nobody has.
  TreeSize accepted;
  friend bool operator==(const WitnessMemory&, const WitnessMemory&) = default;
};

// What witnesses cosigned of this village, in peers/ beside what it cosigned of others. Threads:
// any; writers take turns, also those of other processes.
class CosignedStore {
 public:
  // Makes what is missing. Errors: kUnavailable, kInvalid (damaged).
  static Result<std::unique_ptr<CosignedStore>> open(const std::string& directory);
  // In a village that is being restored: what there is will know that. Durable when it returns.
  // Errors: as above.
  static Result<void> begin_restored(const std::string& directory);
  // For a look: makes nothing. Errors: kNotFound where there is none; as above.
  static Result<std::unique_ptr<CosignedStore>> open_present(const std::string& directory);

  struct State {
    std::optional<CosignedCheckpoint> newest;     // that any witness cosigned
    std::optional<CosignedCheckpoint> witnessed;  // the newest that reached the policy's quorum
    std::map<KeyId, WitnessMemory> witnesses;     // by their keys; those that were asked for
    // This was begun in a village that came of a backup: what witnesses cosigned before is not
    // known here.
    bool restored = false;
    friend bool operator==(const State&, const State&) = default;
  };
  // Errors: kInvalid (damaged), kUnavailable.
  Result<State> read(std::span<const KeyId> witnesses);
  // Reads, lets `change` change, and writes what it changed, in one transaction: durable when it
  // returns. Errors: as above.
  Result<State> update(std::span<const KeyId> witnesses, const std::function<void(State&)>& change);

 private:
  explicit CosignedStore(std::shared_ptr<Environment> environment)
      : environment_(std::move(environment)) {}
  std::shared_ptr<Environment> environment_;
};

}  // namespace holdfast::store
