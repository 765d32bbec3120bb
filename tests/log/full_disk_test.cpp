// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/log/village_fixture.h"

namespace holdfast::testing {
namespace {

// The limit of the map stands in for a full disk, which a test machine cannot safely have.
log::SequencerOptions small_map() {
  log::SequencerOptions options;
  options.map_bytes = 4 * 1024 * 1024;
  return options;
}

// Appends until there is no room; says how much went in.
int fill(VillageOnDisk& village, log::Sequencer& sequencer, Error& refusal) {
  for (int count = 0;; ++count) {
    const auto receipt =
        village.try_submit(sequencer, village.record_batch(20, std::to_string(count)));
    if (receipt) continue;
    refusal = receipt.error();
    return count;
  }
}

TEST(FullDisk, RefusesWhatIsOrdinaryAndSaysSo) {
  VillageOnDisk village(small_map());
  auto sequencer = village.open();
  Error refusal;
  EXPECT_GT(fill(village, *sequencer, refusal), 5);
  EXPECT_EQ(refusal.code, Code::kUnavailable);
  EXPECT_NE(describe(refusal).find("the disk is full"), std::string::npos);
  const auto head = sequencer->head();
  sequencer = nullptr;
  sequencer = village.open();
  EXPECT_EQ(sequencer->head().root, head.root);
}

TEST(FullDisk, StillTakesRevocationsWithdrawalsAndErasures) {
  VillageOnDisk village(small_map());
  const auto sequencer = village.open();
  auto given = village.audit_grant();
  const StatementId grant = id_of(given);
  auto kept = village.record("kept");
  const StatementId record = id_of(kept);
  village.submit(*sequencer, {std::move(given), std::move(kept)});
  Error refusal;
  fill(village, *sequencer, refusal);
  const auto revoked = village.try_submit(*sequencer, village.revocation(grant));
  ASSERT_TRUE(revoked) << describe(revoked.error());
  EXPECT_FALSE(revoked->held);
  EXPECT_TRUE(village.try_submit(*sequencer, village.withdrawal(record)));
  EXPECT_TRUE(village.try_submit(*sequencer, village.erasure(record)));
  EXPECT_EQ(village.read()->content(record).error().code, Code::kUnavailable);
  EXPECT_EQ(village.read()->find(model::StateClass::kGrant, grant)->value().value.status,
            model::Status::kRevoked);
  EXPECT_FALSE(village.try_submit(*sequencer, village.record_batch(20)));
}

TEST(FullDisk, GoesOnOnceThereIsRoom) {
  VillageOnDisk village(small_map());
  auto sequencer = village.open();
  Error refusal;
  fill(village, *sequencer, refusal);
  sequencer = nullptr;
  village.options.map_bytes = 64 * 1024 * 1024;
  sequencer = village.open();
  EXPECT_TRUE(village.try_submit(*sequencer, village.record_batch(20)));
}

}  // namespace
}  // namespace holdfast::testing
