// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/replayed_state.h"

#include <algorithm>

namespace holdfast::verifier {

Result<std::optional<rules::Subject>> ReplayedState::find(model::StateClass state_class,
                                                          ByteView id) const {
  if (lost_)
    return Error{Code::kUnavailable, "", "state of the village",
                 "an earlier entry whose changes are withheld", "the changes of every entry"};
  const auto leaf = tree_.find(model::state_key(state_class, id));
  if (!leaf) return std::optional<rules::Subject>();
  if (leaf->row == kUnknownRow)
    return Error{Code::kUnavailable, "",
                 std::string(model::state_class_name(state_class)) + " " + format_hex(id),
                 "set by a statement that is withheld or not judged", "its value"};
  return std::optional(table_.get(leaf->row));
}

Result<std::optional<Root>> ReplayedState::root_at(TreeSize size) const {
  const auto found =
      std::lower_bound(seals_.begin(), seals_.end(), size,
                       [](const auto& seal, TreeSize wanted) { return seal.first < wanted; });
  if (found == seals_.end() || found->first != size) return std::optional<Root>();
  return std::optional(found->second);
}

Result<StateRoot> ReplayedState::state_root() const {
  if (lost_)
    return Error{Code::kUnavailable, "", "state root",
                 "an earlier entry whose changes are withheld", "the changes of every entry"};
  return tree_.root();
}

void ReplayedState::set(std::span<const rules::SubjectChange> changes) {
  if (lost_) return;
  for (const rules::SubjectChange& change : changes) {
    const auto present = tree_.find(change.key);
    std::uint32_t row = present ? present->row : kUnknownRow;
    if (row == kUnknownRow) {
      row = table_.add(change.value, change.detail);
      CHECK(row < kUnknownRow);
    } else {
      table_.set(row, change.value, change.detail);
    }
    tree_.set({change.key, change.value_hash, row});
  }
}

void ReplayedState::set_unknown(std::span<const rules::ChangePair> pairs) {
  if (lost_) return;
  for (const rules::ChangePair& pair : pairs) tree_.set({pair.key, pair.value, kUnknownRow});
}

}  // namespace holdfast::verifier
