// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/model/asking.h"
#include "ledger/model/founding.h"

// What of a count may be told. Pure: the same records and the same care give the same answer, so
// asking again tells nothing more. Source: spec/asking.md, "Disclosure control".
namespace holdfast::federation {

// How careful an answer must be.
struct Care {
  std::uint32_t minimum_cell = 1;  // records; at least 1
  std::uint32_t rounding = 0;      // to multiples of it; 0 and 1: not at all
};
// The strictest of the three, each of which may leave both at 0.
Care care_of(const model::Disclosure& domain, const model::ShapeTemplate& shape,
             const model::Limits& grant);

// What is told where `found` records were found; nothing is "insufficient", for none and for too
// few alike. Rounded to the nearest multiple, a half up; where that is less than the minimum cell,
// to the least multiple that is not.
std::optional<std::uint64_t> disclose_count(std::uint64_t found, const Care& care);

// Records by id, ascending, each once.
using RecordIdSet = std::vector<StatementId>;
// In any order, and more than once, as a corpus finds them.
RecordIdSet record_id_set(std::vector<StatementId> ids);

// A value of a histogram, and how many records have it.
struct Cell {
  std::string value;
  std::uint64_t count = 0;  // as disclose_count tells it
  friend bool operator==(const Cell&, const Cell&) = default;
};
struct ShownCells {
  std::vector<Cell> cells;  // sorted by value; at least one
  bool hidden = false;      // some value that records have is not shown
  // What telling this tells of: the records of each cell shown, of those together, and of all
  // cells. Each set once.
  std::vector<RecordIdSet> told;
};
// `found` has the records of each value. Cells below the minimum are left out, their values too;
// of more than `items_max` (0: no limit) the largest are shown, of equal ones the first by value.
// Where what is left out together comes to 1 or more records but fewer than the minimum cell, so
// that a total would tell it, the smallest cell shown is left out besides. Nothing is
// "insufficient". Cost: O(n log n) in records, and linear for each cell left out besides.
std::optional<ShownCells> disclose_cells(
    const std::map<std::string, std::vector<StatementId>>& found, const Care& care,
    std::size_t items_max);

}  // namespace holdfast::federation
