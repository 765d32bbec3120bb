// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/environment.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "ledger/store/environment_error.h"
#include "tests/store/temp_directory.h"

namespace holdfast::testing {
namespace {

using store::Environment;
using store::Failure;

constexpr store::TableSpec kTables[] = {{"numbers", true}, {"names", false}};
constexpr std::uint64_t kMap = 1024 * 1024;

std::shared_ptr<Environment> open(const TempDirectory& directory) {
  auto environment = Environment::open(directory.path(), kTables, kMap, true);
  CHECK(environment.has_value());
  return *environment;
}

void put(Environment& environment, std::uint64_t key, std::string_view text) {
  auto write = environment.write();
  ASSERT_TRUE(write->put(0, key, as_bytes(text)));
  ASSERT_TRUE(write->commit());
}

TEST(Environment, IsSharedByThoseWhoOpenTheSameDirectory) {
  const TempDirectory directory;
  const auto one = open(directory);
  const auto two = Environment::open(directory.path() + "/.", kTables, kMap, false);
  EXPECT_EQ(one, *two);
}

TEST(Environment, IsOpenedAnewOnceNobodyHoldsIt) {
  const TempDirectory directory;
  put(*open(directory), 1, "kept");
  const auto read = open(directory)->read();
  EXPECT_EQ(as_text(read->get(0, 1)->value()), "kept");
}

TEST(Environment, IsNotMadeByAReader) {
  const TempDirectory directory;
  const auto missing = Environment::open(directory.path(), kTables, kMap, false);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::kNotFound);
  const auto no_directory = Environment::open(directory.path() + "/no", kTables, kMap, true);
  EXPECT_EQ(no_directory.error().code, Code::kNotFound);
}

TEST(Environment, RefusesAFileThatIsNoDatabase) {
  const TempDirectory directory;
  write_text(directory.path() + "/data.mdb", std::string(8192, 'x'));
  EXPECT_FALSE(Environment::open(directory.path(), kTables, kMap, false));
}

TEST(Environment, RefusesAKeyOfAnotherSizeThanItsTableHas) {
  const TempDirectory directory;
  constexpr store::TableSpec kNames[] = {{"numbers", false}};  // as a damaged page may have it
  {
    auto environment = Environment::open(directory.path(), kNames, kMap, true);
    auto write = (*environment)->write();
    ASSERT_TRUE(write->put(0, as_bytes("abc"), as_bytes("row")));
    ASSERT_TRUE(write->commit());
  }
  const auto environment = open(directory);
  const auto read = environment->read();
  const auto each = read->each(0, 0, [](std::uint64_t, ByteView) { return true; });
  ASSERT_FALSE(each);
  EXPECT_EQ(each.error().code, Code::kInvalid);
  EXPECT_NE(each.error().found.find("a key of 3 bytes"), std::string::npos) << each.error().found;
  const auto last = read->last_key(0);
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code, Code::kInvalid);
}

// A file system cannot be made read-only where tests run: the answer to its error number can.
TEST(Environment, SaysWhatToDoWhereItsLockFileCannotBeWritten) {
  for (const int code : {EROFS, EACCES}) {
    const Error error = store::environment_error("ledger", "opening", code);
    EXPECT_EQ(error.code, Code::kUnavailable);
    EXPECT_NE(error.want.find("lock file"), std::string::npos) << error.want;
    EXPECT_NE(error.want.find("read an export"), std::string::npos) << error.want;
  }
}

TEST(Environment, KeepsASnapshotWhileOthersWrite) {
  const TempDirectory directory;
  const auto environment = open(directory);
  put(*environment, 1, "old");
  const auto before = environment->read();
  put(*environment, 1, "new");
  EXPECT_EQ(as_text(before->get(0, 1)->value()), "old");
  EXPECT_EQ(as_text(environment->read()->get(0, 1)->value()), "new");
}

TEST(Environment, ForgetsWhatWasNotCommitted) {
  const TempDirectory directory;
  const auto environment = open(directory);
  {
    auto write = environment->write();
    ASSERT_TRUE(write->put(1, as_bytes("name"), as_bytes("value")));
  }
  EXPECT_FALSE(environment->read()->get(1, as_bytes("name"))->has_value());
}

TEST(Environment, SaysThatItIsFullAndStaysAsItWas) {
  const TempDirectory directory;
  const auto environment = open(directory);
  put(*environment, 1, "kept");
  {
    auto write = environment->write();
    Result<void> done;
    for (std::uint64_t key = 2; done && key < 1000; ++key)
      done = write->append(0, key, Bytes(10'000));
    EXPECT_FALSE(done);
    EXPECT_EQ(write->failure(), Failure::kFull);
  }
  put(*environment, 2, "goes on");
  EXPECT_EQ(as_text(environment->read()->get(0, 1)->value()), "kept");
}

TEST(Environment, RemovesEverythingFromAKeyOn) {
  const TempDirectory directory;
  const auto environment = open(directory);
  auto write = environment->write();
  for (std::uint64_t key = 0; key < 500; ++key) ASSERT_TRUE(write->append(0, key, Bytes(100)));
  EXPECT_EQ(*write->remove_from(0, 123), 377u);
  EXPECT_EQ(*write->remove_from(0, 123), 0u);
  ASSERT_TRUE(write->commit());
  const auto read = environment->read();
  EXPECT_EQ(read->last_key(0)->value(), 122u);
  std::uint64_t seen = 0;
  ASSERT_TRUE(read->each(0, 0, [&](std::uint64_t key, ByteView) { return key == seen++; }));
  EXPECT_EQ(seen, 123u);
}

}  // namespace
}  // namespace holdfast::testing
