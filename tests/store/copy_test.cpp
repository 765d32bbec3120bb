// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <filesystem>

#include "ledger/core/bytes.h"
#include "ledger/crypto/sha256.h"
#include "ledger/store/environment.h"
#include "ledger/store/slot_copy.h"
#include "ledger/store/slot_file.h"
#include "tests/store/temp_directory.h"

namespace holdfast::testing {
namespace {

namespace fs = std::filesystem;
using store::Environment;
using store::Table;

constexpr store::TableSpec kCopied[] = {{"numbers", true}, {"names", false}};
constexpr std::uint64_t kCopiedMap = std::uint64_t{64} << 20;

class EnvironmentCopy : public ::testing::Test {
 protected:
  EnvironmentCopy() {
    auto environment = Environment::open(from_.path(), kCopied, kCopiedMap, true);
    CHECK(environment.has_value());
    environment_ = *std::move(environment);
  }
  void put(std::uint64_t key, std::string_view text) {
    auto write = environment_->write();
    ASSERT_TRUE(write->append(0, key, as_bytes(text)));
    ASSERT_TRUE(write->put(1, as_bytes("name " + std::to_string(key)), as_bytes(text)));
    ASSERT_TRUE(write->commit());
  }
  Result<void> copy(const store::ReadTransaction& of,
                    const store::ReadTransaction::RowFilter& keeps = nullptr) {
    return of.copy_to(to_.path(), keeps, nullptr);
  }
  std::shared_ptr<Environment> the_copy() {
    auto environment = Environment::open_still(to_.path(), kCopied);
    CHECK(environment.has_value());
    return *environment;
  }

