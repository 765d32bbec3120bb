// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/replayed_state.h"

#include <algorithm>

namespace holdfast::verifier {
namespace {

constexpr std::size_t kFamiliarMax = 16;
constexpr std::size_t kPendingMax = 1024;

// Subjects that many entries read. Anything else is read once or twice in its life.
bool is_familiar(model::StateClass state_class) {
  return state_class == model::StateClass::kVillage ||
         state_class == model::StateClass::kAuthority || state_class == model::StateClass::kDomain;
}

}  // namespace

const rules::Subject* ReplayedState::familiar(model::StateClass state_class, ByteView id) const {
  for (const Familiar& known : familiar_)
    if (known.state_class == state_class && equal(known.id, id)) return &known.subject;
  return nullptr;
}

void ReplayedState::remember(model::StateClass state_class, ByteView id,
                             const rules::Subject& subject) const {
  Familiar made{state_class, Bytes(id.begin(), id.end()), subject};
  if (familiar_.size() < kFamiliarMax) {
    familiar_.push_back(std::move(made));
    return;
  }
  familiar_[oldest_] = std::move(made);
  oldest_ = (oldest_ + 1) % kFamiliarMax;
}

Result<std::optional<rules::Subject>> ReplayedState::find(model::StateClass state_class,
                                                          ByteView id) const {
  if (lost_)
    return Error{Code::kUnavailable, "", "state of the village",
                 "an earlier entry whose changes are withheld", "the changes of every entry"};
  if (const rules::Subject* known = familiar(state_class, id)) return std::optional(*known);
  const auto leaf = find_leaf(model::state_key(state_class, id));
  if (!leaf) return std::optional<rules::Subject>();
  if (leaf->row == kUnknownRow)
    return Error{Code::kUnavailable, "",
                 std::string(model::state_class_name(state_class)) + " " + format_hex(id),
                 "set by a statement that is withheld or not judged", "its value"};
  rules::Subject subject = table_.get(leaf->row);
  if (is_familiar(state_class)) remember(state_class, id, subject);
  return std::optional(std::move(subject));
}

// What was ever set stays set, so the tree knows even after the state was lost.
Result<bool> ReplayedState::has(model::StateClass state_class, ByteView id) const {
  if (find_leaf(model::state_key(state_class, id))) return true;
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
  if (leaf->row == kUnknownRow) return {true, std::nullopt};
  return {true, table_.get(leaf->row)};
}

std::size_t ReplayedState::subjects() const {
  settle();
  return tree_.size();
}

void ReplayedState::set(std::span<const rules::SubjectChange> changes) {
  if (lost_) return;
  for (const rules::SubjectChange& change : changes) {
    if (is_familiar(change.value.state_class)) familiar_.clear();
    // The rules have made sure that what has its first version was not there before.
    const auto present = change.value.version == 1 ? std::nullopt : find_leaf(change.key);
    std::uint32_t row = present ? present->row : kUnknownRow;
    if (row == kUnknownRow) {
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
  if (!pairs.empty()) familiar_.clear();
  for (const rules::ChangePair& pair : pairs) put({pair.key, pair.value, kUnknownRow});
}

}  // namespace holdfast::verifier
