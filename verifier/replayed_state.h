// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "ledger/merkle/prefix_tree.h"
#include "ledger/rules/state_view.h"
#include "ledger/rules/subject_change.h"
#include "verifier/key_filter.h"
#include "verifier/subject_table.h"

namespace holdfast::verifier {

// The state after the entries replayed so far: the view that the rules read. About 280 bytes a
// record. Threads: one at a time.
class ReplayedState : public rules::StateView {
 public:
  // For about this many subjects; more are welcome.
  explicit ReplayedState(std::uint64_t subjects);

  // Errors: kUnavailable where the subject was set by an entry whose statement is not at hand, or
  // where the state was lost.
  Result<std::optional<rules::Subject>> find(model::StateClass state_class,
                                             ByteView id) const override;
  Result<bool> has(model::StateClass state_class, ByteView id) const override;
  Result<std::optional<Root>> root_at(TreeSize size) const override;
  Result<StateRoot> state_root() const override;
  std::optional<rules::Last> last() const override { return last_; }

  // A subject by its key alone: whether some entry has set it, its value where that is known, and
  // its class where that ever was: it stays what it is. Where the state was lost, as it was then.
  struct Glance {
    bool present = false;
    std::optional<rules::Subject> subject;
    std::optional<model::StateClass> state_class;
  };
  Glance glance(const StateKey& key) const;

  // What an entry sets, by its statement.
  void set(std::span<const rules::SubjectChange> changes);
  // What an entry sets, where only hashes are known.
  void set_unknown(std::span<const rules::ChangePair> pairs);
  // What an entry sets is not known at all: from now on there is no state.
  void lose() { lost_ = true; }
  bool lost() const { return lost_; }

  void advance(const rules::Last& last) { last_ = last; }
  void add_seal(TreeSize size, const Root& root) { seals_.emplace_back(size, root); }
  std::size_t subjects() const;

 private:
  // The rows of subjects whose value is not known: the first where their class is not either, then
  // one for each class.
  static constexpr std::uint32_t kUnknownRow =
      (std::uint32_t{1} << 31) - 1 - static_cast<std::uint32_t>(model::kStateClassMax);
  static bool is_unknown(std::uint32_t row) { return row >= kUnknownRow; }
  std::optional<model::StateClass> class_of(std::uint32_t row) const;

  // Where a subject is that was looked for lately. A row stays a subject's for ever, but where its
  // value is not known.
  struct Lately {
    std::optional<StateKey> key;
    std::uint32_t row = 0;
  };
  Lately& lately(const StateKey& key) const;
  std::optional<std::uint32_t> find_row(const StateKey& key) const;

  std::optional<merkle::PrefixLeaf> find_leaf(const StateKey& key) const;
  void put(const merkle::PrefixSet& entry);
  void settle() const;

  // Takes what is pending in one go, and hashes what is stale when a seal asks for the root.
  mutable merkle::PrefixTree tree_;
  mutable std::vector<merkle::PrefixSet> pending_;
  KeyFilter keys_;
  SubjectTable table_;
  mutable std::vector<Lately> lately_;
  std::vector<std::pair<TreeSize, Root>> seals_;  // rising
  std::optional<rules::Last> last_;
  bool lost_ = false;
};

}  // namespace holdfast::verifier
