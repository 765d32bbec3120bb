// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/refusals.h"

#include <gmock/gmock.h>

// Which refusals leave an entry. Source: spec/envelopes.md, "The call".
namespace holdfast::federation {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Seconds kFirst = 1'000'000;

class CountedRefusals : public ::testing::Test {
 protected:
  RefusalCounts::Of of(const std::string& reason, unsigned grant = 1) const {
    StatementId id;
    id.bytes.back() = static_cast<std::byte>(grant);
    return {StatementId{}, id, reason};
  }
  std::uint64_t count_untold(const RefusalCounts::Of& of, std::uint64_t times, Seconds now) {
    std::uint64_t untold = 0;
    for (std::uint64_t i = 0; i < times; ++i) untold += counts_.count(of, now) == 0 ? 1 : 0;
    return untold;
  }

  RefusalCounts counts_;
};

TEST_F(CountedRefusals, LeaveTenEntriesAnHour) {
  EXPECT_EQ(count_untold(of("revoked"), 10, kFirst), 0u);
  EXPECT_EQ(count_untold(of("revoked"), 5, kFirst + kHour - 1), 5u);
}

TEST_F(CountedRefusals, AreCountedByAgreementGrantAndReason) {
  EXPECT_EQ(count_untold(of("revoked"), 12, kFirst), 2u);
  EXPECT_EQ(count_untold(of("shape"), 1, kFirst), 0u);
  EXPECT_EQ(count_untold(of("revoked", 2), 1, kFirst), 0u);
  RefusalCounts::Of none = of("revoked");
  none.grant.reset();
  EXPECT_EQ(count_untold(none, 1, kFirst), 0u);
}

TEST_F(CountedRefusals, AreToldOfOnceTheHourIsOver) {
  count_untold(of("revoked"), 17, kFirst);
  count_untold(of("shape"), 3, kFirst);
  EXPECT_THAT(counts_.due(kFirst + kHour - 1), IsEmpty());
  const auto due = counts_.due(kFirst + kHour);
  ASSERT_THAT(due, SizeIs(1)) << "of the others nothing is left to tell";
  EXPECT_EQ(due[0].of, of("revoked"));
  EXPECT_EQ(due[0].count, 7u);
  EXPECT_THAT(counts_.due(kFirst + 2 * kHour), IsEmpty()) << "once";
  EXPECT_EQ(count_untold(of("revoked"), 10, kFirst + 2 * kHour), 0u) << "another hour";
}

TEST_F(CountedRefusals, GoAlongWithTheFirstOfTheNextHour) {
  count_untold(of("revoked"), 14, kFirst);
  EXPECT_EQ(counts_.count(of("revoked"), kFirst + kHour), 5u) << "itself and the four before";
  EXPECT_EQ(counts_.count(of("revoked"), kFirst + kHour), 1u);
  EXPECT_THAT(counts_.due(kFirst + 2 * kHour), IsEmpty());
}

}  // namespace
}  // namespace holdfast::federation
