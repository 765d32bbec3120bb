// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/rules/founded_village.h"

namespace holdfast::testing {
namespace {

TEST(Domain, NeedsTheCouncilAndEveryNewGuardian) {
  FoundedVillage v;
  const auto domain = v.domain_named("clinic", {&v.guardian1, &v.stranger});
  EXPECT_EQ(rule_of(v.append(domain, {&v.council1, &v.council2, &v.guardian1})), "SIGN-3");
  EXPECT_EQ(rule_of(v.append(domain, {&v.council1, &v.guardian1, &v.stranger})), "SIGN-2");
  EXPECT_EQ(rule_of(v.append(domain, {&v.council1, &v.council2, &v.guardian1, &v.stranger})),
            "admitted");
}

TEST(Domain, TakesASlugOnce) {
  FoundedVillage v;
  const auto domain = v.domain_named("records", {&v.guardian1});
  EXPECT_EQ(rule_of(v.append(domain, {&v.council1, &v.council2, &v.guardian1})), "STATE-1");
}

TEST(Domain, IsNotGuardedByTheOperator) {
  FoundedVillage v;
  const auto domain = v.domain_named("clinic", {&v.operator_key});
  EXPECT_EQ(rule_of(v.append(domain, {&v.council1, &v.council2, &v.operator_key})), "AUTH-4");
}

TEST(Domain, SignedTwiceByTheSameStatementIsAConflict) {
  FoundedVillage v;
  const Keys keys{&v.council1, &v.council2, &v.guardian1};
  const auto made = sign(v.statement(v.domain_named("clinic", {&v.guardian1})), keys);
  EXPECT_EQ(rule_of(v.ledger.append(made, v.now)), "admitted");
  EXPECT_EQ(rule_of(v.ledger.append(made, v.now)), "STATE-1");
}

}  // namespace
}  // namespace holdfast::testing
