// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>

#include "ledger/log/village.h"
#include "ledger/store/content_store.h"
#include "ledger/store/durable_file.h"
#include "ledger/store/ledger_store.h"
#include "ledger/store/slot_file.h"

namespace holdfast::log {

// The parts of a village's directory that the sequencer and the reader open.
struct VillageFiles {
  std::shared_ptr<store::LedgerStore> ledger;
  std::unique_ptr<store::ContentStore> content;
  std::unique_ptr<store::SlotFile> slots;

  // `create` makes what is missing below the village's directory.
  // Errors: kNotFound, kUnavailable, kInvalid, kUnknownVersion.
  static Result<VillageFiles> open(const VillagePaths& paths, std::uint64_t map_bytes, bool create);

  // Whether the directory still has the files that are open; before and after anything is written
  // that somebody will be told of. Cost: five stats. Errors: kConflict, saying what to do; kInvalid
  // where nothing may even be read any more.
  Result<void> check_in_place() const;
  // Shows what a killed process has committed. Under the lock, and before the snapshot beyond
  // which something is removed.
  Result<void> recover();
  // Overwrites the keys of these records, durably, and drops their boxes. Doing it again does no
  // harm.
  Result<void> erase(std::span<const LeafIndex> records);
  // Removes what a commit that never came left behind.
  Result<void> wipe_beyond(TreeSize size);
};

}  // namespace holdfast::log
