// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "ledger/model/codec.h"
#include "tests/log/village_fixture.h"

namespace holdfast::testing {
namespace {

log::Admission hand_over(VillageOnDisk& village, const crypto::SigningKey& to) {
  model::KeyEvent event;
  event.expected_version = 1;
  event.which = model::OperatorChange{to.public_key(), village.basis};
  return village.admission(event, {&village.council1, &village.council2, &to});
}

TEST(OperatorKey, ThatTheStateDoesNotNameSignsNothing) {
  VillageOnDisk village;
  const auto fresh = key_named("new operator");
  const auto sequencer = village.try_open(fresh);
  ASSERT_TRUE(sequencer) << describe(sequencer.error());
  EXPECT_TRUE((*sequencer)->read_only().has_value());
  EXPECT_FALSE(village.try_submit(**sequencer, village.record("one")));
}

TEST(OperatorKey, TakesOfficeWithTheEventAndSealsIt) {
  VillageOnDisk village;
  const auto fresh = key_named("new operator");
  auto sequencer = *village.try_open(fresh);
  const auto receipt = village.try_submit(*sequencer, hand_over(village, fresh));
  ASSERT_TRUE(receipt) << describe(receipt.error());
  EXPECT_FALSE(sequencer->read_only());
  village.submit(*sequencer, village.record("one"));

  const auto reader = village.read();
  const auto seal = *model::decode_signed_statement(*reader->signed_statement({5}));
  ASSERT_EQ(seal.signatures.size(), 1u);
  EXPECT_EQ(seal.signatures[0].key_id, fresh.id());
  const auto note = *model::parse_note(receipt->checkpoint);
  const model::VerifierKey key{"kelp-bay.invalid/ledger", model::NoteKeyType::kEd25519,
                               fresh.public_key()};
  EXPECT_TRUE(model::verify_note(note, {&key, 1}));
  sequencer = nullptr;
  EXPECT_FALSE((*village.try_open(fresh))->read_only());
}

TEST(OperatorKey, ThatLeavesCannotSealItsOwnLeaving) {
  VillageOnDisk village;
  const auto fresh = key_named("new operator");
  const auto sequencer = village.open();
  const auto refused = village.try_submit(*sequencer, hand_over(village, fresh));
  ASSERT_FALSE(refused);
  EXPECT_NE(describe(refused.error()).find("new key"), std::string::npos);
  EXPECT_FALSE(sequencer->read_only());
}

TEST(OperatorKey, ThatHasLeftIsReadOnlyFromThenOn) {
  VillageOnDisk village;
  const auto fresh = key_named("new operator");
  const auto old_sequencer = village.open();
  {
    const auto sequencer = *village.try_open(fresh);
    ASSERT_TRUE(village.try_submit(*sequencer, hand_over(village, fresh)));
  }
  EXPECT_FALSE(village.try_submit(*old_sequencer, village.record("one")));
  EXPECT_TRUE(old_sequencer->read_only().has_value());
  EXPECT_TRUE(village.open()->read_only().has_value());
}

TEST(OperatorKey, TakesNoOfficeByAClockThatIsFarAhead) {
  VillageOnDisk village;
  const auto fresh = key_named("new operator");
  auto sequencer = *village.try_open(fresh);
  const auto size = sequencer->head().size;
  village.clock.advance(91 * kDay);
  EXPECT_FALSE(village.try_submit(*sequencer, hand_over(village, fresh)));
  EXPECT_EQ(sequencer->head().size, size);
  EXPECT_TRUE(sequencer->read_only().has_value());
  village.options.accept_clock = true;
  sequencer = *village.try_open(fresh);
  const auto receipt = village.try_submit(*sequencer, hand_over(village, fresh));
  ASSERT_TRUE(receipt) << describe(receipt.error());
  EXPECT_FALSE(sequencer->read_only());
  EXPECT_NE(read_text(village.paths.overrides()).find("accepted a clock"), std::string::npos);
}

}  // namespace
}  // namespace holdfast::testing
