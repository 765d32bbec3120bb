// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/fair_lock.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/store/temp_directory.h"

namespace holdfast::testing {
namespace {

using store::FairLock;
using store::FileLock;

// Until somebody waits for the lock: who does so holds the place of the next one.
void await_one_who_waits(const std::string& path) {
  auto next = *FileLock::open(path + ".next");
  while (*next.try_lock()) {
    next.unlock();
    std::this_thread::yield();
  }
}

TEST(FairLock, LetsWhoWaitsGoBeforeWhoHasJustLetGo) {
  const TempDirectory directory;
  const std::string path = directory.path() + "/lock";
  auto again_and_again = *FairLock::open(path);
  for (int round = 0; round < 20; ++round) {
    ASSERT_TRUE(again_and_again.lock());
    std::atomic<bool> had_it{false};
    std::thread once([&] {
      auto lock = *FairLock::open(path);
      ASSERT_TRUE(lock.lock());
      had_it = true;
      lock.unlock();
    });
    await_one_who_waits(path);
    again_and_again.unlock();
    EXPECT_TRUE(again_and_again.lock());
    EXPECT_TRUE(had_it) << "round " << round;
    again_and_again.unlock();
    once.join();
  }
}

TEST(FairLock, KeepsOutWhoAsksForTheLockAlone) {
  const TempDirectory directory;
  const std::string path = directory.path() + "/lock";
  auto fair = *FairLock::open(path);
  ASSERT_TRUE(fair.lock());
  auto plain = *FileLock::open(path);
  EXPECT_FALSE(*plain.try_lock());
  fair.unlock();
  EXPECT_TRUE(*plain.try_lock());
}

}  // namespace
}  // namespace holdfast::testing
