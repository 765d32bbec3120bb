// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "ledger/merkle/prefix_tree.h"
#include "ledger/rules/state_view.h"
#include "ledger/rules/subject_change.h"
#include "verifier/subject_table.h"

namespace holdfast::verifier {

// The state after the entries replayed so far: the view that the rules read. About 320 bytes a
// record. Threads: one at a time.
class ReplayedState : public rules::StateView {
 public:
  // Errors: kUnavailable where the subject was set by an entry whose statement is not at hand, or
  // where the state was lost.
  Result<std::optional<rules::SubjectView>> find(model::StateClass state_class,
                                                 ByteView id) const override;
  Result<bool> has(model::StateClass state_class, ByteView id) const override;
  void expect(model::StateClass state_class, ByteView id) const override {
    table_.prefetch(model::state_key(state_class, id));
  }
  Result<std::optional<Root>> root_at(TreeSize size) const override;
  Result<StateRoot> state_root() const override;
  std::optional<rules::Last> last() const override { return last_; }

  // A subject by its key alone, where some entry has set it; where the state was lost, as it was
  // then.
  std::optional<SubjectTable::Seen> glance(const StateKey& key) const { return table_.find(key); }

  // What an entry sets, by its statement.
  void set(std::span<const rules::SubjectChange> changes);
  // What an entry sets, where only hashes are known.
  void set_unknown(std::span<const rules::ChangePair> pairs);
  // What an entry sets is not known at all: from now on there is no state.
  void lose() { lost_ = true; }
  bool lost() const { return lost_; }

  void advance(const rules::Last& last) { last_ = last; }
  void add_seal(TreeSize size, const Root& root) { seals_.emplace_back(size, root); }
  std::size_t subjects() const { return table_.size(); }

 private:
  void put(const StateKey& key, const ValueHash& value);
  void settle() const;

  // Takes what is pending in one go, and hashes what is stale when a seal asks for the root.
  mutable merkle::PrefixTree tree_;
  mutable std::vector<merkle::PrefixSet> pending_;
  SubjectTable table_;
  std::vector<std::pair<TreeSize, Root>> seals_;  // rising
  std::optional<rules::Last> last_;
  bool lost_ = false;
};

}  // namespace holdfast::verifier
