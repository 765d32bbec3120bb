// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ledger/merkle/prefix_tree.h"
#include "ledger/merkle/tile.h"
#include "ledger/model/state.h"
#include "ledger/rules/signatures.h"
#include "ledger/rules/state_view.h"
#include "ledger/store/ledger_snapshot.h"

namespace holdfast::log {

// What the writer keeps in memory of the ledger as it stands after `head`.
struct LedgerState {
  StatementId village;
  std::string origin;
  store::StoredHead head;
  LeafHash last_leaf;  // of the seal
  merkle::PrefixTree tree;
  merkle::TileEdge edge;
  model::VillageDetail detail;
  std::shared_ptr<const rules::KeyBook> keys;
  std::vector<LeafIndex> erased;  // the records that are, as load() found them

  // An empty log: nothing is known before its genesis.
  static LedgerState empty();

  // Reads it all and checks that the head, the tree's edge, the checkpoint, the seal and the
  // subjects agree with each other. Linear in subjects. Errors: kInvalid: the database does not
  // agree with itself.
  static Result<LedgerState> load(const store::LedgerSnapshot& snapshot, unsigned jobs);

  // Goes forward to what another process has committed; the same checks at the end. Linear in what
  // is new, and in subjects where keys were replaced. Errors: kInvalid; kConflict if the stored log
  // is shorter than this or another one. After an error this is of no use.
  Result<void> catch_up(const store::LedgerSnapshot& snapshot);

  std::optional<rules::Last> last() const;
};

// The keys in a subject that may sign now; those that only once could are refused by the rules
// anyway.
Result<void> add_keys(rules::KeyBook& keys, const store::SubjectRowView& row);

// The tiles that are not full yet, from full blocks and entries.
Result<merkle::TileEdge> load_edge(const store::LedgerSnapshot& snapshot);
// The state tree from the subject rows: read in row order, sorted, built on `jobs` threads. Linear
// but for the sort. `visit` sees each row and may refuse it.
using RowVisit = std::function<Result<void>(const store::SubjectRowView&)>;
Result<merkle::PrefixTree> load_tree(const store::LedgerSnapshot& snapshot, unsigned jobs,
                                     const RowVisit& visit);

}  // namespace holdfast::log
