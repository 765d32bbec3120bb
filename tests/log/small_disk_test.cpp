// SPDX-License-Identifier: AGPL-3.0-or-later
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "tests/log/village_fixture.h"

namespace holdfast::testing {
namespace {

constexpr const char* kSmallDiskOptions = "size=48m";

// A small file system of its own, in a mount namespace of its own, so that nothing of it stays
// behind even where the test is killed.
class SmallDisk {
 public:
  SmallDisk() {
    if (unshare(CLONE_NEWNS) != 0 ||
        mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("tmpfs", path().c_str(), "tmpfs", 0, kSmallDiskOptions) != 0)
      why_not_ = std::strerror(errno);
  }
  ~SmallDisk() {
    if (why_not_.empty()) umount2(path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  const std::string& path() const { return below_.path(); }
  // Why there is none; empty if there is.
  const std::string& why_not() const { return why_not_; }

  // Takes the last byte that is free.
  void fill() const {
    const int file = open((path() + "/filler").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    CHECK(file >= 0);
    const std::string block(64 * 1024, 'x');
    for (std::size_t length = block.size(); length > 0;)
      if (write(file, block.data(), length) < 0) length /= 2;
    close(file);
  }
  void make_room() const { std::filesystem::remove(path() + "/filler"); }

 private:
  TempDirectory below_;
  std::string why_not_;
};

// Where tests make their directories, for as long as this lives.
class TemporaryFilesBelow {
 public:
  explicit TemporaryFilesBelow(const std::string& path) {
    if (const char* before = std::getenv("TMPDIR")) before_ = before;
    setenv("TMPDIR", path.c_str(), 1);
  }
  ~TemporaryFilesBelow() {
    if (before_)
      setenv("TMPDIR", before_->c_str(), 1);
    else
      unsetenv("TMPDIR");
  }

 private:
  std::optional<std::string> before_;
};

class FullSmallDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!disk_.why_not().empty())
      GTEST_SKIP() << "this machine does not let a test mount anything: " << disk_.why_not();
    const TemporaryFilesBelow there(disk_.path());
    village_ = std::make_unique<VillageOnDisk>();
    sequencer_ = village_->open();
    auto given = village_->audit_grant();
    auto kept = village_->record("kept");
    auto gone = village_->record("gone");
    grant_ = id_of(given);
    kept_ = id_of(kept);
    gone_ = id_of(gone);
    village_->submit(*sequencer_, {given, kept, gone});
  }

  void expect_no_room_for_what_is_ordinary() {
    const auto size = sequencer_->head().size;
    const auto refused = village_->try_submit(*sequencer_, village_->record("one more"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::kUnavailable);
    EXPECT_NE(describe(refused.error()).find("the disk is full"), std::string::npos);
    EXPECT_EQ(sequencer_->head().size, size);
  }

  SmallDisk disk_;
  std::unique_ptr<VillageOnDisk> village_;
  std::unique_ptr<log::Sequencer> sequencer_;
  StatementId grant_;
  StatementId kept_;
  StatementId gone_;
};

TEST_F(FullSmallDisk, StillTakesRevocationsWithdrawalsAndErasures) {
  disk_.fill();
  expect_no_room_for_what_is_ordinary();
  for (const auto& taking_back :
       {village_->revocation(grant_), village_->withdrawal(kept_), village_->erasure(gone_)}) {
    const auto receipt = village_->try_submit(*sequencer_, taking_back);
    ASSERT_TRUE(receipt) << describe(receipt.error());
    EXPECT_FALSE(receipt->held);
    expect_no_room_for_what_is_ordinary();  // nor in what the reserve has given up
  }
  const auto reader = village_->read();
  EXPECT_EQ(reader->find(model::StateClass::kGrant, grant_)->value().value.status,
            model::Status::kRevoked);
  EXPECT_EQ(reader->content(gone_).error().code, Code::kUnavailable);

  disk_.make_room();
  village_->submit(*sequencer_, village_->record("after"));
  EXPECT_TRUE(std::filesystem::exists(village_->paths.reserve()));
  const auto head = sequencer_->head();
  sequencer_ = nullptr;
  EXPECT_EQ(village_->open()->head().root, head.root);
}

TEST_F(FullSmallDisk, StillHoldsARevocationWhileNothingIsSigned) {
  const auto revocation = village_->revocation(grant_);
  village_->clock.advance(-kDay);
  disk_.fill();
  const auto held = village_->try_submit(*sequencer_, revocation);
  ASSERT_TRUE(held) << describe(held.error());
  EXPECT_TRUE(held->held);
  EXPECT_TRUE(village_->read()->held_against(grant_)->has_value());
  village_->clock.advance(kDay);
  sequencer_ = nullptr;
  sequencer_ = village_->open();
  sequencer_ = nullptr;  // what was held went in, although the disk is still full
  EXPECT_EQ(village_->read()->find(model::StateClass::kGrant, grant_)->value().value.status,
            model::Status::kRevoked);
  EXPECT_TRUE(std::filesystem::is_empty(village_->paths.held()));
}

TEST_F(FullSmallDisk, OpensAndTakesRevocations) {
  sequencer_ = nullptr;
  disk_.fill();
  sequencer_ = village_->open();
  expect_no_room_for_what_is_ordinary();
  const auto receipt = village_->try_submit(*sequencer_, village_->revocation(grant_));
  ASSERT_TRUE(receipt) << describe(receipt.error());
}

// LMDB takes no page again that a reader may look at, so that removing things takes new ones.
TEST_F(FullSmallDisk, FinishesAnErasureWhoseRoomAReaderKeeps) {
  const auto reader = village_->read();
  village_->submit(*sequencer_, village_->erasure(gone_));
  sequencer_ = nullptr;
  disk_.fill();
  sequencer_ = village_->open();
  EXPECT_FALSE(sequencer_->read_only()) << describe(*sequencer_->read_only());
  expect_no_room_for_what_is_ordinary();
  const auto receipt = village_->try_submit(*sequencer_, village_->revocation(grant_));
  ASSERT_TRUE(receipt) << describe(receipt.error());
  EXPECT_FALSE(receipt->held);
}

TEST_F(FullSmallDisk, IsReadOnlyWhereAnErasureCannotBeFinishedAndGoesOnOnceItCan) {
  auto reader = village_->read();
  const auto erasure = village_->erasure(gone_);
  village_->submit(*sequencer_, erasure);
  sequencer_ = nullptr;
  std::filesystem::remove(village_->paths.reserve());
  disk_.fill();
  sequencer_ = village_->open();
  ASSERT_TRUE(sequencer_->read_only());
  EXPECT_NE(describe(*sequencer_->read_only()).find("the disk is full"), std::string::npos);
  const auto size = sequencer_->head().size;
  EXPECT_FALSE(village_->try_submit(*sequencer_, village_->record("one more")));
  EXPECT_FALSE(village_->try_submit(*sequencer_, erasure)) << "its content may still be there";
  EXPECT_EQ(sequencer_->head().size, size);
  disk_.make_room();
  village_->submit(*sequencer_, village_->record("after"));
  EXPECT_TRUE(village_->try_submit(*sequencer_, erasure));
  EXPECT_FALSE(sequencer_->read_only());
}

}  // namespace
}  // namespace holdfast::testing
