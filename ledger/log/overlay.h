// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <deque>
#include <unordered_map>
#include <vector>

#include "ledger/log/ledger_state.h"
#include "ledger/rules/subject_change.h"

namespace holdfast::log {

// One entry that is on its way.
struct Sequenced {
  model::Entry entry;
  Bytes bytes;
  LeafHash leaf;
  StatementId id;
  bool in_ids = false;  // it stands in the table of ids, making no subject of its own
  std::vector<rules::SubjectChange> changes;
  Bytes change_pairs;
};

// The state with the entries of a batch on top: what the rules see while it is put together.
// Entries are added one by one; those of a submission that is refused are taken off again. `state`
// and `snapshot` outlive it; a null snapshot means an empty log.
class Overlay : public rules::StateView {
 public:
  Overlay(const LedgerState& state, const store::LedgerSnapshot* snapshot)
      : state_(state), snapshot_(snapshot) {}

  Result<std::optional<rules::SubjectView>> find(model::StateClass state_class,
                                                 ByteView id) const override;
  Result<std::optional<Root>> root_at(TreeSize size) const override;
  // Only known once the batch has been hashed: see set_state_root().
  Result<StateRoot> state_root() const override;
  std::optional<rules::Last> last() const override;
  // Makes room for a submission of so many statements.
  void reserve(std::size_t more) { changes_.reserve(changes_.size() + more); }

  // Where this statement stands already, in the log or in this batch.
  Result<std::optional<LeafIndex>> index_of(const StatementId& id,
                                            const model::Statement& statement) const;

  const Sequenced& add(Sequenced entry);
  // The entries of the batch, oldest first.
  const std::deque<Sequenced>& entries() const { return entries_; }
  // Takes entries off until `count` are left.
  void shrink_to(std::size_t count);
  void set_state_root(const StateRoot& root) { state_root_ = root; }

 private:
  struct Before {
    StateKey key;
    const rules::SubjectChange* change;  // null: none in this batch
  };
  Result<std::optional<rules::SubjectView>> find_stored(const StateKey& key) const;

  const LedgerState& state_;
  const store::LedgerSnapshot* snapshot_;
  std::deque<Sequenced> entries_;
  std::unordered_map<StateKey, const rules::SubjectChange*> changes_;
  std::vector<Before> undo_;                        // one for each change, in order
  std::unordered_map<StatementId, LeafIndex> ids_;  // of those in the table of ids
  std::optional<StateRoot> state_root_;
  // Subjects and roots that were read once in this batch: every record reads its domain's.
  mutable std::unordered_map<StateKey, rules::Subject> read_;
  mutable std::optional<StateKey> absent_;  // known to be nowhere
  mutable std::optional<std::pair<TreeSize, std::optional<Root>>> last_root_;
};

// The class of the subject that this statement makes under its own id, so that its place in the log
// can be told from the state; nothing for those that make none and stand in the table of ids.
std::optional<model::StateClass> class_by_own_id(const model::Statement& statement);

}  // namespace holdfast::log
