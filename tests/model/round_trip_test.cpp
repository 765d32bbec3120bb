// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/model/generate.h"

// Whatever stands within the bounds comes back from its bytes as it was, from any alignment.
namespace holdfast::model {
namespace {

constexpr std::uint64_t kRounds = 300;

template <typename T>
void expect_same(const Result<T>& decoded, const T& value, std::uint64_t seed) {
  ASSERT_TRUE(decoded) << "seed " << seed << ": " << describe(decoded.error());
  EXPECT_TRUE(*decoded == value) << "seed " << seed;
}

TEST(RoundTrip, GivesBackStatementsOfEveryKind) {
  for (std::size_t alternative = 0; alternative < std::variant_size_v<Body>; ++alternative) {
    for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
      const Statement statement = Generator(seed).statement(alternative);
      expect_same(decode_statement(encode_statement(statement)), statement, seed);
    }
  }
}

TEST(RoundTrip, GivesBackSignedStatements) {
  for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
    const SignedStatement statement = Generator(seed).signed_statement();
    expect_same(decode_signed_statement(encode_signed_statement(statement)), statement, seed);
  }
}

TEST(RoundTrip, GivesBackEntries) {
  for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
    const Entry entry = Generator(seed).entry();
    expect_same(decode_entry(encode_entry(entry)), entry, seed);
  }
  expect_same(decode_entry(encode_entry(Entry{})), Entry{}, 0);
}

TEST(RoundTrip, GivesBackContent) {
  for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
    const Content content = Generator(seed).content();
    expect_same(decode_content(encode_content(content)), content, seed);
  }
}

TEST(RoundTrip, GivesBackStateValues) {
  for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
    const StateValue value = Generator(seed).state_value();
    expect_same(decode_state_value(encode_state_value(value)), value, seed);
  }
}

TEST(RoundTrip, GivesBackDetailsOfEveryClass) {
  for (std::size_t alternative = 0; alternative < std::variant_size_v<Detail>; ++alternative) {
    for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
      const Detail detail = Generator(seed).detail(alternative);
      const Bytes bytes = encode_detail(detail);
      const auto state_class = static_cast<StateClass>(alternative + 1);
      expect_same(decode_detail(state_class, bytes), detail, seed);
      std::visit(
          [&]<typename D>(const D& one) {
            EXPECT_EQ(D::kClass, state_class);
            expect_same(decode_own_detail<D>(bytes), one, seed);
          },
          detail);
    }
  }
}

TEST(RoundTrip, ReadsBytesFromAnyAlignment) {
  const Statement statement = Generator(1).statement();
  const Bytes bytes = encode_statement(statement);
  for (std::size_t shift = 0; shift < 8; ++shift) {
    Bytes shifted(shift);
    append(shifted, bytes);
    expect_same(decode_statement(ByteView(shifted).subspan(shift)), statement, shift);
  }
}

}  // namespace
}  // namespace holdfast::model
