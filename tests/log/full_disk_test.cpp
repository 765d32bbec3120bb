// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <filesystem>

#include "ledger/log/files.h"
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

TEST(FullDisk, IsKnownBeforeAnythingIsTried) {
  VillageOnDisk village(small_map());
  const auto sequencer = village.open();
  EXPECT_FALSE(sequencer->disk_full());
  Error refusal;
  fill(village, *sequencer, refusal);
  // Twenty found no room; then one finds none.
  for (int i = 0; village.try_submit(*sequencer, village.record("small")); ++i)
    ASSERT_LT(i, 1000) << "it is never full";
  ASSERT_TRUE(sequencer->disk_full());
  EXPECT_NE(describe(*sequencer->disk_full()).find("the disk is full"), std::string::npos);
  EXPECT_FALSE(sequencer->read_only()) << "what takes back is signed as ever";
}

TEST(FullDisk, IsKnownWhereContentsFillIt) {
  VillageOnDisk village(small_map());
  const auto sequencer = village.open();
  const std::string large(16 * 1024, 'x');
  for (int i = 0; village.try_submit(*sequencer, village.record(large)); ++i)
    ASSERT_LT(i, 1000) << "it is never full";
  // What is left is less than one of those; smaller ones take it up.
  for (int i = 0; village.try_submit(*sequencer, village.record("small")); ++i)
    ASSERT_LT(i, 1000) << "it is never full";
  EXPECT_TRUE(sequencer->disk_full());
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

// A reader that stays open keeps every page that writing would take again, until the reserve is
// gone too.
class FullToTheBrim : public ::testing::Test {
 protected:
  FullToTheBrim() : village_(small_map()) {
    sequencer_ = village_.open();
    auto given = village_.audit_grant();
    grant_ = id_of(given);
    village_.submit(*sequencer_, std::move(given));
    for (int i = 0; i < 10; ++i) {
      auto records = village_.record_batch(20, std::to_string(i));
      for (const auto& record : records) records_.push_back(id_of(record));
      village_.submit(*sequencer_, std::move(records));
    }
    reader_ = village_.read();
  }

  // Withdraws one record after the other until one is held; gives its id.
  std::optional<StatementId> withdraw_until_held() {
    while (!records_.empty()) {
      const StatementId record = records_.back();
      records_.pop_back();
      const auto receipt = village_.try_submit(*sequencer_, village_.withdrawal(record));
      EXPECT_TRUE(receipt) << describe(receipt.error());
      if (!receipt) return std::nullopt;
      if (receipt->held) return record;
    }
    ADD_FAILURE() << "there was room for all";
    return std::nullopt;
  }

  VillageOnDisk village_;
  std::unique_ptr<log::Sequencer> sequencer_;
  std::unique_ptr<log::Reader> reader_;
  StatementId grant_;
  std::vector<StatementId> records_;
};

TEST_F(FullToTheBrim, HoldsWhatNotEvenTheReserveHasRoomFor) {
  const auto held = withdraw_until_held();
  ASSERT_TRUE(held);
  EXPECT_TRUE(village_.read()->held_against(*held)->has_value());
  const auto revoked = village_.try_submit(*sequencer_, village_.revocation(grant_));
  ASSERT_TRUE(revoked) << describe(revoked.error());
  EXPECT_TRUE(revoked->held);
  EXPECT_FALSE(village_.try_submit(*sequencer_, village_.record("one more")));
  const auto size = sequencer_->head().size;
  reader_ = nullptr;
  sequencer_ = nullptr;
  village_.options.map_bytes = 64 * 1024 * 1024;
  sequencer_ = village_.open();
  sequencer_ = nullptr;
  const auto reader = village_.read();
  EXPECT_GT(reader->size(), size);
  EXPECT_EQ(reader->find(model::StateClass::kRecord, *held)->value().value.status,
            model::Status::kWithdrawn);
  EXPECT_EQ(reader->find(model::StateClass::kGrant, grant_)->value().value.status,
            model::Status::kRevoked);
  EXPECT_TRUE(std::filesystem::is_empty(village_.paths.held()));
}

// What is left behind has to go before anything is sequenced, and cannot.
TEST_F(FullToTheBrim, HoldsWhileWhatACrashLeftCannotBeRemoved) {
  {
    auto files = *log::VillageFiles::open(village_.paths, store::kMapBytesDefault, false);
    store::Failure failure{};
    const Bytes bytes(64 * 1024);
    for (std::uint64_t index = 100'000; failure == store::Failure::kNone; ++index) {
      const store::ContentStore::Box box{{index}, bytes};
      (void)files.content->put({&box, 1}, store::kMapBytesDefault, failure);
    }
    for (std::uint64_t index = 200'000; failure != store::Failure::kOther; ++index) {
      const store::ContentStore::Box box{{index}, ByteView(bytes).first(1024)};
      if (!files.content->put({&box, 1}, store::kMapBytesDefault, failure)) break;
    }
  }
  const auto size = sequencer_->head().size;
  const auto revoked = village_.try_submit(*sequencer_, village_.revocation(grant_));
  ASSERT_TRUE(revoked) << describe(revoked.error());
  EXPECT_TRUE(revoked->held);
  ASSERT_TRUE(sequencer_->read_only());
  EXPECT_NE(describe(*sequencer_->read_only()).find("the disk is full"), std::string::npos);
  const auto ordinary = village_.try_submit(*sequencer_, village_.record("one more"));
  ASSERT_FALSE(ordinary);
  EXPECT_EQ(describe(ordinary.error()), describe(*sequencer_->read_only()));
  EXPECT_EQ(sequencer_->head().size, size);
  EXPECT_TRUE(village_.read()->held_against(grant_)->has_value());
  reader_ = nullptr;
  sequencer_ = nullptr;
  village_.options.map_bytes = 64 * 1024 * 1024;
  sequencer_ = village_.open();
  EXPECT_FALSE(sequencer_->read_only());
  sequencer_ = nullptr;
  EXPECT_EQ(village_.read()->find(model::StateClass::kGrant, grant_)->value().value.status,
            model::Status::kRevoked);
}

TEST_F(FullToTheBrim, AnswersNoErasureThatIsNotCarriedOut) {
  std::vector<StatementId> erased;
  Result<log::Receipt> receipt = Error{};
  do {
    ASSERT_FALSE(records_.empty()) << "there was room for all";
    receipt = village_.try_submit(*sequencer_, village_.erasure(records_.back()));
    if (receipt) erased.push_back(records_.back());
    records_.pop_back();
  } while (receipt);
  EXPECT_EQ(receipt.error().code, Code::kUnavailable);
  EXPECT_FALSE(erased.empty());
  const auto revoked = village_.try_submit(*sequencer_, village_.revocation(grant_));
  ASSERT_TRUE(revoked) << describe(revoked.error());
  reader_ = nullptr;
  sequencer_ = nullptr;
  village_.options.map_bytes = 64 * 1024 * 1024;
  village_.open();
  for (const StatementId& record : erased)
    EXPECT_EQ(village_.read()->content(record).error().code, Code::kUnavailable);
  EXPECT_TRUE(village_.read()->content(records_.front()));
  EXPECT_EQ(village_.read()->find(model::StateClass::kGrant, grant_)->value().value.status,
            model::Status::kRevoked);
}

TEST(Reserve, ThatIsCutShortOrHollowIsMadeAgain) {
  VillageOnDisk village;
  const std::string reserve = village.paths.reserve();
  for (const std::uintmax_t bytes : {std::uintmax_t{0}, std::uintmax_t{store::kReserveBytes - 1},
                                     std::uintmax_t{store::kReserveBytes}}) {
    std::filesystem::remove(reserve);
    write_text(reserve, "");
    std::filesystem::resize_file(reserve, bytes);
    EXPECT_FALSE(store::has_reserve(reserve, store::kReserveBytes)) << bytes;
    village.open();
    EXPECT_TRUE(store::has_reserve(reserve, store::kReserveBytes)) << bytes;
  }
}

TEST(Reserve, IsMadeAgainByAProcessThatWasOpenWhenItWasTakenAway) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  std::filesystem::remove(village.paths.reserve());
  village.submit(*sequencer, village.record("one"));
  EXPECT_TRUE(store::has_reserve(village.paths.reserve(), store::kReserveBytes));
}

}  // namespace
}  // namespace holdfast::testing
