// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/rules/founded_village.h"

namespace holdfast::testing {
namespace {

TEST(Upgrade, CountsFromTheNextEntryOn) {
  FoundedVillage v;
  const Keys council{&v.council1, &v.council2};
  EXPECT_EQ(rule_of(v.append(model::Upgrade{1}, council)), "UPGRADE-1");
  EXPECT_EQ(rule_of(v.append(model::Upgrade{2}, {&v.council1})), "SIGN-2");
  EXPECT_EQ(rule_of(v.append(model::Upgrade{2}, council)), "admitted");
  EXPECT_EQ(rule_of(v.append(v.record("a"), {&v.guardian1, &v.guardian2})), "admitted");
  EXPECT_EQ(rule_of(v.append(model::Upgrade{rules::kRulesVersion + 1}, council)), "admitted");
  const auto refused = v.append(v.record("b"), {&v.guardian1, &v.guardian2});
  EXPECT_EQ(rule_of(refused), "RULES-1");
  EXPECT_EQ(refused.error().code, Code::kUnknownVersion);
}

TEST(Upgrade, SkipsNoVersion) {
  FoundedVillage v;
  const Keys council{&v.council1, &v.council2};
  for (const std::uint32_t rules : {0u, 1u, 3u, 4u, 0xffffffffu})
    EXPECT_EQ(rule_of(v.append(model::Upgrade{rules}, council)), "UPGRADE-1") << rules;
  EXPECT_EQ(rule_of(v.append(model::Upgrade{2}, council)), "admitted");
}

}  // namespace
}  // namespace holdfast::testing
