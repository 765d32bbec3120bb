// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <mutex>
#include <optional>
#include <vector>

#include "ledger/store/subject_row.h"

namespace holdfast::store {

class LedgerSnapshot;

// From K to row number, in memory. A subject keeps its row for ever, so one index serves every
// snapshot: it only grows, and what it has learnt from a newer snapshot an older one passes over.
// About 12 bytes a subject. Threads: any.
class SubjectIndex {
 public:
  // Nothing if the snapshot has no such subject. The first call reads every row, later ones the
  // new.
  Result<std::optional<RowNumber>> find(const LedgerSnapshot& snapshot, const StateKey& key);

 private:
  struct Slot {
    std::uint32_t tag = 0;           // bytes 8 to 12 of K; the slot's place tells of bytes 0 to 8
    std::uint32_t row_plus_one = 0;  // 0: free
  };
  Result<void> catch_up(const LedgerSnapshot& snapshot);
  void insert(std::uint64_t hash, std::uint32_t tag, RowNumber row);
  void grow();

  std::mutex mutex_;
  std::vector<Slot> slots_;            // a power of two of them, at most two thirds taken
  std::vector<std::uint64_t> hashes_;  // of row i: bytes 0 to 8 of K, for growing
};

}  // namespace holdfast::store
