// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/access.h"

#include <gtest/gtest.h>

namespace holdfast::model {
namespace {

crypto::SigningKey asker_key() { return crypto::SigningKey::from_seed(Bytes(32, std::byte{9})); }

AccessClaim some_claim() {
  AccessClaim claim;
  claim.village.bytes.fill(std::byte{1});
  claim.key = asker_key().public_key();
  claim.method = "GET";
  claim.target = "/v1/statements/12?x=1";
  claim.nonce.fill(std::byte{2});
  claim.not_after = 1767268860;
  claim.grants.resize(2);
  claim.grants[1].bytes.fill(std::byte{3});
  return claim;
}

AccessToken some_token() {
  AccessToken token;
  token.claim = encode_access_claim(some_claim());
  token.signature = asker_key().sign(access_message(token.claim));
  return token;
}

TEST(AccessToken, ComesBackFromTheFieldThatItIsSentIn) {
  const auto token = parse_authorization(format_authorization(some_token()));
  ASSERT_TRUE(token) << describe(token.error());
  EXPECT_EQ(*token, some_token());
  const auto claim = decode_access_claim(token->claim);
  ASSERT_TRUE(claim) << describe(claim.error());
  EXPECT_EQ(*claim, some_claim());
  EXPECT_TRUE(crypto::verify(claim->key, access_message(token->claim), token->signature));
}

TEST(AccessToken, IsRefusedInAnyOtherForm) {
  const std::string field = format_authorization(some_token());
  for (const std::string& other :
       {std::string(), std::string("Holdfast"), std::string("Holdfast "),
        "holdfast" + field.substr(8), "Bearer" + field.substr(8), field + "=", field + "AAAA",
        field + " ", field.substr(0, 40), "Holdfast  " + field.substr(9),
        "Holdfast " + std::string(100'000, 'A')})
    EXPECT_FALSE(parse_authorization(other)) << other.substr(0, 60);
}

TEST(AccessToken, DoesNotSurviveAFlippedBit) {
  const Bytes bytes = encode_access_token(some_token());
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    Bytes other = bytes;
    other[bit / 8] ^= std::byte{1} << (bit % 8);
    const auto token = decode_access_token(other);
    if (!token) continue;
    const auto claim = decode_access_claim(token->claim);
    if (!claim) continue;
    EXPECT_FALSE(crypto::verify(claim->key, access_message(token->claim), token->signature))
        << "bit " << bit;
  }
}

TEST(AccessClaim, HoldsToItsBounds) {
  const auto refused = [](auto change) {
    AccessClaim claim = some_claim();
    change(claim);
    const auto decoded = decode_access_claim(encode_access_claim(claim));
    return decoded ? std::string("accepted") : decoded.error().rule;
  };
  EXPECT_EQ(refused([](auto&) {}), "accepted");
  EXPECT_EQ(refused([](auto& c) { c.method.clear(); }), "TEXT-3");
  EXPECT_EQ(refused([](auto& c) { c.method = std::string(17, 'A'); }), "TEXT-3");
  EXPECT_EQ(refused([](auto& c) { c.target = std::string(4097, '/'); }), "TEXT-3");
  EXPECT_EQ(refused([](auto& c) { c.target = "/\n"; }), "TEXT-2");
  EXPECT_EQ(refused([](auto& c) { std::swap(c.grants[0], c.grants[1]); }), "BOUND-3");
  EXPECT_EQ(refused([](auto& c) { c.grants[0] = c.grants[1]; }), "BOUND-3");
  EXPECT_EQ(refused([](auto& c) { c.grants.resize(33); }), "BOUND-2");
  EXPECT_EQ(refused([](auto& c) { c.not_after = -1; }), "BOUND-5");
}

}  // namespace
}  // namespace holdfast::model
