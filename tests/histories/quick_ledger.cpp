// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/histories/quick_ledger.h"

#include <algorithm>
#include <bit>

#include "ledger/merkle/hash.h"

namespace holdfast::testing {

void QuickLedger::appended(const Item& item) {
  NodeHash hash = NodeHash::from(merkle::leaf_hash(item.entry_bytes));
  for (std::size_t level = 0;; ++level) {
    if (level == levels_.size()) levels_.emplace_back();
    levels_[level].push_back(hash);
    if (levels_[level].size() % 2 != 0) break;
    hash = merkle::node_hash(levels_[level][levels_[level].size() - 2], levels_[level].back());
  }
  bool turn = false;
  const ByteView village = items()[0].changes[0].value.state_class == model::StateClass::kVillage
                               ? items()[0].changes[0].key
                               : items()[0].changes[1].key;
  const ByteView council = equal(village, items()[0].changes[0].key) ? items()[0].changes[1].key
                                                                     : items()[0].changes[0].key;
  for (const rules::SubjectChange& change : item.changes) {
    state_.set({change.key, change.value_hash, 0});
    turn = turn || equal(change.key, village) || equal(change.key, council);
  }
  if (turn && item.entry.index.value > 0) turns_.push_back(item.entry.index);
  if (hands_on()) pass(item);
}

void QuickLedger::pass(const Item& item) {
  to_(item);
  if (item.entry.index.value < 2) return;
  const LeafIndex before{item.entry.index.value - 1};
  if (!std::binary_search(turns_.begin(), turns_.end(), before)) forget(before);
}

NodeHash QuickLedger::hash_of(Range range) const {
  if (std::has_single_bit(range.size) && range.first % range.size == 0)
    return levels_[static_cast<std::size_t>(std::countr_zero(range.size))]
                  [range.first / range.size];
  const std::uint64_t left = std::bit_floor(range.size - 1);
  return merkle::node_hash(hash_of({range.first, left}),
                           hash_of({range.first + left, range.size - left}));
}

Root QuickLedger::root_of_first(TreeSize size) const {
  return size.value == 0 ? merkle::empty_root() : Root::from(hash_of({0, size.value}));
}

void QuickLedger::add_path(std::uint64_t index, Range range, std::vector<NodeHash>& out) const {
  if (range.size == 1) return;
  const std::uint64_t left = std::bit_floor(range.size - 1);
  const Range low{range.first, left};
  const Range high{range.first + left, range.size - left};
  if (index < left)
    add_path(index, low, out);
  else
    add_path(index - left, high, out);
  out.push_back(hash_of(index < left ? high : low));
}

std::vector<NodeHash> QuickLedger::audit_path(LeafIndex index) const {
  std::vector<NodeHash> out;
  add_path(index.value, {0, size().value}, out);
  return out;
}

void QuickLedger::add_proof(std::uint64_t size, Range range, bool whole,
                            std::vector<NodeHash>& out) const {
  if (size == range.size) {
    if (!whole) out.push_back(hash_of(range));
    return;
  }
  const std::uint64_t left = std::bit_floor(range.size - 1);
  const Range low{range.first, left};
  const Range high{range.first + left, range.size - left};
  if (size <= left)
    add_proof(size, low, whole, out);
  else
    add_proof(size - left, high, false, out);
  out.push_back(hash_of(size <= left ? high : low));
}

std::vector<NodeHash> QuickLedger::consistency_from(TreeSize from) const {
  std::vector<NodeHash> out;
  if (from.value != 0) add_proof(from.value, {0, size().value}, true, out);
  return out;
}

Result<StateRoot> QuickLedger::state_root() const { return state_.root(); }

merkle::PrefixProof QuickLedger::prove(model::StateClass state_class, ByteView id) const {
  return state_.prove(model::state_key(state_class, id));
}

}  // namespace holdfast::testing
