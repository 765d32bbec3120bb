// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/access.h"

#include <gtest/gtest.h>

#include "tests/log/village_fixture.h"

// Tokens as a server takes them: good ones, and stolen, expired, replayed and re-aimed ones.
namespace holdfast::routes {
namespace {

class Tokens : public ::testing::Test {
 protected:
  void SetUp() override {
    sequencer_ = village_.open();
    readers_ = *log::Readers::open(village_.paths);
    access_ = std::make_unique<Access>(village_.village, village_.clock);
  }

  model::AccessClaim claim(const crypto::SigningKey& key) {
    model::AccessClaim claim;
    claim.village = village_.village;
    claim.key = key.public_key();
    claim.method = "GET";
    claim.target = "/v1/entries?from=1";
    village_.random.fill(claim.nonce);
    claim.not_after = village_.clock.now() + 45;
    return claim;
  }
  static http::Request request(const model::AccessClaim& claim, const crypto::SigningKey& signer) {
    model::AccessToken token;
    token.claim = model::encode_access_claim(claim);
    token.signature = signer.sign(model::access_message(token.claim));
    http::Request request;
    request.method = "GET";
    request.path = "/v1/entries";
    request.query = "from=1";
    request.headers.push_back({"authorization", model::format_authorization(token)});
    return request;
  }
  // The rule of a refusal, or who was let in.
  std::string outcome(const http::Request& request) {
    const auto asker = access_->asker(request, *readers_);
    if (!asker) return asker.error().rule.empty() ? "malformed" : asker.error().rule;
    if (asker->is_owner) return "owner";
    return asker->key ? "key" : "everybody";
  }

  testing::VillageOnDisk village_;
  std::unique_ptr<log::Sequencer> sequencer_;
  std::unique_ptr<log::Readers> readers_;
  std::unique_ptr<Access> access_;
};

TEST_F(Tokens, SayWhoAsks) {
  EXPECT_EQ(outcome(request(claim(village_.guardian1), village_.guardian1)), "key");
  EXPECT_EQ(outcome(http::Request{}), "everybody");
  http::Request local;
  local.is_local = true;
  EXPECT_EQ(outcome(local), "owner");
}

TEST_F(Tokens, AreRefusedWhereSomebodyElseSigned) {
  EXPECT_EQ(outcome(request(claim(village_.guardian1), village_.stranger)), "ACCESS-1");
}

TEST_F(Tokens, AreRefusedForAnotherVillageMethodOrTarget) {
  auto other = claim(village_.guardian1);
  other.village = village_.domain;
  EXPECT_EQ(outcome(request(other, village_.guardian1)), "ACCESS-2");
  for (const char* const target : {"/v1/entries", "/v1/entries?from=2", "/v1/entries?from=1&"}) {
    other = claim(village_.guardian1);
    other.target = target;
    EXPECT_EQ(outcome(request(other, village_.guardian1)), "ACCESS-2") << target;
  }
  other = claim(village_.guardian1);
  other.method = "POST";
  EXPECT_EQ(outcome(request(other, village_.guardian1)), "ACCESS-2");
}

TEST_F(Tokens, AreRefusedAfterTheirTimeAndFarBeforeIt) {
  const auto good = claim(village_.guardian1);
  village_.clock.set(good.not_after);
  EXPECT_EQ(outcome(request(good, village_.guardian1)), "ACCESS-3");
  village_.clock.set(good.not_after - model::kAccessAheadMax - 1);
  EXPECT_EQ(outcome(request(good, village_.guardian1)), "ACCESS-3");
  village_.clock.set(good.not_after - model::kAccessAheadMax);
  EXPECT_EQ(outcome(request(good, village_.guardian1)), "key");
}

TEST_F(Tokens, AreGoodOnce) {
  const auto once = request(claim(village_.guardian1), village_.guardian1);
  EXPECT_EQ(outcome(once), "key");
  EXPECT_EQ(outcome(once), "ACCESS-4");
  EXPECT_EQ(outcome(request(claim(village_.guardian1), village_.guardian1)), "key");
}

TEST_F(Tokens, OfKeysThatStandForNothingAreRefused) {
  EXPECT_EQ(outcome(request(claim(village_.stranger), village_.stranger)), "ACCESS-5");
}

TEST_F(Tokens, OfKeysThatWereReplacedAreRefusedFromThenOn) {
  const auto spare1 = testing::key_named("guardian spare 1");
  const auto spare2 = testing::key_named("guardian spare 2");
  const auto version =
      village_.read()->find(model::StateClass::kAuthority, village_.domain).value()->value.version;
  EXPECT_EQ(outcome(request(claim(village_.guardian1), village_.guardian1)), "key");
  EXPECT_EQ(outcome(request(claim(spare1), spare1)), "ACCESS-5");
  const model::Rotation rotation{
      testing::authority_of(1, {&spare1, &spare2}), testing::next_of(1, {&village_.stranger}), {}};
  village_.submit(
      *sequencer_,
      village_.admission(model::KeyEvent{version, model::DomainRotation{village_.domain, rotation}},
                         {&spare1, &spare2}));
  EXPECT_EQ(outcome(request(claim(village_.guardian1), village_.guardian1)), "ACCESS-5");
  EXPECT_EQ(outcome(request(claim(spare1), spare1)), "key");
  EXPECT_EQ(outcome(request(claim(village_.council1), village_.council1)), "key");
}

TEST_F(Tokens, InAnotherFormAreMalformed) {
  for (const char* const field : {"", "Basic YTpi", "Holdfast", "Holdfast !!!", "Holdfast AAAA"}) {
    http::Request bad;
    bad.headers.push_back({"Authorization", field});
    EXPECT_NE(outcome(bad), "key") << field;
    EXPECT_NE(outcome(bad), "everybody") << field;
  }
}

}  // namespace
}  // namespace holdfast::routes
