// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/durable_file.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <future>

#include "tests/store/temp_directory.h"

namespace holdfast::testing {
namespace {

using store::FileLock;

TEST(FileLock, IsTheOneOfTheFileThatThePathNames) {
  const TempDirectory directory;
  const std::string path = directory.path() + "/lock";
  auto before = *FileLock::open(path);
  std::filesystem::remove(path);
  auto after = *FileLock::open(path);
  ASSERT_TRUE(after.lock());
  auto taken = std::async(std::launch::async, [&] { return before.lock().has_value(); });
  EXPECT_EQ(taken.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout)
      << "both have a lock, each of another file";
  after.unlock();
  EXPECT_TRUE(taken.get());
}

TEST(FileLock, IsMadeAnewWhereItsFileWasTakenAway) {
  const TempDirectory directory;
  const std::string path = directory.path() + "/lock";
  auto lock = *FileLock::open(path);
  std::filesystem::remove(path);
  ASSERT_TRUE(lock.lock());
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST(FileLock, SaysSoWhereItCannotBeMade) {
  const TempDirectory directory;
  std::filesystem::create_directory(directory.path() + "/run");
  auto lock = *FileLock::open(directory.path() + "/run/lock");
  std::filesystem::remove_all(directory.path() + "/run");
  const auto refused = lock.lock();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
}

}  // namespace
}  // namespace holdfast::testing
