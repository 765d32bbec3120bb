// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/model/generate.h"

// What holds for arbitrary bytes and for arbitrary damage.
namespace holdfast::model {
namespace {

Bytes some_bytes(const std::vector<std::uint8_t>& numbers) {
  const ByteView view = std::as_bytes(std::span(numbers));
  return {view.begin(), view.end()};
}

// If bytes decode at all, they are the only encoding of what they mean.
template <typename T>
void only_encoding(const Result<T>& decoded, Bytes (*encode)(const T&), ByteView bytes) {
  if (decoded) RC_ASSERT(equal(encode(*decoded), bytes));
}

RC_GTEST_PROP(Bytes, OfAnythingAreRefusedOrCanonical, (const std::vector<std::uint64_t>& words)) {
  const ByteView bytes = std::as_bytes(std::span(words));
  only_encoding(decode_statement(bytes), encode_statement, bytes);
  only_encoding(decode_signed_statement(bytes), encode_signed_statement, bytes);
  only_encoding(decode_entry(bytes), encode_entry, bytes);
  only_encoding(decode_content(bytes), encode_content, bytes);
  only_encoding(decode_state_value(bytes), encode_state_value, bytes);
  for (std::uint16_t number = 1; number <= kStateClassMax; ++number)
    only_encoding(decode_detail(static_cast<StateClass>(number), bytes), encode_detail, bytes);
}

RC_GTEST_PROP(Bytes, DamagedAnywhereAreRefusedOrCanonical,
              (std::uint64_t seed, const std::vector<std::uint8_t>& damage)) {
  Bytes bytes = encode_statement(Generator(seed).statement());
  for (std::size_t i = 0; i + 2 < damage.size(); i += 3)
    bytes[(damage[i] + 256u * damage[i + 1]) % bytes.size()] =
        static_cast<std::byte>(damage[i + 2]);
  only_encoding(decode_statement(bytes), encode_statement, bytes);
}

RC_GTEST_PROP(Bytes, ThatDifferMeanDifferentStatements, (std::uint64_t a, std::uint64_t b)) {
  const Statement first = Generator(a).statement();
  const Statement second = Generator(b).statement();
  RC_ASSERT((first == second) == (encode_statement(first) == encode_statement(second)));
}

RC_GTEST_PROP(Bytes, OfFieldsComeBack, (const std::vector<std::uint8_t>& value)) {
  const Content content{{{"body", {}, some_bytes(value)}}};
  const auto decoded = decode_content(encode_content(content));
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(*decoded == content);
}

}  // namespace
}  // namespace holdfast::model
