// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/core/time.h"

#include <gtest/gtest.h>

namespace holdfast {
namespace {

TEST(Time, ReadsWhatItWrites) {
  EXPECT_EQ(format_time(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(*parse_time("2026-03-01"), *parse_time("2026-03-01T00:00:00Z"));
  EXPECT_EQ(format_time(*parse_time("2028-02-29T23:59:59Z")), "2028-02-29T23:59:59Z");
}

TEST(Time, RefusesDaysThatAreNoneAndOtherForms) {
  for (const char* text : {"2026-02-31", "2026-02-31T00:00:00Z", "2026-3-1", "2026-03-01T09:30:00",
                           "2026-03-01 09:30:00Z", "yesterday", ""})
    EXPECT_FALSE(parse_time(text)) << text;
}

TEST(Time, PutsTheLastSecondOfADayIntoThatDay) {
  EXPECT_EQ(day_of(kDay - 1), 0);
  EXPECT_EQ(day_of(kDay), 1);
  EXPECT_EQ(day_of(-1), -1);
  EXPECT_EQ(day_of(-kDay), -1);
  EXPECT_EQ(day_of(-kDay - 1), -2);
}

}  // namespace
}  // namespace holdfast
