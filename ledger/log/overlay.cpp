// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/overlay.h"

namespace holdfast::log {

Result<std::optional<rules::SubjectView>> Overlay::find(model::StateClass state_class,
                                                        ByteView id) const {
  const StateKey key = model::state_key(state_class, id);
  if (const auto changed = changes_.find(key); changed != changes_.end())
    return std::optional(rules::SubjectView{changed->second->value, changed->second->detail});
  return find_stored(key);
}

Result<std::optional<rules::SubjectView>> Overlay::find_stored(const StateKey& key) const {
  const auto lend = [](const rules::Subject& subject) {
    return std::optional(rules::SubjectView{subject.value, subject.detail});
  };
  if (absent_ == key) return std::optional<rules::SubjectView>();
  if (const auto read = read_.find(key); read != read_.end()) return lend(read->second);
  const auto leaf = state_.tree.find(key);
  if (!leaf) return std::optional<rules::SubjectView>();
  CHECK(snapshot_ != nullptr);
  TRY_ASSIGN(const auto row, snapshot_->subject(leaf->row));
  TRY_ASSIGN(const auto value, store::checked_value(row, key, leaf->value));
  const ByteView detail = row.detail();
  rules::Subject subject{value, Bytes(detail.begin(), detail.end())};
  return lend(read_.emplace(key, std::move(subject)).first->second);
}

Result<std::optional<Root>> Overlay::root_at(TreeSize size) const {
  if (snapshot_ == nullptr) return std::optional<Root>();
  if (!last_root_ || last_root_->first != size) {
    TRY_ASSIGN(const auto root, snapshot_->sealed_root(size));
    last_root_.emplace(size, root);
  }
  return last_root_->second;
}

Result<StateRoot> Overlay::state_root() const {
  CHECK(state_root_.has_value());  // only a seal asks, and the batch is hashed before its seal
  return *state_root_;
}

std::optional<rules::Last> Overlay::last() const {
  if (entries_.empty()) return state_.last();
  const Sequenced& back = entries_.back();
  return rules::Last{back.entry.index, back.entry.time, back.leaf};
}

Result<std::optional<LeafIndex>> Overlay::index_of(const StatementId& id,
                                                   const model::Statement& statement) const {
  const auto state_class = class_by_own_id(statement);
  if (!state_class) {
    if (const auto here = ids_.find(id); here != ids_.end()) return std::optional(here->second);
    return snapshot_ != nullptr ? snapshot_->index_of(id) : std::optional<LeafIndex>();
  }
  const StateKey key = model::state_key(*state_class, id);
  if (const auto made = changes_.find(key); made != changes_.end())
    return std::optional(made->second->value.first_index);
  const auto leaf = state_.tree.find(key);
  if (!leaf) {
    absent_ = key;  // the rules are about to ask again
    return std::optional<LeafIndex>();
  }
  TRY_ASSIGN(const auto row, snapshot_->subject(leaf->row));
  return std::optional(row.first_index());
}

const Sequenced& Overlay::add(Sequenced entry) {
  const Sequenced& added = entries_.emplace_back(std::move(entry));
  absent_.reset();
  for (const rules::SubjectChange& change : added.changes) {
    const auto [place, fresh] = changes_.try_emplace(change.key, &change);
    undo_.push_back({change.key, fresh ? nullptr : place->second});
    place->second = &change;
  }
  if (added.in_ids) ids_.emplace(added.id, added.entry.index);
  return added;
}

void Overlay::shrink_to(std::size_t count) {
  while (entries_.size() > count) {
    for (std::size_t i = entries_.back().changes.size(); i > 0; --i) {
      const Before& before = undo_.back();
      if (before.change == nullptr)
        changes_.erase(before.key);
      else
        changes_[before.key] = before.change;
      undo_.pop_back();
    }
    if (entries_.back().in_ids) ids_.erase(entries_.back().id);
    entries_.pop_back();
  }
}

std::optional<model::StateClass> class_by_own_id(const model::Statement& statement) {
  switch (statement.kind()) {
    case model::Kind::kGenesis: return model::StateClass::kVillage;
    case model::Kind::kDomain: return model::StateClass::kDomain;
    case model::Kind::kRecord: return model::StateClass::kRecord;
    case model::Kind::kGrant: return model::StateClass::kGrant;
    case model::Kind::kRecordChange:
      if (std::holds_alternative<model::Withdraw>(
              std::get<model::RecordChange>(statement.body).step))
        return model::StateClass::kSpent;
      return std::nullopt;
    default: return std::nullopt;
  }
}

}  // namespace holdfast::log
