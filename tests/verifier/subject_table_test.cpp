// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/subject_table.h"

#include <gtest/gtest.h>

namespace holdfast::verifier {
namespace {

using model::StateClass;

// Alike but for four bytes, wherever a table may look.
StateKey key_of(std::uint32_t number, std::size_t at = 0) {
  StateKey key;
  for (std::size_t i = 0; i < 4; ++i) key.bytes[at + i] = static_cast<std::byte>(number >> (8 * i));
  return key;
}

model::StateValue value_of(std::uint64_t version, StateClass state_class = StateClass::kGrant) {
  return {state_class, model::Status::kActive, version, {1}, {version}, {}};
}

TEST(SubjectTable, FindsEachOfManySubjectsAsItWasLastSet) {
  SubjectTable table;
  constexpr std::uint32_t kMany = 20000;
  for (const std::size_t at : {0, 28})
    for (std::uint32_t i = 1; i <= kMany; ++i)
      table.set(key_of(i, at), value_of(i), Bytes(i % 300, static_cast<std::byte>(i)));
  for (std::uint32_t i = 1; i <= kMany; i += 3)
    table.set(key_of(i), value_of(i + 1), Bytes(i % 500, std::byte{9}));

  EXPECT_EQ(table.size(), 2 * kMany);
  for (std::uint32_t i = 1; i <= kMany; ++i) {
    const auto seen = table.find(key_of(i));
    ASSERT_TRUE(seen && seen->subject) << i;
    const bool again = i % 3 == 1;
    EXPECT_EQ(seen->subject->value, value_of(again ? i + 1 : i));
    EXPECT_EQ(seen->subject->owned().detail,
              again ? Bytes(i % 500, std::byte{9}) : Bytes(i % 300, static_cast<std::byte>(i)));
    ASSERT_TRUE(table.find(key_of(i, 28))) << i;
  }
  EXPECT_FALSE(table.find(key_of(kMany + 1)));
  EXPECT_FALSE(table.find(key_of(1, 14)));
}

TEST(SubjectTable, KeepsTheClassOfWhatIsKnownNoMore) {
  SubjectTable table;
  table.set(key_of(1), value_of(1, StateClass::kRecord), Bytes(16));
  table.set_unknown(key_of(1));
  table.set_unknown(key_of(2));

  ASSERT_TRUE(table.find(key_of(1)));
  EXPECT_FALSE(table.find(key_of(1))->subject);
  EXPECT_EQ(table.find(key_of(1))->state_class, StateClass::kRecord);
  ASSERT_TRUE(table.find(key_of(2)));
  EXPECT_FALSE(table.find(key_of(2))->subject);
  EXPECT_EQ(table.find(key_of(2))->state_class, std::nullopt);
  EXPECT_EQ(table.size(), 2u);

  table.set(key_of(2), value_of(5), Bytes(8));
  ASSERT_TRUE(table.find(key_of(2))->subject);
  EXPECT_EQ(table.find(key_of(2))->subject->value.version, 5u);
}

}  // namespace
}  // namespace holdfast::verifier
