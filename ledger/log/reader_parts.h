// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

#include "ledger/log/files.h"
#include "ledger/log/held_files.h"
#include "ledger/log/ledger_state.h"
#include "ledger/log/reader.h"

namespace holdfast::log {

// What the readers of one village have in common: its open files, and what costs more to make than
// a reader does, kept from one snapshot to the next. Threads: any.
class ReaderParts {
 public:
  // Errors: kNotFound, kUnavailable, kUnknownVersion.
  static Result<std::shared_ptr<ReaderParts>> open(const VillagePaths& paths);

  const VillageFiles& files() const { return files_; }

  // What is committed now, with the edge of its tree, and what was held before that was looked at.
  struct View {
    std::shared_ptr<const HeldListing> held;  // null: not asked for
    store::LedgerSnapshot snapshot;
    std::shared_ptr<const merkle::TileEdge> edge;
  };
  // Cost: a hash for each entry that was not there the last time. Errors: kInvalid (the database
  // does not agree with itself); kConflict (it was exchanged under this program); kUnavailable.
  Result<View> newest(HeldStatements held);

  // What is held now.
  std::shared_ptr<const HeldListing> look();

  // A proof under the state root of `snapshot`. The first call builds the state tree, linear in
  // subjects; later ones bring it up to date. Nothing where the tree is beyond `snapshot` already.
  Result<std::optional<merkle::PrefixProof>> prove_state(const store::LedgerSnapshot& snapshot,
                                                         const StateKey& key);
  // The keys that may sign as of `snapshot`, or a newer one. Cost: as above.
  Result<std::shared_ptr<const rules::KeyBook>> keys(const store::LedgerSnapshot& snapshot);

 private:
  ReaderParts(VillageFiles files, const std::string& held_directory)
      : files_(std::move(files)), held_(held_directory) {}
  Result<void> check_in_place();
  Result<std::shared_ptr<const merkle::TileEdge>> edge_of(const store::LedgerSnapshot& snapshot);
  Result<void> bring_state_to(const store::LedgerSnapshot& snapshot);

  const VillageFiles files_;
  std::atomic<std::chrono::steady_clock::duration> in_place_at_{
      std::chrono::steady_clock::duration::min() / 2};

  std::mutex held_mutex_;
  HeldFiles held_;
  std::shared_ptr<const HeldListing> listing_;

  std::mutex edge_mutex_;
  std::shared_ptr<const merkle::TileEdge> edge_;

  std::mutex state_mutex_;
  std::optional<LedgerState> state_;
};

}  // namespace holdfast::log
