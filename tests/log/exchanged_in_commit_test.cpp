// SPDX-License-Identifier: AGPL-3.0-or-later
#include <filesystem>

#include "tests/log/at_commit.h"
#include "tests/log/held_fixture.h"

namespace holdfast::testing {
namespace {

namespace fs = std::filesystem;

class ExchangedInCommit : public ::testing::Test {
 protected:
  ExchangedInCommit() {
    auto sequencer = village_.open();
    auto given = village_.audit_grant();
    grant_ = id_of(given);
    village_.submit(*sequencer, std::move(given));
    sequencer = nullptr;
    fs::copy(village_.paths.ledger(), backup_, fs::copy_options::recursive);
  }
  ~ExchangedInCommit() override { forget_next_commit(); }

  void exchange_at_next_commit() {
    at_next_commit("ledger", [this] {
      fs::rename(village_.paths.ledger(), village_.directory.path() + "/aside");
      fs::rename(backup_, village_.paths.ledger());
    });
  }

  VillageOnDisk village_;
  std::string backup_ = village_.directory.path() + "/backup";
  StatementId grant_;
};

TEST_F(ExchangedInCommit, NobodyIsAnsweredForWhatNobodyWillSee) {
  auto sequencer = village_.open();
  const auto before = sequencer->head();
  const auto revocation = village_.revocation(grant_);
  exchange_at_next_commit();
  const auto refused = village_.try_submit(*sequencer, revocation);
  EXPECT_FALSE(awaits_commit()) << "it was not exchanged";
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
  EXPECT_NE(describe(refused.error()).find("unknown"), std::string::npos);
  EXPECT_EQ(sequencer->head().root, before.root);
  const auto held = village_.submit(*sequencer, revocation);
  EXPECT_TRUE(held.held);
  EXPECT_EQ(held.checkpoint, before.checkpoint) << "a checkpoint of what nobody will see";
  EXPECT_EQ(held.size, before.size);
  EXPECT_EQ(sequencer->head().root, before.root);
  sequencer = nullptr;
  sequencer = village_.open();
  EXPECT_FALSE(sequencer->read_only()) << "the anchor knows only what was answered";
  sequencer = nullptr;
  EXPECT_EQ(village_.read()->find(model::StateClass::kGrant, grant_)->value().value.status,
            model::Status::kRevoked);
}

TEST_F(ExchangedInCommit, WhatWasHeldStaysHeldForTheCopyThatIsThere) {
  put_held(village_, village_.revocation(grant_));
  exchange_at_next_commit();
  auto sequencer = village_.open();
  EXPECT_FALSE(village_.try_submit(*sequencer, village_.record("one")));
  EXPECT_FALSE(awaits_commit()) << "it was not exchanged";
  EXPECT_EQ(held_names(village_).size(), 1u);
  EXPECT_TRUE(is_enforced(village_, grant_));
  sequencer = nullptr;
  sequencer = village_.open();
  sequencer = nullptr;
  EXPECT_TRUE(held_names(village_).empty());
  EXPECT_EQ(village_.read()->find(model::StateClass::kGrant, grant_)->value().value.status,
            model::Status::kRevoked);
}

}  // namespace
}  // namespace holdfast::testing
