// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <filesystem>

#include "ledger/model/codec.h"
#include "tests/log/village_fixture.h"

namespace holdfast::testing {
namespace {

TEST(EntryTime, NeverGoesDown) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  village.clock.advance(-9 * kMinute);
  const auto receipt = village.submit(*sequencer, village.record("one"));
  const auto reader = village.read();
  const auto before = model::decode_entry(*reader->entry({3}))->time;
  EXPECT_EQ(model::decode_entry(*reader->entry(receipt.positions[0].index))->time, before);
}

TEST(ClockGuard, SignsNothingWhileTheClockIsFarBehind) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  const Seconds right = village.clock.now();
  village.clock.advance(-11 * kMinute);
  EXPECT_TRUE(sequencer->read_only().has_value());
  const auto refused = village.try_submit(*sequencer, village.record("one"));
  ASSERT_FALSE(refused);
  EXPECT_NE(describe(refused.error()).find("--accept-clock"), std::string::npos);
  village.clock.set(right);
  EXPECT_FALSE(sequencer->read_only());
  EXPECT_TRUE(village.try_submit(*sequencer, village.record("one")));
}

TEST(ClockGuard, SignsNothingWhileTheClockIsFarAhead) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  village.clock.advance(91 * kDay);
  const auto refused = village.try_submit(*sequencer, village.record("one"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
}

TEST(ClockGuard, YieldsToAnOperatorWhoSaysItIsRight) {
  VillageOnDisk village;
  village.options.accept_clock = true;
  const auto sequencer = village.open();
  village.clock.advance(91 * kDay);
  EXPECT_FALSE(sequencer->read_only());
  EXPECT_TRUE(village.try_submit(*sequencer, village.record("one")));
}

TEST(ClockGuard, WritesDownOnceThatItWasOverridden) {
  VillageOnDisk village;
  village.options.accept_clock = true;
  const auto sequencer = village.open();
  village.submit(*sequencer, village.record("one"));
  EXPECT_FALSE(std::filesystem::exists(village.paths.overrides())) << "nothing was wrong yet";
  village.clock.advance(-kDay);
  village.submit(*sequencer, village.record("two"));
  village.submit(*sequencer, village.record("three"));
  const std::string text = read_text(village.paths.overrides());
  EXPECT_NE(text.find("accepted a clock: the clock: found 2025-12-31"), std::string::npos) << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

TEST(ClockGuard, IsNotOverriddenWhereThatCannotBeWrittenDown) {
  VillageOnDisk village;
  village.options.accept_clock = true;
  std::filesystem::create_directory(village.paths.overrides());
  const auto sequencer = village.open();
  village.clock.advance(91 * kDay);
  const auto size = sequencer->head().size;
  const auto refused = village.try_submit(*sequencer, village.record("one"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
  EXPECT_NE(refused.error().want.find(village.paths.overrides()), std::string::npos);
  EXPECT_NE(refused.error().found.find("Is a directory"), std::string::npos);
  EXPECT_EQ(sequencer->head().size, size);
  std::filesystem::remove(village.paths.overrides());
  EXPECT_TRUE(village.try_submit(*sequencer, village.record("one")));
}

TEST(ClockGuard, HoldsRevocationsMeanwhile) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  auto given = village.audit_grant();
  const StatementId grant = id_of(given);
  village.submit(*sequencer, std::move(given));
  auto revocation = village.revocation(grant);
  const Seconds right = village.clock.now();
  village.clock.advance(91 * kDay);
  const auto held = village.try_submit(*sequencer, revocation);
  ASSERT_TRUE(held) << describe(held.error());
  EXPECT_TRUE(held->held);
  EXPECT_TRUE(village.read()->held_against(grant)->has_value());
  // The same again is held once.
  EXPECT_TRUE(village.try_submit(*sequencer, revocation)->held);
  village.clock.set(right);
  village.submit(*sequencer, village.record("one"));
  const auto reader = village.read();
  EXPECT_FALSE(reader->held_against(grant)->has_value());
  EXPECT_EQ(reader->find(model::StateClass::kGrant, grant)->value().value.status,
            model::Status::kRevoked);
  // Before the record, although it was submitted after it could go.
  EXPECT_EQ(model::decode_entry(*reader->entry({6}))->kind, model::Kind::kRevocation);
}

}  // namespace
}  // namespace holdfast::testing
