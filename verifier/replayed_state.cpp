// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/replayed_state.h"

#include <algorithm>

namespace holdfast::verifier {
namespace {

constexpr std::size_t kPendingMax = 1024;
// Those that statements read again and again (the village, a domain, its guardians, an agent, a
// grant) are few, and a walk down a large tree waits for memory at each step.
constexpr std::size_t kLately = 4096;

}  // namespace

ReplayedState::ReplayedState(std::uint64_t subjects) : keys_(subjects), lately_(kLately) {}

ReplayedState::Lately& ReplayedState::lately(const StateKey& key) const {
  return lately_[static_cast<std::size_t>(read_u64be(key.view())) % lately_.size()];
}

std::optional<std::uint32_t> ReplayedState::find_row(const StateKey& key) const {
  Lately& place = lately(key);
  if (place.key == key) return place.row;
  const auto leaf = find_leaf(key);
  if (!leaf) return std::nullopt;
  place = {key, leaf->row};
  return leaf->row;
}

Result<std::optional<rules::Subject>> ReplayedState::find(model::StateClass state_class,
                                                          ByteView id) const {
  if (lost_)
    return Error{Code::kUnavailable, "", "state of the village",
                 "an earlier entry whose changes are withheld", "the changes of every entry"};
  const auto row = find_row(model::state_key(state_class, id));
  if (!row) return std::optional<rules::Subject>();
  if (is_unknown(*row))
    return Error{Code::kUnavailable, "",
                 std::string(model::state_class_name(state_class)) + " " + format_hex(id),
                 "set by a statement that is withheld or not judged", "its value"};
  return std::optional(table_.get(*row));
}

// What was ever set stays set, so the tree knows even after the state was lost.
Result<bool> ReplayedState::has(model::StateClass state_class, ByteView id) const {
  if (find_row(model::state_key(state_class, id))) return true;
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

void ReplayedState::put(const merkle::PrefixSet& entry) {
  keys_.add(entry.key);
  if (Lately& place = lately(entry.key); place.key == entry.key) place.row = entry.row;
  pending_.push_back(entry);
  if (pending_.size() >= kPendingMax) settle();
}

std::optional<merkle::PrefixLeaf> ReplayedState::find_leaf(const StateKey& key) const {
  if (!keys_.may_have(key)) return std::nullopt;
  settle();
  return tree_.find(key);
}

ReplayedState::Glance ReplayedState::glance(const StateKey& key) const {
  const auto leaf = find_leaf(key);
  if (!leaf) return {};
  if (is_unknown(leaf->row)) return {true, std::nullopt, class_of(leaf->row)};
  rules::Subject subject = table_.get(leaf->row);
  const model::StateClass state_class = subject.value.state_class;
  return {true, std::move(subject), state_class};
}

std::size_t ReplayedState::subjects() const {
  settle();
  return tree_.size();
}

void ReplayedState::set(std::span<const rules::SubjectChange> changes) {
  if (lost_) return;
  for (const rules::SubjectChange& change : changes) {
    // The rules have made sure that what has its first version was not there before.
    const auto present = change.value.version == 1 ? std::nullopt : find_row(change.key);
    std::uint32_t row = present.value_or(kUnknownRow);
    if (is_unknown(row)) {
      row = table_.add(change.value, change.detail);
      CHECK(row < kUnknownRow);
    } else {
      table_.set(row, change.value, change.detail);
    }
    put({change.key, change.value_hash, row});
  }
}

void ReplayedState::set_unknown(std::span<const rules::ChangePair> pairs) {
  if (lost_) return;
  for (const rules::ChangePair& pair : pairs) {
    const auto row = find_row(pair.key);
    const auto state_class = row ? class_of(*row) : std::nullopt;
    const auto number = state_class ? static_cast<std::uint32_t>(*state_class) : 0;
    put({pair.key, pair.value, kUnknownRow + number});
  }
}

std::optional<model::StateClass> ReplayedState::class_of(std::uint32_t row) const {
  if (!is_unknown(row)) return table_.get(row).value.state_class;
  if (row == kUnknownRow) return std::nullopt;
  return static_cast<model::StateClass>(row - kUnknownRow);
}

}  // namespace holdfast::verifier
