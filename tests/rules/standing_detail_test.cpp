// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/standing_detail.h"

#include <gtest/gtest.h>

namespace holdfast::rules {
namespace {

Bytes last_sequence(std::uint64_t number) {
  return model::encode_own_detail(model::SequenceDetail{number});
}

TEST(StandingDetails, AreReadAnewWhereOtherBytesStandUnderTheSameId) {
  auto& details = StandingDetails<model::SequenceDetail>::of_thread();
  const Bytes id(kDigestBytes, std::byte{1});
  details.keep(id, {7}, last_sequence(7));
  const auto kept = details.decode(id, last_sequence(7));
  ASSERT_TRUE(kept);

  const auto other = details.decode(id, last_sequence(8));
  ASSERT_TRUE(other);
  EXPECT_EQ((*other)->last, 8u);
  EXPECT_EQ((*kept)->last, 7u);  // who read it before still has what was read
  EXPECT_FALSE(details.decode(id, Bytes(3)));
  EXPECT_EQ((*details.decode(id, last_sequence(8)))->last, 8u);
}

TEST(StandingDetails, OfSubjectsThatShareAPlaceAreNotMixedUp) {
  auto& details = StandingDetails<model::SequenceDetail>::of_thread();
  Bytes one(kDigestBytes), two(kDigestBytes);
  one[5] = std::byte{1};  // a place is picked by the ends of an id
  two[5] = std::byte{2};
  details.keep(one, {1}, last_sequence(1));
  details.keep(two, {2}, last_sequence(2));
  EXPECT_EQ((*details.decode(one, last_sequence(1)))->last, 1u);
  EXPECT_EQ((*details.decode(two, last_sequence(2)))->last, 2u);
}

}  // namespace
}  // namespace holdfast::rules
