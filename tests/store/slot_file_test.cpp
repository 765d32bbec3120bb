// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/slot_file.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/store/temp_directory.h"

namespace holdfast::testing {
namespace {

using store::SlotFile;

Bytes key_of(unsigned value) { return Bytes(32, static_cast<std::byte>(value)); }

void write(SlotFile& slots, std::initializer_list<std::uint64_t> indices) {
  std::vector<Bytes> bytes;
  std::vector<SlotFile::Key> keys;
  bytes.reserve(indices.size());
  for (std::uint64_t index : indices) {
    bytes.push_back(key_of(static_cast<unsigned>(index % 200 + 1)));
    keys.push_back({{index}, bytes.back()});
  }
  bool full = false;
  ASSERT_TRUE(slots.write(keys, full));
  ASSERT_TRUE(slots.sync());
}

bool holds(const SlotFile& slots, std::uint64_t index) {
  const auto key = *slots.read({index});
  return key && equal(key->view(), key_of(static_cast<unsigned>(index % 200 + 1)));
}

TEST(SlotFile, GivesBackKeysAndNothingBetweenThem) {
  const TempDirectory directory;
  const auto slots = *SlotFile::open(directory.path() + "/slots", true);
  write(*slots, {0, 1, 2, 9, 10, 100'000});
  for (std::uint64_t index : {0, 1, 2, 9, 10, 100'000}) EXPECT_TRUE(holds(*slots, index));
  for (std::uint64_t index : {3, 8, 11, 99'999, 100'001, 1'000'000})
    EXPECT_FALSE(slots->read({index})->has_value()) << index;
}

TEST(SlotFile, OverwritesInPlaceWithoutGrowing) {
  const TempDirectory directory;
  const std::string path = directory.path() + "/slots";
  const auto slots = *SlotFile::open(path, true);
  write(*slots, {4, 5, 6});
  const std::string before = read_text(path);
  EXPECT_NE(before.find(as_text(key_of(6))), std::string::npos);
  ASSERT_TRUE(slots->wipe({5}));
  ASSERT_TRUE(slots->wipe({1'000'000}));  // beyond the end there is nothing to wipe
  EXPECT_FALSE(slots->read({5})->has_value());
  EXPECT_TRUE(holds(*slots, 4));
  EXPECT_TRUE(holds(*slots, 6));
  const std::string after = read_text(path);
  EXPECT_EQ(after.size(), before.size());
  EXPECT_EQ(after.find(as_text(key_of(6))), std::string::npos);
}

TEST(SlotFile, WipesEverythingFromASizeOn) {
  const TempDirectory directory;
  const std::string path = directory.path() + "/slots";
  const auto slots = *SlotFile::open(path, true);
  write(*slots, {1, 2, 3, 20'000});
  ASSERT_TRUE(slots->wipe_from({3}));
  EXPECT_TRUE(holds(*slots, 2));
  const std::string text = read_text(path);
  EXPECT_TRUE(std::all_of(text.begin() + 96, text.end(), [](char c) { return c == 0; }));
}

TEST(SlotFile, IsNotMadeByAReader) {
  const TempDirectory directory;
  EXPECT_EQ(SlotFile::open(directory.path() + "/slots", false).error().code, Code::kNotFound);
}

}  // namespace
}  // namespace holdfast::testing
