// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/rules/simple_ledger.h"

#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/hash.h"

namespace holdfast::testing {

Result<LeafIndex> SimpleLedger::append(const model::SignedStatement& statement, Seconds time,
                                       std::optional<model::Opening> opening) {
  TRY_ASSIGN(model::Statement decoded, model::decode_statement(statement.statement));
  rules::Authored authored = rules::authored(statement, std::move(decoded));
  authored.opening = std::move(opening);
  TRY_ASSIGN(const auto checks,
             rules::signature_checks(authored.id, statement, authored.statement, keys_));
  if (checks_signatures())
    for (const rules::SignatureCheck& check : checks) TRY(rules::run(check));

  Item item;
  item.signed_statement = model::encode_signed_statement(statement);
  const auto before = last();
  item.entry.index = LeafIndex{items_.size()};
  item.entry.time = before ? std::max(time, before->time) : time;
  item.entry.kind = authored.statement.kind();
  if (before) item.entry.previous = before->leaf;
  item.entry.statement = model::statement_hash(item.signed_statement);
  TRY_ASSIGN(item.changes, rules::apply(*this, item.entry, authored));
  item.entry.changes = rules::changes_root(item.changes);
  item.entry_bytes = model::encode_entry(item.entry);

  for (const rules::SubjectChange& change : item.changes)
    subjects_[change.key] = {change.value_hash, {change.value, change.detail}};
  keys_.add_introduced(authored.statement);
  item.opening = std::move(authored.opening);
  items_.push_back(std::move(item));
  appended(items_.back());
  return items_.back().entry.index;
}

void SimpleLedger::forget(LeafIndex index) {
  Item& item = items_[index.value];
  item = {item.entry, {}, {}, {}, std::nullopt};
}

Root SimpleLedger::root_of_first(TreeSize size) const {
  std::vector<LeafHash> leaves;
  for (std::size_t i = 0; i < size.value; ++i)
    leaves.push_back(merkle::leaf_hash(items_[i].entry_bytes));
  return merkle::root_of(leaves);
}

Root SimpleLedger::root() const { return root_of_first(size()); }

model::Basis SimpleLedger::basis() const {
  for (std::size_t size = items_.size(); size > 0; --size)
    if (items_[size - 1].entry.kind == model::Kind::kSeal)
      return {TreeSize{size}, root_of_first(TreeSize{size})};
  return {};
}

Result<std::optional<rules::SubjectView>> SimpleLedger::find(model::StateClass state_class,
                                                             ByteView id) const {
  const auto found = subjects_.find(model::state_key(state_class, id));
  if (found == subjects_.end()) return std::optional<rules::SubjectView>();
  const rules::Subject& subject = found->second.second;
  return std::optional(rules::SubjectView{subject.value, subject.detail});
}

Result<std::optional<Root>> SimpleLedger::root_at(TreeSize size) const {
  if (size.value == 0 || size.value > items_.size() ||
      items_[size.value - 1].entry.kind != model::Kind::kSeal)
    return std::optional<Root>();
  return std::optional(root_of_first(size));
}

merkle::PrefixTree SimpleLedger::tree() const {
  std::vector<merkle::PrefixSet> sorted;
  for (const auto& [key, subject] : subjects_) sorted.push_back({key, subject.first, 0});
  return merkle::PrefixTree::build(sorted);
}

Result<StateRoot> SimpleLedger::state_root() const { return tree().root(); }

merkle::PrefixProof SimpleLedger::prove(model::StateClass state_class, ByteView id) const {
  return tree().prove(model::state_key(state_class, id));
}

std::optional<rules::Last> SimpleLedger::last() const {
  if (items_.empty()) return std::nullopt;
  const Item& item = items_.back();
  return rules::Last{item.entry.index, item.entry.time, merkle::leaf_hash(item.entry_bytes)};
}

}  // namespace holdfast::testing
