// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/log/village_fixture.h"

namespace holdfast::testing {
namespace {

// Flips one bit wherever these bytes stand in the database; says how often.
int flip_everywhere(const VillageOnDisk& village, ByteView bytes, std::size_t offset) {
  const std::string path = village.paths.ledger() + "/data.mdb";
  std::string whole = read_text(path);
  int count = 0;
  for (auto at = whole.find(as_text(bytes)); at != std::string::npos;
       at = whole.find(as_text(bytes), at + 1)) {
    whole[at + offset] = static_cast<char>(whole[at + offset] ^ 4);
    ++count;
  }
  write_text(path, whole);
  return count;
}

struct WithRecord {
  WithRecord() {
    const auto sequencer = village.open();
    auto made = village.record("one");
    record = id_of(made);
    village.submit(*sequencer, std::move(made));
  }
  VillageOnDisk village;
  StatementId record;
};

TEST(DamagedDatabase, WithAnotherEntryIsNotOpened) {
  WithRecord made;
  const Bytes entry = *made.village.read()->entry({4});
  EXPECT_GT(flip_everywhere(made.village, entry, 30), 0);
  const auto sequencer = made.village.try_open(made.village.operator_key);
  ASSERT_FALSE(sequencer);
  EXPECT_EQ(sequencer.error().code, Code::kInvalid);
  EXPECT_FALSE(log::Reader::open(made.village.paths));
}

TEST(DamagedDatabase, WithAnotherSubjectHashIsNotOpened) {
  WithRecord made;
  const StateKey key = model::state_key(model::StateClass::kRecord, made.record);
  // The value's hash stands behind the key, in the subject's row and in the change pairs.
  EXPECT_GT(flip_everywhere(made.village, key, 40), 0);
  const auto sequencer = made.village.try_open(made.village.operator_key);
  ASSERT_FALSE(sequencer);
  EXPECT_EQ(sequencer.error().code, Code::kInvalid);
}

TEST(DamagedDatabase, WithAnotherDetailRefusesWhatBuildsOnIt) {
  WithRecord made;
  const StateKey key = model::state_key(model::StateClass::kRecord, made.record);
  EXPECT_GT(flip_everywhere(made.village, key, 75), 0);  // the version: only V tells
  const auto sequencer = made.village.try_open(made.village.operator_key);
  ASSERT_TRUE(sequencer) << describe(sequencer.error());
  const auto refused = made.village.try_submit(**sequencer, made.village.withdrawal(made.record));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kInvalid);
  EXPECT_FALSE(made.village.read()->find(model::StateClass::kRecord, made.record));
}

TEST(DamagedDatabase, WithAnotherStatementDoesNotHandItOut) {
  WithRecord made;
  const Bytes statement = *made.village.read()->signed_statement({4});
  EXPECT_GT(flip_everywhere(made.village, statement, statement.size() - 9), 0);
  EXPECT_FALSE(made.village.read()->signed_statement({4}));
  EXPECT_TRUE(made.village.read()->signed_statement({2}));
}

TEST(DamagedDatabase, WithAnotherCheckpointIsNotOpened) {
  WithRecord made;
  const std::string checkpoint = made.village.read()->checkpoint();
  EXPECT_GT(flip_everywhere(made.village, as_bytes(checkpoint), checkpoint.size() - 20), 0);
  EXPECT_FALSE(made.village.try_open(made.village.operator_key));
}

TEST(NewerFormat, IsRefusedByItsNumber) {
  WithRecord made;
  // "format" and, behind it, the number 1 in four bytes.
  Bytes row = to_bytes("format");
  append_u32be(row, 1);
  ASSERT_GT(flip_everywhere(made.village, row, 9), 0);
  const auto sequencer = made.village.try_open(made.village.operator_key);
  ASSERT_FALSE(sequencer);
  EXPECT_EQ(sequencer.error().code, Code::kUnknownVersion);
  EXPECT_NE(describe(sequencer.error()).find("found 5"), std::string::npos);
}

TEST(NoVillage, IsNotFoundRatherThanMade) {
  TempDirectory empty;
  const auto reader = log::Reader::open(log::VillagePaths(empty.path()));
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, Code::kNotFound);
}

}  // namespace
}  // namespace holdfast::testing
