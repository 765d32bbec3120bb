// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/replayed_state.h"

#include <algorithm>

namespace holdfast::verifier {
namespace {

constexpr std::size_t kPendingMax = 1024;

}  // namespace

Result<std::optional<rules::SubjectView>> ReplayedState::find(model::StateClass state_class,
                                                              ByteView id) const {
  if (lost_)
    return Error{Code::kUnavailable, "", "state of the village",
                 "an earlier entry whose changes are withheld", "the changes of every entry"};
  const auto seen = table_.find(model::state_key(state_class, id));
  if (!seen) return std::optional<rules::SubjectView>();
  if (!seen->subject)
    return Error{Code::kUnavailable, "",
                 std::string(model::state_class_name(state_class)) + " " + format_hex(id),
                 "set by a statement that is withheld or not judged", "its value"};
  return seen->subject;
}

// What was ever set stays set, so that much is known even after the state was lost.
Result<bool> ReplayedState::has(model::StateClass state_class, ByteView id) const {
  if (table_.find(model::state_key(state_class, id))) return true;
  if (!lost_) return false;
  return Error{Code::kUnavailable, "", "state of the village",
               "an earlier entry whose changes are withheld", "the changes of every entry"};
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
  settle();
  return tree_.root();
}

void ReplayedState::settle() const {
  if (pending_.empty()) return;
  tree_.set_batch(pending_);
  pending_.clear();
}

void ReplayedState::put(const StateKey& key, const ValueHash& value) {
  pending_.push_back({key, value, 0});
  if (pending_.size() >= kPendingMax) settle();
}

void ReplayedState::set(std::span<const rules::SubjectChange> changes) {
  if (lost_) return;
  for (const rules::SubjectChange& change : changes) {
    table_.set(change.key, change.value, change.detail);
    put(change.key, change.value_hash);
  }
}

void ReplayedState::set_unknown(std::span<const rules::ChangePair> pairs) {
  if (lost_) return;
  for (const rules::ChangePair& pair : pairs) {
    table_.set_unknown(pair.key);
    put(pair.key, pair.value);
  }
}

}  // namespace holdfast::verifier
