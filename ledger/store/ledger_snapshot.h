// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "ledger/store/ledger_tables.h"
#include "ledger/store/subject_row.h"

namespace holdfast::store {

// What one commit left, as it stays while others write. Views live as long as the snapshot.
// Errors of all: kNotFound beyond the head; kInvalid where the database lacks what it should hold.
// Threads: one at a time.
class LedgerSnapshot {
 public:
  LedgerSnapshot(ReadTransaction transaction, StatementId village, StoredHead head)
      : transaction_(std::move(transaction)), village_(village), head_(std::move(head)) {}

  const StoredHead& head() const { return head_; }
  const StatementId& village() const { return village_; }

  Result<ByteView> entry(LeafIndex index) const;
  Result<ByteView> signed_statement(LeafIndex index) const;
  Result<ByteView> change_pairs(LeafIndex index) const;
  Result<ByteView> opening(LeafIndex index) const;  // empty: none
  // A full tile with its inner nodes. Errors: kNotFound.
  Result<ByteView> tile(std::uint8_t level, std::uint64_t index) const;
  // Nothing where `size` is not sealed.
  Result<std::optional<Root>> sealed_root(TreeSize size) const;
  Result<SubjectRowView> subject(RowNumber row) const;
  Result<void> each_subject(
      RowNumber from, const std::function<bool(RowNumber, const SubjectRowView&)>& visit) const;
  // Only of statements in the table of ids.
  Result<std::optional<LeafIndex>> index_of(const StatementId& id) const;
  // Each part of the rows of a table of side rows, from this entry on.
  Result<void> each_side_row(LedgerTable table, LeafIndex from,
                             const std::function<void(LeafIndex, ByteView)>& visit) const;
  Result<std::vector<LeafIndex>> erasing() const;

  // See ReadTransaction.
  Result<std::uint64_t> table_bytes() const { return transaction_.table_bytes(); }
  Result<void> copy_to(const std::string& directory, const CopyProgress& progress) const {
    return transaction_.copy_to(directory, nullptr, progress);
  }

 private:
  Result<ByteView> row(LedgerTable table, LeafIndex index, const char* what) const;

  ReadTransaction transaction_;
  StatementId village_;
  StoredHead head_;
};

}  // namespace holdfast::store
