// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/disclosure.h"

#include <algorithm>
#include <limits>

namespace holdfast::federation {
namespace {

struct FoundCell {
  const std::string* value;
  RecordIdSet records;
};

RecordIdSet together(const std::vector<FoundCell>& cells) {
  std::vector<StatementId> ids;
  for (const FoundCell& cell : cells)
    ids.insert(ids.end(), cell.records.begin(), cell.records.end());
  return record_id_set(std::move(ids));
}

// The largest first; `cells` come by value, and equal ones stay so.
void keep_largest(std::vector<FoundCell>& cells, const Care& care, std::size_t items_max) {
  std::erase_if(cells,
                [&](const FoundCell& cell) { return cell.records.size() < care.minimum_cell; });
  std::stable_sort(cells.begin(), cells.end(), [](const FoundCell& a, const FoundCell& b) {
    return a.records.size() > b.records.size();
  });
  if (items_max != 0 && cells.size() > items_max)
    cells.erase(cells.begin() + static_cast<std::ptrdiff_t>(items_max), cells.end());
}

}  // namespace

Care care_of(const model::Disclosure& domain, const model::ShapeTemplate& shape,
             const model::Limits& grant) {
  return {std::max({domain.minimum_cell, shape.minimum_cell, grant.minimum_cell, 1u}),
          std::max(domain.rounding, shape.rounding)};
}

std::optional<std::uint64_t> disclose_count(std::uint64_t found, const Care& care) {
  CHECK(care.minimum_cell >= 1);
  if (found < care.minimum_cell) return std::nullopt;
  if (care.rounding <= 1) return found;
  const std::uint64_t step = care.rounding;
  const std::uint64_t over = found % step;
  std::uint64_t told = found - over;
  const bool goes_up = over >= step - over || told < care.minimum_cell;
  if (goes_up && told <= std::numeric_limits<std::uint64_t>::max() - step) told += step;
  return told;
}

RecordIdSet record_id_set(std::vector<StatementId> ids) {
  if (!std::is_sorted(ids.begin(), ids.end())) std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::optional<ShownCells> disclose_cells(
    const std::map<std::string, std::vector<StatementId>>& found, const Care& care,
    std::size_t items_max) {
  CHECK(care.minimum_cell >= 1);
  std::vector<FoundCell> cells;
  for (const auto& [value, ids] : found)
    if (!ids.empty()) cells.push_back({&value, record_id_set(ids)});
  const std::size_t values = cells.size();
  RecordIdSet all = together(cells);
  keep_largest(cells, care, items_max);
  RecordIdSet shown = together(cells);
  while (shown.size() < all.size() && all.size() - shown.size() < care.minimum_cell &&
         !cells.empty()) {
    cells.pop_back();
    shown = together(cells);
  }
  if (cells.empty()) return std::nullopt;

  ShownCells out;
  out.hidden = cells.size() < values;
  for (FoundCell& cell : cells) {
    out.cells.push_back({*cell.value, *disclose_count(cell.records.size(), care)});
    out.told.push_back(std::move(cell.records));
  }
  out.told.push_back(std::move(shown));
  out.told.push_back(std::move(all));
  std::sort(out.cells.begin(), out.cells.end(),
            [](const Cell& a, const Cell& b) { return a.value < b.value; });
  std::sort(out.told.begin(), out.told.end());
  out.told.erase(std::unique(out.told.begin(), out.told.end()), out.told.end());
  return out;
}

}  // namespace holdfast::federation
