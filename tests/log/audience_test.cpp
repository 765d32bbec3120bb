// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/audience.h"

#include <gtest/gtest.h>

#include "ledger/model/codec.h"
#include "tests/log/village_fixture.h"

// Who may read what, in a real village: its guardians, its council, an auditor, a stranger.
namespace holdfast::log {
namespace {

using model::Visibility;
using testing::id_of;

class WhoMayRead : public ::testing::Test {
 protected:
  // A statement of the body with this visibility, sequenced.
  StatementId sequence(model::Body body, Visibility visibility, const testing::Keys& keys) {
    model::Statement statement = village_.statement(std::move(body));
    statement.visibility = visibility;
    const Bytes signed_bytes = model::encode_signed_statement(testing::sign(statement, keys));
    const StatementId id = model::statement_id(model::encode_statement(statement));
    village_.submit(*sequencer_, Admission{signed_bytes, std::nullopt, {}});
    return id;
  }
  model::Grant grant_to(const crypto::SigningKey& auditor, const StatementId& office) {
    const auto parts = model::decode_signed_statement(village_.audit_grant().signed_statement);
    auto statement = model::decode_statement(parts->statement);
    auto grant = std::get<model::Grant>(statement->body);
    grant.grantee = model::AuditorGrantee{auditor.public_key()};
    grant.domain = office;
    return grant;
  }
  bool may_read(const Asker& asker, const StatementId& statement) {
    const auto reader = village_.read();
    Audience audience(*reader, asker, village_.clock.now());
    const auto index = reader->index_of(statement);
    CHECK(index && *index);
    const auto may = audience.may_read(**index);
    CHECK(may.has_value());
    return *may;
  }
  Asker holder(const crypto::SigningKey& key, std::vector<StatementId> grants = {}) {
    return {false, key.public_key(), std::move(grants)};
  }

