// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "ledger/store/ledger_snapshot.h"
#include "ledger/store/subject_index.h"

namespace holdfast::store {

// Everything that one commit adds. Views are borrowed for the call.
struct LedgerBatch {
  struct Row {
    ByteView entry;
    ByteView signed_statement;
    ByteView change_pairs;  // empty: none
    ByteView imports;       // side rows by append_part, as the last two; empty: none
    ByteView opening;       // empty: none
    ByteView envelopes;
    ByteView answered;
  };
  struct Tile {
    std::uint8_t level = 0;
    std::uint64_t index = 0;
    Bytes block;
  };
  struct Subject {
    RowNumber number = 0;
    SubjectRow row;
  };
  StatementId village;
  TreeSize size_before;
  std::vector<Row> rows;  // entries from size_before on
  std::vector<Tile> tiles;
  std::vector<std::pair<StatementId, LeafIndex>> ids;
  std::vector<Subject> subjects;  // those that were there before, then new ones by rising number
  std::uint64_t subjects_before = 0;
  StoredHead head;                 // after it
  std::vector<LeafIndex> erasing;  // records whose key and content are to go
  std::vector<LeafIndex> erased;   // and those that are gone

  // How much of the map it may take, pages that are copied included; rather too much.
  std::uint64_t bytes_max() const;
};

// The database of the log: ledger/. Threads: any; writers take turns.
class LedgerStore {
 public:
  // Those who open the same directory in one process share it.
  // Errors: kNotFound, kUnavailable, kInvalid, kUnknownVersion (a format newer than this program).
  static Result<std::shared_ptr<LedgerStore>> open(const std::string& directory,
                                                   std::uint64_t map_bytes, bool create);

  // See Environment::open_still. Errors: as above.
  static Result<std::shared_ptr<LedgerStore>> open_still(const std::string& directory);

  // Errors: kNotFound where nothing was committed yet.
  Result<LedgerSnapshot> snapshot();

  // One transaction, durable when it returns. `limit_bytes` is how far the file may reach.
  // Errors: kUnavailable, and `failure` says what that means for the writer; kConflict if the
  // stored head is not at size_before.
  Result<void> commit(const LedgerBatch& batch, std::uint64_t limit_bytes, Failure& failure);
  // Notes that these records' keys and contents are gone.
  Result<void> forget_erasing(std::span<const LeafIndex> erased);
  // Shows to snapshots what a killed writer has committed: see Environment::recover.
  Result<void> recover() { return environment_->recover(); }
  // See Environment::check_in_place.
  Result<void> check_in_place() const { return environment_->check_in_place(); }
  // See Environment::put_off_syncs.
  Result<void> put_off_syncs() { return environment_->put_off_syncs(); }
  Result<void> sync() { return environment_->sync(); }

  Result<std::optional<RowNumber>> row_of(const LedgerSnapshot& snapshot, const StateKey& key) {
    return index_.find(snapshot, key);
  }
  std::uint64_t used_bytes() const { return environment_->used_bytes(); }

 private:
  explicit LedgerStore(std::shared_ptr<Environment> environment)
      : environment_(std::move(environment)) {}
  Result<void> check_format();

  std::shared_ptr<Environment> environment_;
  SubjectIndex index_;
};

}  // namespace holdfast::store
