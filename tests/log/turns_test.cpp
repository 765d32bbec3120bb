// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <thread>

#include "tests/log/village_fixture.h"

namespace holdfast::testing {
namespace {

std::vector<log::Admission> records(VillageOnDisk& village, int count, const std::string& text) {
  std::vector<log::Admission> out;
  for (int i = 0; i < count; ++i) out.push_back(village.record(text + std::to_string(i)));
  return out;
}

// Reopening checks that entries, tiles, subjects, seal and checkpoint agree.
void expect_whole(VillageOnDisk& village, std::uint64_t records_at_least) {
  const auto sequencer = village.try_open(village.operator_key);
  ASSERT_TRUE(sequencer) << describe(sequencer.error());
  EXPECT_GE((*sequencer)->head().size.value, 4 + records_at_least);
}

TEST(TakingTurns, TwoSequencersInOneProcessCatchUpWithEachOther) {
  VillageOnDisk village;
  auto one = village.open();
  auto two = village.open();
  for (int i = 0; i < 20; ++i) {
    auto& sequencer = i % 3 == 0 ? *two : *one;
    const auto receipt = village.submit(sequencer, village.record("text " + std::to_string(i)));
    EXPECT_EQ(receipt.positions[0].index.value, 4u + 2u * static_cast<unsigned>(i));
  }
  one = nullptr;
  two = nullptr;
  expect_whole(village, 40);
}

TEST(TakingTurns, ManyCallersOfTwoSequencersAllGetTheirOwnPlace) {
  VillageOnDisk village;
  const auto one = village.open();
  const auto two = village.open();
  constexpr int kCallers = 8;
  constexpr int kEach = 12;
  std::vector<std::vector<log::Admission>> made;
  for (int i = 0; i < kCallers; ++i)
    made.push_back(records(village, kEach, std::to_string(i) + " "));
  std::vector<std::set<std::uint64_t>> places(kCallers);
  std::vector<std::thread> callers;
  for (int i = 0; i < kCallers; ++i)
    callers.emplace_back([&, i] {
      for (auto& admission : made[static_cast<std::size_t>(i)]) {
        std::vector<log::Admission> single;
        single.push_back(std::move(admission));
        const auto receipt = (i % 2 == 0 ? one : two)->submit(std::move(single)).get();
        ASSERT_TRUE(receipt) << describe(receipt.error());
        places[static_cast<std::size_t>(i)].insert(receipt->positions[0].index.value);
      }
    });
  for (auto& caller : callers) caller.join();
  std::set<std::uint64_t> all;
  for (const auto& some : places) all.insert(some.begin(), some.end());
  EXPECT_EQ(all.size(), static_cast<std::size_t>(kCallers * kEach));
}

TEST(TakingTurns, TwoProcessesWriteOneLog) {
  VillageOnDisk village;
  constexpr int kEach = 30;
  auto mine = records(village, kEach, "parent ");
  auto theirs = records(village, kEach, "child ");
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  const auto write_all = [&](std::vector<log::Admission>& all) {
    const auto sequencer = village.try_open(village.operator_key);
    if (!sequencer) return false;
    for (auto& admission : all) {
      std::vector<log::Admission> single;
      single.push_back(std::move(admission));
      if (!(*sequencer)->submit(std::move(single)).get()) return false;
    }
    return true;
  };
  if (child == 0) _exit(write_all(theirs) ? 0 : 1);
  EXPECT_TRUE(write_all(mine));
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  expect_whole(village, 2 * kEach);
}

TEST(TakingTurns, AReaderKeepsItsSnapshotWhileOthersWrite) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  const auto before = village.read();
  auto record = village.record("new");
  const StatementId id = id_of(record);
  village.submit(*sequencer, std::move(record));
  const auto after = village.read();
  // The newer reader fills the index that both share.
  EXPECT_TRUE(after->find(model::StateClass::kRecord, id)->has_value());
  EXPECT_FALSE(before->find(model::StateClass::kRecord, id)->has_value());
  EXPECT_EQ(before->size().value, 4u);
  EXPECT_FALSE(before->entry({4}));
}

}  // namespace
}  // namespace holdfast::testing