  testing::VillageOnDisk village_;
  std::unique_ptr<Sequencer> sequencer_ = village_.open();
  crypto::SigningKey auditor_ = testing::key_named("auditor");
};

TEST_F(WhoMayRead, EverybodyReadsWhatIsOpen) {
  const StatementId open =
      sequence(grant_to(auditor_, village_.domain), Visibility::kOpen, village_.guardians);
  EXPECT_TRUE(may_read({}, open));
  EXPECT_TRUE(may_read(holder(village_.stranger), open));
}

TEST_F(WhoMayRead, WhatIsHiddenIsReadByGuardiansOfItsDomainAndTheOwnerAlone) {
  const StatementId hidden =
      sequence(grant_to(auditor_, village_.domain), Visibility::kParties, village_.guardians);
  EXPECT_FALSE(may_read({}, hidden));
  EXPECT_FALSE(may_read(holder(village_.stranger), hidden));
  EXPECT_TRUE(may_read(holder(village_.guardian3), hidden)) << "any one of them";
  EXPECT_FALSE(may_read(holder(village_.council1), hidden)) << "a council is no guardian";
  EXPECT_TRUE(may_read({true, std::nullopt, {}}, hidden));
}

TEST_F(WhoMayRead, APartyReadsWhatNamesIt) {
  const StatementId grant =
      sequence(grant_to(auditor_, village_.domain), Visibility::kParties, village_.guardians);
  const StatementId revocation = sequence(model::Revocation{village_.domain, grant},
                                          Visibility::kParties, {&village_.guardian2});
  EXPECT_TRUE(may_read(holder(auditor_), grant));
  EXPECT_TRUE(may_read(holder(auditor_), revocation));
}

TEST_F(WhoMayRead, AnAuditorReadsByALiveGrantWhatItCoversUntilItIsRevoked) {
  const StatementId grant =
      sequence(grant_to(auditor_, village_.domain), Visibility::kParties, village_.guardians);
  const crypto::SigningKey other = testing::key_named("other auditor");
  const StatementId hidden =
      sequence(grant_to(other, village_.domain), Visibility::kParties, village_.guardians);
  const StatementId of_council =
      sequence(grant_to(other, village_.village), Visibility::kParties, village_.council);
  EXPECT_FALSE(may_read(holder(auditor_), hidden)) << "no grant was named";
  EXPECT_TRUE(may_read(holder(auditor_, {grant}), hidden));
  EXPECT_FALSE(may_read(holder(auditor_, {grant}), of_council)) << "another office's";
  EXPECT_FALSE(may_read(holder(village_.stranger, {grant}), hidden)) << "somebody else's grant";

  sequence(model::Revocation{village_.domain, grant}, Visibility::kParties, {&village_.guardian1});
  EXPECT_FALSE(may_read(holder(auditor_, {grant}), hidden));
}

TEST_F(WhoMayRead, AGrantShowsNothingBeforeItsTimeAndAfterIt) {
  const StatementId grant =
      sequence(grant_to(auditor_, village_.domain), Visibility::kParties, village_.guardians);
  const crypto::SigningKey other = testing::key_named("other auditor");
  const StatementId hidden =
      sequence(grant_to(other, village_.domain), Visibility::kParties, village_.guardians);
  const auto terms = grant_to(auditor_, village_.domain);
  village_.clock.set(terms.not_after - 1);
  EXPECT_TRUE(may_read(holder(auditor_, {grant}), hidden));
  village_.clock.set(terms.not_after);
  EXPECT_FALSE(may_read(holder(auditor_, {grant}), hidden));
}

TEST_F(WhoMayRead, ACouncilsAuditGrantCoversWhatBelongsToNoDomain) {
  const StatementId grant =
      sequence(grant_to(auditor_, village_.village), Visibility::kParties, village_.council);
  const crypto::SigningKey other = testing::key_named("other auditor");
  const StatementId of_council =
      sequence(grant_to(other, village_.village), Visibility::kParties, village_.council);
  const StatementId of_domain =
      sequence(grant_to(other, village_.domain), Visibility::kParties, village_.guardians);
  EXPECT_TRUE(may_read(holder(auditor_, {grant}), of_council));
  EXPECT_FALSE(may_read(holder(auditor_, {grant}), of_domain));
  EXPECT_TRUE(may_read(holder(village_.council2), of_council));
}

TEST_F(WhoMayRead, ARevocationThatIsHeldEndsReadingAlready) {
  const StatementId grant =
      sequence(grant_to(auditor_, village_.domain), Visibility::kParties, village_.guardians);
  const crypto::SigningKey other = testing::key_named("other auditor");
  const StatementId hidden =
      sequence(grant_to(other, village_.domain), Visibility::kParties, village_.guardians);
  // A clock that is far ahead: nothing is signed, and what takes back is held.
  sequencer_.reset();
  auto revocation = village_.revocation(grant);
  const Seconds then = village_.clock.now();
  village_.clock.set(then - kHour);
  sequencer_ = village_.open();
  const auto receipt = village_.try_submit(*sequencer_, std::move(revocation));
  ASSERT_TRUE(receipt) << describe(receipt.error());
  ASSERT_TRUE(receipt->held);
  village_.clock.set(then);
  EXPECT_FALSE(may_read(holder(auditor_, {grant}), hidden));
}

TEST_F(WhoMayRead, OnlyKeysThatStandForSomethingAreKnown) {
  const StatementId grant =
      sequence(grant_to(auditor_, village_.domain), Visibility::kParties, village_.guardians);
  const auto known = [&](const Asker& asker) {
    const auto reader = village_.read();
    return *Audience(*reader, asker, village_.clock.now()).is_known();
  };
  EXPECT_TRUE(known(holder(village_.guardian1)));
  EXPECT_TRUE(known(holder(village_.council1)));
  EXPECT_TRUE(known(holder(auditor_, {grant})));
  EXPECT_FALSE(known(holder(auditor_)));
  EXPECT_FALSE(known(holder(village_.stranger, {grant})));
  EXPECT_FALSE(known({}));
}

}  // namespace
}  // namespace holdfast::log
