// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/log/held_fixture.h"

namespace holdfast::testing {
namespace {

namespace fs = std::filesystem;

// Files of a running village are exchanged for those of a backup, which was made when it was
// closed.
class Exchanged : public ::testing::Test {
 protected:
  Exchanged() {
    auto sequencer = village_.open();
    auto given = village_.audit_grant();
    grant_ = id_of(given);
    auto kept = village_.record("kept");
    record_ = id_of(kept);
    village_.submit(*sequencer, {given, kept});
    known_to_both_ = village_.basis;
    sequencer = nullptr;
    fs::copy(village_.paths.directory(), backup_, fs::copy_options::recursive);
    sequencer_ = village_.open();
    village_.submit(*sequencer_, village_.record("only the open one knows this"));
  }

  // Puts the backup's file or directory into the place of the village's, which is kept.
  void exchange(const std::string& name) {
    fs::rename(village_.paths.directory() + "/" + name, set_aside_);
    fs::rename(backup_ + "/" + name, village_.paths.directory() + "/" + name);
  }

  void expect_nothing_is_signed() {
    const auto size = sequencer_->head().size;
    for (const char* text : {"one", "two"}) {
      const auto refused = village_.try_submit(*sequencer_, village_.record(text));
      ASSERT_FALSE(refused);
      EXPECT_EQ(refused.error().code, Code::kConflict);
      EXPECT_NE(describe(refused.error()).find("exchanged"), std::string::npos);
    }
    EXPECT_TRUE(sequencer_->read_only());
    EXPECT_EQ(sequencer_->head().size, size);
  }

  VillageOnDisk village_;
  std::string backup_ = village_.directory.path() + "/backup";
  std::string set_aside_ = village_.directory.path() + "/aside";
  std::unique_ptr<log::Sequencer> sequencer_;
  model::Basis known_to_both_;
  StatementId grant_;
  StatementId record_;
};

TEST_F(Exchanged, ADatabaseUnderARunningSequencerIsNotWrittenFor) {
  exchange("ledger");
  expect_nothing_is_signed();
  sequencer_ = nullptr;
  EXPECT_TRUE(village_.open()->read_only()) << "the anchor knows of more than the backup";
  fs::remove_all(village_.paths.ledger());
  fs::rename(set_aside_, village_.paths.ledger());
  sequencer_ = village_.open();
  village_.submit(*sequencer_, village_.record("goes on"));
}

TEST_F(Exchanged, ADataFileAloneIsNoticedToo) {
  exchange("ledger/data.mdb");
  expect_nothing_is_signed();
}

TEST_F(Exchanged, ALockFileOfTheDatabaseIsNoticedToo) {
  exchange("ledger/lock.mdb");
  expect_nothing_is_signed();
}

TEST_F(Exchanged, ContentsAreNoticedToo) {
  exchange("content");
  expect_nothing_is_signed();
}

TEST_F(Exchanged, KeysOfContentsAreNoticedToo) {
  exchange("slots/records");
  expect_nothing_is_signed();
}

TEST_F(Exchanged, ADatabaseThatIsGoneIsNoticedToo) {
  fs::rename(village_.paths.ledger(), set_aside_);
  expect_nothing_is_signed();
}

TEST_F(Exchanged, RevocationsAreHeldMeanwhileAndSequencedInTheCopyThatIsThere) {
  exchange("ledger");
  village_.basis = known_to_both_;
  for (const auto& taking_back : {village_.revocation(grant_), village_.withdrawal(record_)}) {
    const auto receipt = village_.try_submit(*sequencer_, taking_back);
    ASSERT_TRUE(receipt) << describe(receipt.error());
    EXPECT_TRUE(receipt->held);
  }
  EXPECT_TRUE(is_enforced(village_, grant_));
  sequencer_ = nullptr;
  village_.options.accept_rollback = true;
  sequencer_ = village_.open();
  sequencer_ = nullptr;
  EXPECT_EQ(village_.read()->find(model::StateClass::kGrant, grant_)->value().value.status,
            model::Status::kRevoked);
  EXPECT_EQ(village_.read()->find(model::StateClass::kRecord, record_)->value().value.status,
            model::Status::kWithdrawn);
}

// What the log of the open copy has, the one that is there now may not have.
TEST_F(Exchanged, WhatTheOpenCopyHasSequencedIsHeldForTheOther) {
  const auto revocation = village_.revocation(grant_);
  EXPECT_FALSE(village_.submit(*sequencer_, revocation).held);
  exchange("ledger");
  EXPECT_TRUE(village_.submit(*sequencer_, revocation).held);
  EXPECT_TRUE(is_enforced(village_, grant_));
}

TEST_F(Exchanged, AReaderIsNotOpenedOnFilesThatHaveGone) {
  exchange("ledger/data.mdb");
  const auto refused = log::Reader::open(village_.paths);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kConflict);
  EXPECT_FALSE(village_.try_open(village_.operator_key));
  sequencer_ = nullptr;
  EXPECT_TRUE(log::Reader::open(village_.paths));
}

TEST_F(Exchanged, AReaderThatIsOpenGivesOutNoContentOfFilesThatHaveGone) {
  const auto reader = village_.read();
  EXPECT_TRUE(reader->content(record_));
  exchange("slots/records");
  const auto refused = reader->content(record_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kConflict);
}

TEST_F(Exchanged, ADatabaseThatWasCutShortStopsTheSequencerAndNotTheProgram) {
  village_.submit(*sequencer_, village_.record("one"));
  const std::string data = village_.paths.ledger() + "/data.mdb";
  const auto revocation = village_.revocation(grant_);
  fs::resize_file(data, 8192);
  for (int i = 0; i < 2; ++i) {
    const auto refused = village_.try_submit(*sequencer_, revocation);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::kInvalid);
    EXPECT_NE(describe(refused.error()).find("cut short"), std::string::npos);
  }
}

TEST_F(Exchanged, HeldStatementsGoIntoADirectoryThatWasRemoved) {
  village_.clock.advance(-kDay);
  fs::remove_all(village_.paths.held());
  EXPECT_TRUE(village_.submit(*sequencer_, village_.revocation(grant_)).held);
  EXPECT_TRUE(is_enforced(village_, grant_));
}

TEST_F(Exchanged, ADirectoryOfTheLockThatWasRemovedIsMadeAgain) {
  fs::remove_all(village_.paths.run());
  village_.submit(*sequencer_, village_.record("one"));
  EXPECT_TRUE(fs::exists(village_.paths.lock()));
}

TEST_F(Exchanged, AnotherCopyInTheSameFileIsNoHeadOfOurs) {
  const auto before = sequencer_->head();
  fs::copy_file(backup_ + "/ledger/data.mdb", village_.paths.ledger() + "/data.mdb",
                fs::copy_options::overwrite_existing);
  EXPECT_FALSE(village_.try_submit(*sequencer_, village_.record("one")));
  EXPECT_EQ(sequencer_->head().root, before.root);
  EXPECT_TRUE(sequencer_->read_only());
}

TEST_F(Exchanged, ALockThatWasTakenAwayKeepsNobodyFromWriting) {
  const auto other = village_.open();
  fs::remove_all(village_.paths.run());
  fs::create_directory(village_.paths.run());
  village_.submit(*sequencer_, village_.record("one"));
  village_.submit(*other, village_.record("two"));
  EXPECT_TRUE(fs::exists(village_.paths.lock()));
}

}  // namespace
}  // namespace holdfast::testing
