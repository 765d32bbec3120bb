// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/disclosure.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "tests/federation/record_ids.h"

namespace holdfast::federation {
namespace {

using FoundValues = std::map<std::string, std::vector<StatementId>>;

// `sizes` records of each value, no record of two.
FoundValues found_of(const std::map<std::string, unsigned>& sizes) {
  FoundValues out;
  unsigned next = 0;
  for (const auto& [value, size] : sizes) {
    out[value] = records_from(next, size);
    next += size;
  }
  return out;
}

std::string shown_in_words(const std::optional<ShownCells>& shown) {
  if (!shown) return "insufficient";
  std::string out;
  for (const Cell& cell : shown->cells) out += cell.value + " " + std::to_string(cell.count) + ", ";
  return out + (shown->hidden ? "and others" : "and no others");
}

TEST(Care, IsTheStrictestOfDomainShapeAndGrant) {
  model::ShapeTemplate shape;
  shape.minimum_cell = 5;
  shape.rounding = 2;
  model::Limits grant;
  const auto care = [&](model::Disclosure domain) { return care_of(domain, shape, grant); };
  EXPECT_EQ(care({3, 10}).minimum_cell, 5u);
  EXPECT_EQ(care({3, 10}).rounding, 10u);
  EXPECT_EQ(care({7, 0}).minimum_cell, 7u);
  EXPECT_EQ(care({7, 0}).rounding, 2u);
  grant.minimum_cell = 11;
  EXPECT_EQ(care({7, 0}).minimum_cell, 11u);
}

TEST(Care, AsksForOneRecordWhereNobodyAsksForMore) {
  EXPECT_EQ(care_of({}, {}, {}).minimum_cell, 1u);
  EXPECT_FALSE(disclose_count(0, care_of({}, {}, {})));
  EXPECT_EQ(disclose_count(1, care_of({}, {}, {})), 1u);
}

TEST(DiscloseCount, TellsNothingBelowTheCellAndNoneIsNoOther) {
  for (std::uint64_t found = 0; found < 5; ++found) EXPECT_FALSE(disclose_count(found, {5, 0}));
  EXPECT_EQ(disclose_count(5, {5, 0}), 5u);
  EXPECT_EQ(disclose_count(6, {5, 1}), 6u);
}

TEST(DiscloseCount, RoundsToTheNearestMultipleAndAHalfUp) {
  EXPECT_EQ(disclose_count(14, {5, 10}), 10u);
  EXPECT_EQ(disclose_count(15, {5, 10}), 20u);
  EXPECT_EQ(disclose_count(16, {5, 10}), 20u);
  EXPECT_EQ(disclose_count(20, {5, 10}), 20u);
  EXPECT_EQ(disclose_count(10, {5, 7}), 7u);
  EXPECT_EQ(disclose_count(11, {5, 7}), 14u);
}

TEST(DiscloseCount, NeverTellsLessThanTheCell) {
  EXPECT_EQ(disclose_count(3, {3, 10}), 10u);
  EXPECT_EQ(disclose_count(7, {7, 5}), 10u);
  EXPECT_EQ(disclose_count(11, {11, 10}), 20u);
}

TEST(DiscloseCount, StaysWithinItsNumbers) {
  const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(disclose_count(most, {5, 0}), most);
  EXPECT_EQ(disclose_count(most - 1, {5, 1000}), most - most % 1000);
}

RC_GTEST_PROP(DiscloseCountProperty, IsAMultipleNearWhatWasFoundAndNotBelowTheCell, ()) {
  const Care care{*rc::gen::inRange(1u, 40u), *rc::gen::inRange(2u, 40u)};
  const auto found = *rc::gen::inRange<std::uint64_t>(0, 400);
  const auto told = disclose_count(found, care);
  RC_ASSERT(told.has_value() == (found >= care.minimum_cell));
  if (!told) return;
  RC_ASSERT(*told % care.rounding == 0);
  RC_ASSERT(*told >= care.minimum_cell);
  RC_ASSERT((*told > found ? *told - found : found - *told) < care.rounding);
  RC_ASSERT(disclose_count(found, care) == told);
}

TEST(DiscloseCells, ShowsWhatIsLargeEnoughByValue) {
  EXPECT_EQ(shown_in_words(disclose_cells(found_of({{"kina", 9}, {"kelp", 14}}), {5, 0}, 0)),
            "kelp 14, kina 9, and no others");
  EXPECT_EQ(shown_in_words(disclose_cells(found_of({{"kina", 9}, {"kelp", 14}}), {5, 10}, 0)),
            "kelp 10, kina 10, and no others");
}

TEST(DiscloseCells, LeavesOutASmallCellAndWithItTheNextSoThatATotalTellsNothing) {
  EXPECT_EQ(shown_in_words(
                disclose_cells(found_of({{"a", 20}, {"b", 8}, {"c", 9}, {"d", 2}}), {5, 0}, 0)),
            "a 20, c 9, and others");
}

TEST(DiscloseCells, LeavesOutNoMoreWhereTheSmallCellsAreEnoughTogether) {
  EXPECT_EQ(shown_in_words(
                disclose_cells(found_of({{"a", 20}, {"b", 8}, {"c", 3}, {"d", 2}}), {5, 0}, 0)),
            "a 20, b 8, and others");
}

TEST(DiscloseCells, TellsNothingWhereNothingMayBeShown) {
  EXPECT_FALSE(disclose_cells({}, {5, 0}, 0));
  EXPECT_FALSE(disclose_cells({{"a", {}}}, {5, 0}, 0));
  EXPECT_FALSE(disclose_cells(found_of({{"a", 4}, {"b", 4}}), {5, 0}, 0));
  EXPECT_FALSE(disclose_cells(found_of({{"a", 20}, {"b", 1}}), {5, 0}, 0));
}

TEST(DiscloseCells, ShowsTheLargestWhereThereAreMoreThanItMay) {
  const auto found = found_of({{"a", 7}, {"b", 30}, {"c", 9}, {"d", 9}});
  EXPECT_EQ(shown_in_words(disclose_cells(found, {5, 0}, 2)), "b 30, c 9, and others");
  EXPECT_EQ(shown_in_words(disclose_cells(found, {8, 0}, 3)), "b 30, c 9, and others");
  EXPECT_EQ(shown_in_words(disclose_cells(found, {5, 0}, 4)), "a 7, b 30, c 9, d 9, and no others");
}

TEST(DiscloseCells, TellsOfEachCellShownOfTheseTogetherAndOfAll) {
  const auto found = found_of({{"a", 6}, {"b", 7}, {"c", 3}, {"d", 3}});
  const auto shown = disclose_cells(found, {5, 0}, 0);
  ASSERT_TRUE(shown);
  std::vector<RecordIdSet> told = {records_from(0, 6), records_from(6, 7), records_from(0, 13),
                                   records_from(0, 19)};
  std::sort(told.begin(), told.end());
  EXPECT_EQ(shown->told, told);
}

TEST(DiscloseCells, TellsOfOneSetWhereOneCellIsAll) {
  const auto shown = disclose_cells(found_of({{"a", 6}}), {5, 0}, 0);
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->told, std::vector<RecordIdSet>{records_from(0, 6)});
}

TEST(DiscloseCells, CountsARecordOnceHoweverOftenItWasFound) {
  FoundValues found = found_of({{"a", 4}});
  found["a"].insert(found["a"].begin(), found["a"].rbegin(), found["a"].rend());
  EXPECT_FALSE(disclose_cells(found, {5, 0}, 0));
}

// Whatever the cells: none below the minimum is shown, what is left out together is nothing or
// enough, and no two sets that it tells of differ by a few.
RC_GTEST_PROP(DiscloseCellsProperty, LeavesNothingToSubtract, ()) {
  const Care care{*rc::gen::inRange(1u, 8u), 0};
  const auto items_max = *rc::gen::inRange<std::size_t>(0, 5);
  const auto sizes = *rc::gen::container<std::map<std::string, unsigned>>(
      rc::gen::container<std::string>(1, rc::gen::inRange('a', 'k')), rc::gen::inRange(0u, 16u));
  const FoundValues found = found_of(sizes);
  const auto shown = disclose_cells(found, care, items_max);
  if (!shown) return;
  RC_ASSERT(!shown->cells.empty());
  RC_ASSERT(items_max == 0 || shown->cells.size() <= items_max);
  std::uint64_t all = 0;
  for (const auto& [value, size] : sizes) all += size;
  std::uint64_t told = 0;
  for (const Cell& cell : shown->cells) {
    RC_ASSERT(cell.count == sizes.at(cell.value));
    RC_ASSERT(cell.count >= care.minimum_cell);
    told += cell.count;
  }
  RC_ASSERT(all == told || all - told >= care.minimum_cell);
  RC_ASSERT(shown->hidden == (all != told));
  for (const RecordIdSet& one : shown->told)
    for (const RecordIdSet& other : shown->told) {
      const std::size_t records = difference_of(one, other);
      RC_ASSERT(records == 0 || records >= care.minimum_cell);
    }
}

}  // namespace
}  // namespace holdfast::federation
