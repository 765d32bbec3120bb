// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/subject_index.h"

#include "ledger/store/ledger_snapshot.h"

namespace holdfast::store {
namespace {

std::uint64_t hash_of(const StateKey& key) { return read_u64be(key.view()); }
std::uint32_t tag_of(const StateKey& key) { return read_u32be(key.view().subspan(8)); }

}  // namespace

void SubjectIndex::insert(std::uint64_t hash, std::uint32_t tag, RowNumber row) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t place = hash & mask;
  while (slots_[place].row_plus_one != 0) place = (place + 1) & mask;
  slots_[place] = {tag, row + 1};
}

void SubjectIndex::grow() {
  std::vector<Slot> old(std::max<std::size_t>(1024, slots_.size() * 2));
  old.swap(slots_);
  for (const Slot& slot : old)
    if (slot.row_plus_one != 0)
      insert(hashes_[slot.row_plus_one - 1], slot.tag, slot.row_plus_one - 1);
}

Result<void> SubjectIndex::catch_up(const LedgerSnapshot& snapshot) {
  if (hashes_.size() >= snapshot.head().subjects) return {};
  return snapshot.each_subject(static_cast<RowNumber>(hashes_.size()),
                               [&](RowNumber row, const SubjectRowView& view) {
                                 CHECK(row == hashes_.size());
                                 if ((hashes_.size() + 1) * 3 > slots_.size() * 2) grow();
                                 const StateKey key = view.key();
                                 hashes_.push_back(hash_of(key));
                                 insert(hashes_.back(), tag_of(key), row);
                                 return true;
                               });
}

Result<std::optional<RowNumber>> SubjectIndex::find(const LedgerSnapshot& snapshot,
                                                    const StateKey& key) {
  const std::lock_guard lock(mutex_);
  TRY(catch_up(snapshot));
  if (slots_.empty()) return std::optional<RowNumber>();
  const std::size_t mask = slots_.size() - 1;
  const std::uint32_t tag = tag_of(key);
  for (std::size_t place = hash_of(key) & mask; slots_[place].row_plus_one != 0;
       place = (place + 1) & mask) {
    const RowNumber row = slots_[place].row_plus_one - 1;
    if (slots_[place].tag != tag || row >= snapshot.head().subjects) continue;
    TRY_ASSIGN(const SubjectRowView view, snapshot.subject(row));
    if (view.key() == key) return std::optional(row);
  }
  return std::optional<RowNumber>();
}

}  // namespace holdfast::store