  TempDirectory from_;
  TempDirectory to_;
  std::shared_ptr<Environment> environment_;
};

TEST_F(EnvironmentCopy, HasTheRowsOfItsSnapshotWhateverIsWrittenMeanwhile) {
  for (std::uint64_t i = 0; i < 1000; ++i) put(i, "row " + std::to_string(i));
  const auto snapshot = environment_->read();
  put(1000, "too late");
  ASSERT_TRUE(copy(*snapshot));
  const auto read = the_copy()->read();
  EXPECT_EQ(read->last_key(0)->value(), 999u);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const std::string row = "row " + std::to_string(i);
    EXPECT_EQ(as_text(read->get(0, i)->value()), row);
    EXPECT_EQ(as_text(read->get(1, as_bytes("name " + std::to_string(i)))->value()), row);
  }
  EXPECT_LE(fs::file_size(to_.path() + "/data.mdb"), *snapshot->table_bytes() + 64 * 1024);
}

TEST_F(EnvironmentCopy, HasNothingOfWhatWasRemovedAndNoLockFile) {
  const std::string secret(10'000, 's');
  put(1, secret);
  put(2, "stays");
  {
    auto write = environment_->write();
    ASSERT_TRUE(write->remove(0, 1));
    ASSERT_TRUE(write->put(1, as_bytes("name 1"), as_bytes("gone")));
    ASSERT_TRUE(write->commit());
  }
  ASSERT_NE(read_text(from_.path() + "/data.mdb").find(secret), std::string::npos);
  ASSERT_TRUE(copy(*environment_->read()));
  EXPECT_EQ(read_text(to_.path() + "/data.mdb").find(secret.substr(0, 1000)), std::string::npos);
  EXPECT_FALSE(fs::exists(to_.path() + "/lock.mdb"));
  // Nor does reading it make one.
  EXPECT_EQ(as_text(the_copy()->read()->get(0, 2)->value()), "stays");
  EXPECT_FALSE(fs::exists(to_.path() + "/lock.mdb"));
}

TEST_F(EnvironmentCopy, LeavesOutTheRowsThatItIsTold) {
  for (std::uint64_t i = 0; i < 10; ++i) put(i, "row");
  ASSERT_TRUE(copy(*environment_->read(), [](Table, std::uint64_t key) { return key % 3 == 0; }));
  const auto read = the_copy()->read();
  EXPECT_TRUE(read->get(0, 9)->has_value());
  EXPECT_FALSE(read->get(0, 8)->has_value());
  EXPECT_TRUE(read->get(1, as_bytes("name 8"))->has_value());
}

TEST_F(EnvironmentCopy, IsRefusedWhereATableWouldBeLeftBehindUnseen) {
  put(1, "row");
  environment_.reset();
  const auto fewer =
      Environment::open(from_.path(), std::span(kCopied).first(1), kCopiedMap, false);
  const auto copied = copy(*(*fewer)->read());
  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().code, Code::kUnknownVersion);
  EXPECT_EQ(copied.error().found, "names");
}

TEST_F(EnvironmentCopy, ReadsATableThatItDoesNotHaveAsEmpty) {
  environment_.reset();
  const TempDirectory older;
  {
    const auto one = Environment::open(older.path(), std::span(kCopied).first(1), kCopiedMap, true);
    ASSERT_TRUE((*one)->read()->copy_to(to_.path(), nullptr, nullptr));
  }
  const auto read = the_copy()->read();
  EXPECT_FALSE(read->get(1, as_bytes("name"))->has_value());
  EXPECT_FALSE(read->last_key(1)->has_value());
}

// Such pages could stand for more rows than anyone can wait for.
TEST_F(EnvironmentCopy, IsRefusedWhereAPageStandsInTwoPlaces) {
  {
    auto write = environment_->write();
    for (std::uint64_t i = 0; i < 1000; ++i)
      ASSERT_TRUE(write->append(0, i, as_bytes("row " + std::to_string(i) + ".")));
    ASSERT_TRUE(write->commit());
  }
  environment_.reset();
  constexpr std::size_t kPage = store::kPageBytes;
  constexpr std::size_t kPageNumber = 8;
  const std::string path = from_.path() + "/data.mdb";
  std::string file = read_text(path);
  const std::size_t first = file.find("row 0.") / kPage * kPage;
  const std::size_t last = file.find("row 999.") / kPage * kPage;
  ASSERT_NE(first, last);
  file.replace(last + kPageNumber, kPage - kPageNumber,
               file.substr(first + kPageNumber, kPage - kPageNumber));
  write_text(path, file);
  const auto still = Environment::open_still(from_.path(), kCopied);
  for (const bool kept : {true, false}) {
    const TempDirectory to;
    const auto copied = (*still)->read()->copy_to(
        to.path(), [kept](Table, std::uint64_t) { return kept; }, nullptr);
    ASSERT_FALSE(copied);
    EXPECT_EQ(copied.error().code, Code::kInvalid);
    EXPECT_NE(copied.error().found.find("a damaged file: key 0 after "), std::string::npos)
        << copied.error().found;
  }
}

TEST(SlotCopy, HasZerosWhereAKeyIsNotToBe) {
  const TempDirectory directory;
  const std::string from = directory.path() + "/from";
  const std::string to = directory.path() + "/to";
  std::string text;
  for (char c = 'a'; c < 'k'; ++c) text += std::string(store::kSlotBytes, c);
  write_text(from, text);
  const std::vector<LeafIndex> without = {{2}, {5}, {20}};
  const auto digest = store::copy_slots(from, to, {7}, without, nullptr);
  ASSERT_TRUE(digest);
  EXPECT_EQ(digest->hex(), format_hex(crypto::sha256(as_bytes(text))));
  std::string wanted = text;
  for (const std::size_t gone : {2, 5, 7, 8, 9})
    wanted.replace(gone * store::kSlotBytes, store::kSlotBytes, store::kSlotBytes, '\0');
  const std::string copied = read_text(to);
  EXPECT_EQ(copied.substr(0, wanted.size()), wanted);
  EXPECT_EQ(copied.size() % store::kSlotStepBytes, 0u);
  EXPECT_EQ(copied.find_first_not_of('\0', wanted.size()), std::string::npos);
  EXPECT_EQ(store::copy_slots(from, to, {7}, {}, nullptr).error().code, Code::kConflict);
}

TEST(SlotCopy, GoesOverManySteps) {
  const TempDirectory directory;
  const std::string from = directory.path() + "/from";
  const std::string to = directory.path() + "/to";
  const std::uint64_t slots = 3 * store::kSlotStepBytes / store::kSlotBytes;
  write_text(from, std::string(slots * store::kSlotBytes, 'k'));
  const std::vector<LeafIndex> without = {{8191}, {8192}, {slots - 1}};
  ASSERT_TRUE(store::copy_slots(from, to, {slots}, without, nullptr));
  std::string wanted(slots * store::kSlotBytes, 'k');
  for (const LeafIndex gone : without)
    wanted.replace(gone.value * store::kSlotBytes, store::kSlotBytes, store::kSlotBytes, '\0');
  EXPECT_EQ(read_text(to), wanted);
}

}  // namespace
}  // namespace holdfast::testing
