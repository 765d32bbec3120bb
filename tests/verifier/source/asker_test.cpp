// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/source/asker.h"

#include <gtest/gtest.h>

#include "ledger/model/access.h"
#include "tests/rules/founded_village.h"
#include "tests/verifier/source/remote_copy.h"

namespace holdfast::testing {
namespace {

using verifier::access_rule_in;
using verifier::Asker;

class AskerOfAVillage : public ::testing::Test {
 protected:
  static StatementId id(int number) {
    StatementId out;
    out.bytes.fill(static_cast<std::byte>(number));
    return out;
  }
  Result<Asker> asking(std::vector<StatementId> grants) {
    return Asker::make(key_named("auditor"), id(7), std::move(grants), clock_, random_);
  }
  // What the token for this URL claims, its signature checked.
  static model::AccessClaim claim_of(const Asker& asker, const std::string& url) {
    const auto token = model::parse_authorization(asker.authorization(url));
    CHECK(token.has_value());
    const auto claim = model::decode_access_claim(token->claim);
    CHECK(claim.has_value());
    EXPECT_TRUE(crypto::verify(key_named("auditor").public_key(),
                               model::access_message(token->claim), token->signature));
    return *claim;
  }

  SetClock clock_;
  crypto::SystemRandom random_;
};

TEST_F(AskerOfAVillage, SignsThePathThatIsSentWhateverStandsInFrontOfIt) {
  const auto asker = asking({});
  ASSERT_TRUE(asker);
  for (const auto& [url, target] : {std::pair{"http://a.example/statements/000", "/statements/000"},
                                    std::pair{"https://a.example:8462/x/y.p/3", "/x/y.p/3"},
                                    std::pair{"http://[::1]:1/openings/000", "/openings/000"},
                                    std::pair{"http://a.example", "/"}}) {
    const auto claim = claim_of(*asker, url);
    EXPECT_EQ(claim.target, target);
    EXPECT_EQ(claim.method, "GET");
    EXPECT_EQ(claim.village, id(7));
    EXPECT_EQ(claim.key, key_named("auditor").public_key());
    EXPECT_GT(claim.not_after, clock_.time);
    EXPECT_LE(claim.not_after, clock_.time + model::kAccessAheadMax);
  }
}

TEST_F(AskerOfAVillage, SaysTheSameThingTwiceByTwoTokens) {
  const auto asker = asking({});
  EXPECT_NE(claim_of(*asker, "http://a.example/x").nonce,
            claim_of(*asker, "http://a.example/x").nonce);
}

TEST_F(AskerOfAVillage, NamesItsGrantsOnceAndInOrder) {
  const auto asker = asking({id(3), id(1), id(3), id(2)});
  ASSERT_TRUE(asker);
  EXPECT_EQ(claim_of(*asker, "http://a.example/x").grants,
            (std::vector<StatementId>{id(1), id(2), id(3)}));
}

TEST_F(AskerOfAVillage, IsRefusedWithMoreGrantsThanATokenNames) {
  std::vector<StatementId> grants;
  for (int i = 0; i < 32; ++i) grants.push_back(id(i));
  EXPECT_TRUE(asking(grants));
  grants.push_back(id(32));
  const auto refused = asking(grants);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().found, "33");
}

TEST(AccessRule, IsReadOutOfAProblemWhereItIsOneThatThereIs) {
  const auto in = [](std::string_view text) { return access_rule_in(as_bytes(text)); };
  EXPECT_EQ(in(R"({"status":403,"rule":"ACCESS-1"})"), "ACCESS-1");
  EXPECT_EQ(in(R"({"rule":"ACCESS-5","status":403})"), "ACCESS-5");
  for (const char* const other : {"", "{}", R"("ACCESS-")", R"("ACCESS-0")", R"("ACCESS-6")",
                                  R"("ACCESS-12")", R"("ACCESS-1)", R"(ACCESS-1)", R"("ACCESS-)"})
    EXPECT_EQ(in(other), "") << other;
}

}  // namespace
}  // namespace holdfast::testing
