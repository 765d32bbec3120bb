// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/rules/founded_village.h"

namespace holdfast::testing {
namespace {

TEST(Seal, CoversWhatComesBeforeIt) {
  FoundedVillage v;
  const StateRoot state = *v.ledger.state_root();
  const std::uint64_t size = v.ledger.size().value;
  EXPECT_EQ(rule_of(v.append(model::Seal{TreeSize{size - 1}, state}, {&v.operator_key})), "SEAL-2");
  EXPECT_EQ(rule_of(v.append(model::Seal{TreeSize{size + 1}, state}, {&v.operator_key})), "SEAL-2");
  EXPECT_EQ(rule_of(v.append(model::Seal{TreeSize{size}, state}, {&v.operator_key})), "admitted");
}

TEST(Seal, WithAnotherStateRootIsRefused) {
  FoundedVillage v;
  StateRoot state = *v.ledger.state_root();
  state.bytes[0] ^= std::byte{1};
  EXPECT_EQ(rule_of(v.append(model::Seal{v.ledger.size(), state}, {&v.operator_key})), "SEAL-3");
}

TEST(Seal, IsSignedByTheOperatorAlone) {
  FoundedVillage v;
  const model::Seal seal{v.ledger.size(), *v.ledger.state_root()};
  EXPECT_EQ(rule_of(v.append(seal, {&v.council1})), "SIGN-1");
  EXPECT_EQ(rule_of(v.append(seal, {&v.operator_key, &v.council1})), "SIGN-1");
}

TEST(Seal, ChangesNoSubject) {
  FoundedVillage v;
  const StateRoot before = *v.ledger.state_root();
  v.seal();
  EXPECT_EQ(*v.ledger.state_root(), before);
  EXPECT_TRUE(v.ledger.items().back().changes.empty());
}

}  // namespace
}  // namespace holdfast::testing
