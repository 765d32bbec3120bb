// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "ledger/log/beside.h"
#include "ledger/log/ledger_state.h"

namespace holdfast::log {
namespace {

// Sorting what is 16 bytes long, rather than whole keys, keeps the sort in the cache.
struct Place {
  std::uint64_t prefix;  // bytes 0 to 8 of K
  std::uint32_t row;
};

class ByKey {
 public:
  explicit ByKey(const std::vector<merkle::PrefixSet>& rows) : rows_(rows) {}
  bool operator()(const Place& a, const Place& b) const {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    return rows_[a.row].key < rows_[b.row].key;
  }

 private:
  const std::vector<merkle::PrefixSet>& rows_;
};

void sort_places(std::vector<Place>& places, const ByKey& by_key, unsigned jobs) {
  constexpr std::size_t kWorthAThread = 50'000;
  if (jobs < 2 || places.size() < kWorthAThread) {
    std::sort(places.begin(), places.end(), by_key);
    return;
  }
  const auto middle = places.begin() + static_cast<std::ptrdiff_t>(places.size() / 2);
  Beside other([&] { std::sort(places.begin(), middle, by_key); });
  std::sort(middle, places.end(), by_key);
  other.join();
  std::inplace_merge(places.begin(), middle, places.end(), by_key);
}

}  // namespace

Result<merkle::PrefixTree> load_tree(const store::LedgerSnapshot& snapshot, unsigned jobs,
                                     const RowVisit& visit) {
  std::vector<merkle::PrefixSet> rows;
  std::vector<Place> places;
  rows.reserve(snapshot.head().subjects);
  places.reserve(snapshot.head().subjects);
  Result<void> refused;
  TRY(snapshot.each_subject(0, [&](store::RowNumber row, const store::SubjectRowView& view) {
    if (row >= snapshot.head().subjects) return false;
    rows.push_back({view.key(), view.value_hash(), row});
    places.push_back({read_u64be(rows.back().key.view()), row});
    refused = visit(view);
    return refused.has_value();
  }));
  TRY(refused);
  sort_places(places, ByKey(rows), jobs);
  std::vector<merkle::PrefixSet> sorted;
  sorted.reserve(rows.size());
  for (const Place& place : places) {
    if (!sorted.empty() && sorted.back().key == rows[place.row].key)
      return Error{Code::kInvalid, "", "stored subject " + rows[place.row].key.hex(),
                   "two rows of it", "one: restore the database from an export or a backup"};
    sorted.push_back(rows[place.row]);
  }
  return merkle::PrefixTree::build(sorted, jobs);
}

}  // namespace holdfast::log
