// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/envelope.h"

#include <gtest/gtest.h>

#include "tests/model/generate.h"

namespace holdfast::model {
namespace {

constexpr std::uint64_t kRounds = 200;
constexpr std::size_t kBodies = std::variant_size_v<decltype(Envelope::body)>;
constexpr std::size_t kQuery = 2;

Envelope small_envelope(std::size_t alternative) {
  for (std::uint64_t seed = 0;; ++seed) {
    Envelope envelope = Generator(seed).envelope(alternative);
    if (encode_envelope(envelope).size() <= 6000) return envelope;
  }
}

std::string rule_of_query(auto change) {
  Envelope envelope = small_envelope(kQuery);
  change(std::get<Query>(envelope.body));
  const auto decoded = decode_envelope(encode_envelope(envelope));
  return decoded ? "accepted" : decoded.error().rule;
}

TEST(Envelope, ComesBackAsItWasWithEveryBody) {
  for (std::size_t body = 0; body < kBodies; ++body)
    for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
      const Envelope envelope = Generator(seed).envelope(body);
      const auto decoded = decode_envelope(encode_envelope(envelope));
      ASSERT_TRUE(decoded) << body << ", seed " << seed << ": " << describe(decoded.error());
      EXPECT_EQ(*decoded, envelope) << body << ", seed " << seed;
    }
}

TEST(Envelope, IsReadAsAnotherOrNotAtAllWithAnyBitFlipped) {
  for (std::size_t body = 0; body < kBodies; ++body) {
    const Envelope envelope = small_envelope(body);
    Bytes bytes = encode_envelope(envelope);
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      const auto mask = static_cast<std::byte>(1u << bit % 8);
      bytes[bit / 8] ^= mask;
      const auto decoded = decode_envelope(bytes);
      EXPECT_FALSE(decoded && *decoded == envelope) << "body " << body << ", bit " << bit;
      bytes[bit / 8] ^= mask;
    }
  }
}

TEST(Envelope, IsRefusedCutShortOrWithSomethingBehind) {
  for (std::size_t body = 0; body < kBodies; ++body) {
    Bytes bytes = encode_envelope(small_envelope(body));
    for (std::size_t size = 0; size < bytes.size(); ++size)
      EXPECT_FALSE(decode_envelope(ByteView(bytes).first(size))) << body << ", " << size;
    bytes.resize(bytes.size() + 8);
    EXPECT_FALSE(decode_envelope(bytes)) << body;
  }
}

TEST(Envelope, HasASaltJustWhereThereAreArguments) {
  EXPECT_EQ(rule_of_query([](Query& query) {
              query.arguments = {{"word", "kelp"}};
              query.salt.reset();
            }),
            "BOUND-1");
  EXPECT_EQ(rule_of_query([](Query& query) {
              query.arguments.clear();
              query.salt.emplace();
            }),
            "BOUND-1");
  EXPECT_EQ(rule_of_query([](Query& query) {
              query.arguments = {{"word", "kelp"}};
              query.salt.emplace();
            }),
            "accepted");
}

TEST(Envelope, HoldsItsQueryToItsBounds) {
  EXPECT_EQ(rule_of_query([](Query& query) {
              query.arguments = {{"word", "kelp"}, {"place", "bay"}};
              query.salt.emplace();
            }),
            "BOUND-3");
  EXPECT_EQ(rule_of_query([](Query& query) {
              query.arguments = {{"word", std::string(kArgumentBytesMax + 1, 'k')}};
              query.salt.emplace();
            }),
            "TEXT-3");
  EXPECT_EQ(rule_of_query([](Query& query) { query.purpose = "two\nlines"; }), "TEXT-2");
  EXPECT_EQ(rule_of_query([](Query& query) {
              query.arguments.assign(17, {});
              for (char i = 0; i < 17; ++i)
                query.arguments[static_cast<std::size_t>(i)].name = std::string(1, 'a' + i);
              query.salt.emplace();
            }),
            "BOUND-2");
}

TEST(Envelope, CommitsToNamesAndValuesOfArgumentsAndToWhereOneEnds) {
  const auto commitment = [](std::vector<Argument> arguments, std::byte salt) {
    Query query;
    query.arguments = std::move(arguments);
    query.salt.emplace().fill(salt);
    return *arguments_commitment(query);
  };
  const auto one = commitment({{"place", "bay"}, {"word", "kelp"}}, std::byte{1});
  EXPECT_EQ(one, commitment({{"place", "bay"}, {"word", "kelp"}}, std::byte{1}));
  EXPECT_NE(one, commitment({{"place", "bay"}, {"word", "kelp"}}, std::byte{2}));
  EXPECT_NE(one, commitment({{"place", "bayword"}, {"", "kelp"}}, std::byte{1}));
  EXPECT_NE(one, commitment({{"place", "ba"}, {"yword", "kelp"}}, std::byte{1}));
  EXPECT_FALSE(arguments_commitment(Query{}));
}

TEST(SignedEnvelope, ComesBackAndItsSignatureCoversEveryByteOfTheEnvelope) {
  const auto key = crypto::SigningKey::from_seed(Bytes(32, std::byte{5}));
  SignedEnvelope made;
  made.envelope = encode_envelope(small_envelope(kQuery));
  made.key_id = key.id();
  made.signature = key.sign(envelope_message(made.envelope));
  const auto decoded = decode_signed_envelope(encode_signed_envelope(made));
  ASSERT_TRUE(decoded) << describe(decoded.error());
  EXPECT_EQ(*decoded, made);
  EXPECT_TRUE(
      crypto::verify(key.public_key(), envelope_message(decoded->envelope), decoded->signature));
  for (std::size_t at = 0; at < made.envelope.size(); at += 97) {
    Bytes other = made.envelope;
    other[at] ^= std::byte{1};
    EXPECT_FALSE(crypto::verify(key.public_key(), envelope_message(other), made.signature)) << at;
  }
}

TEST(SealedEnvelope, ComesBackAndIsRefusedBeyondItsSizes) {
  SealedEnvelope sealed;
  sealed.to.bytes.fill(std::byte{1});
  sealed.sealing_key.bytes.fill(std::byte{2});
  sealed.box = Bytes(200, std::byte{3});
  const auto decoded = decode_sealed_envelope(encode_sealed_envelope(sealed));
  ASSERT_TRUE(decoded) << describe(decoded.error());
  EXPECT_EQ(*decoded, sealed);
  for (const std::size_t size : {std::size_t{0}, std::size_t{48}, kSealedEnvelopeBytesMax + 1}) {
    sealed.box.assign(size, std::byte{3});
    const auto refused = decode_sealed_envelope(encode_sealed_envelope(sealed));
    ASSERT_FALSE(refused) << size;
    EXPECT_EQ(refused.error().rule, "BYTES-4") << size;
  }
}

TEST(Introduction, ComesBackAsItWas) {
  for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
    const Introduction introduction = Generator(seed).introduction();
    const auto decoded = decode_introduction(encode_introduction(introduction));
    ASSERT_TRUE(decoded) << "seed " << seed << ": " << describe(decoded.error());
    EXPECT_EQ(*decoded, introduction) << "seed " << seed;
  }
}

}  // namespace
}  // namespace holdfast::model
