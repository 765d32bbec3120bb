// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/rules/founded_village.h"

namespace holdfast::testing {
namespace {

using model::Status;

struct WithKeys : FoundedVillage {
  Keys both{&guardian1, &guardian2};
  Keys council{&council1, &council2};
};

TEST(Grant, ToAnAuditorIsTheGuardiansToGive) {
  WithKeys v;
  EXPECT_EQ(rule_of(v.append(v.audit_grant(), {&v.guardian1})), "SIGN-2");
  EXPECT_EQ(rule_of(v.append(v.audit_grant(), v.council)), "SIGN-1");
  const StatementId grant = v.admit(v.audit_grant(), v.both);
  const auto [value, detail] = v.ledger.get<model::GrantDetail>(grant);
  EXPECT_EQ(value.status, Status::kActive);
  EXPECT_EQ(detail.terms, v.audit_grant());
}

TEST(Grant, IsCountedUnderItsGrantee) {
  WithKeys v;
  v.admit(v.audit_grant(), v.both);
  v.admit(v.audit_grant(), v.both);
  EXPECT_EQ(v.ledger.get<model::GranteeDetail>(v.auditor.id()).second.count, 2u);
  EXPECT_FALSE(*v.ledger.find(model::StateClass::kGrantee, v.stranger.id()));
}

TEST(Grant, OfTheCouncilIsForAuditAlone) {
  WithKeys v;
  model::Grant grant = v.audit_grant();
  grant.domain = v.village;
  EXPECT_EQ(rule_of(v.append(grant, v.both)), "SIGN-1");
  EXPECT_EQ(rule_of(v.append(grant, v.council)), "admitted");
  grant.operations.mirror = true;
  EXPECT_EQ(rule_of(v.append(grant, v.council)), "GRANT-2");
}

TEST(Grant, NamesADomainOfThisVillage) {
  WithKeys v;
  model::Grant grant = v.audit_grant();
  grant.domain.bytes[3] ^= std::byte{1};
  EXPECT_EQ(rule_of(v.append(grant, v.both)), "GRANT-1");
}

TEST(Grant, ToAVillageWaitsForAnAgreement) {
  WithKeys v;
  model::Grant grant = v.audit_grant();
  grant.grantee = model::AgreementGrantee{v.domain};
  EXPECT_EQ(rule_of(v.append(grant, v.both)), "GRANT-3");
}

TEST(Grant, AllowsAnAuditorNoMoreThanAuditAndMirror) {
  WithKeys v;
  model::Grant grant = v.audit_grant();
  grant.operations = {};
  EXPECT_EQ(rule_of(v.append(grant, v.both)), "GRANT-4");
  grant.operations.audit = grant.operations.train = true;
  EXPECT_EQ(rule_of(v.append(grant, v.both)), "GRANT-4");
}

TEST(Grant, LastsUpTo366DaysAndNotASecondMore) {
  WithKeys v;
  model::Grant grant = v.audit_grant();
  grant.not_after = v.now + 366 * kDay + 1;
  EXPECT_EQ(rule_of(v.append(grant, v.both)), "GRANT-5");
  grant.not_after = v.now;
  EXPECT_EQ(rule_of(v.append(grant, v.both)), "GRANT-5");
  grant.not_after = v.now + 366 * kDay;
  EXPECT_EQ(rule_of(v.append(grant, v.both)), "admitted");
  grant.not_before = grant.not_after;
  EXPECT_EQ(rule_of(v.append(grant, v.both)), "GRANT-5");
}

TEST(Grant, NamesLiveShapes) {
  WithKeys v;
  model::Grant grant = v.audit_grant();
  grant.shapes = {v.domain};
  EXPECT_EQ(rule_of(v.append(grant, v.both)), "GRANT-6");
}

TEST(Revocation, TakesOneGuardianAndIsIrreversible) {
  WithKeys v;
  const StatementId grant = v.admit(v.audit_grant(), v.both);
  EXPECT_EQ(rule_of(v.append(model::Revocation{v.domain, grant}, {&v.guardian3})), "admitted");
  EXPECT_EQ(v.ledger.get<model::GrantDetail>(grant).first.status, Status::kRevoked);
  EXPECT_EQ(rule_of(v.append(model::Revocation{v.domain, grant}, {&v.guardian3})), "STATE-1");
}

TEST(Revocation, BeforeItsGrantStopsTheGrant) {
  WithKeys v;
  const auto grant = sign(v.statement(v.audit_grant()), v.both);
  const StatementId id = model::statement_id(grant.statement);
  EXPECT_EQ(rule_of(v.append(model::Revocation{v.domain, id}, {&v.guardian1})), "admitted");
  EXPECT_EQ(rule_of(v.ledger.append(grant, v.now)), "GRANT-7");
}

TEST(Revocation, ByAGuardianOfAnotherDomainIsRefused) {
  WithKeys v;
  const crypto::SigningKey nurse = key_named("nurse");
  v.admit(v.domain_named("clinic", {&nurse}), {&v.council1, &v.council2, &nurse});
  const StatementId grant = v.admit(v.audit_grant(), v.both);
  EXPECT_EQ(rule_of(v.append(model::Revocation{v.domain, grant}, {&nurse})), "SIGN-1");
  EXPECT_EQ(rule_of(v.append(model::Revocation{v.domain, grant}, {&v.council1})), "SIGN-1");
}

TEST(Revocation, ThatNamesAnotherDomainsGrantIsVoid) {
  WithKeys v;
  const crypto::SigningKey nurse = key_named("nurse");
  const StatementId clinic =
      v.admit(v.domain_named("clinic", {&nurse}), {&v.council1, &v.council2, &nurse});
  const StatementId grant = v.admit(v.audit_grant(), v.both);
  EXPECT_EQ(rule_of(v.append(model::Revocation{clinic, grant}, {&nurse})), "admitted");
  EXPECT_EQ(v.ledger.get<model::GrantDetail>(grant).first.status, Status::kActive);
}

TEST(Revocation, OfACouncilsGrantTakesOneCouncilKey) {
  WithKeys v;
  model::Grant grant = v.audit_grant();
  grant.domain = v.village;
  const StatementId id = v.admit(grant, v.council);
  EXPECT_EQ(rule_of(v.append(model::Revocation{v.village, id}, {&v.guardian1})), "SIGN-1");
  EXPECT_EQ(rule_of(v.append(model::Revocation{v.village, id}, {&v.council2})), "admitted");
}

TEST(Revocation, NamesADomainOfThisVillage) {
  WithKeys v;
  EXPECT_EQ(rule_of(v.append(model::Revocation{StatementId{}, v.village}, {&v.guardian1})),
            "GRANT-1");
}

}  // namespace
}  // namespace holdfast::testing
