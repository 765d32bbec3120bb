// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/conveyor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>

#include "tests/verifier/large_village.h"

namespace holdfast::testing {
namespace {

using verifier::Chunk;

// Chunks of these many bytes go through stages that count what is in memory.
class Counted {
 public:
  explicit Counted(std::vector<std::uint64_t> sizes) : sizes_(std::move(sizes)) {}

  void run(unsigned jobs, std::uint64_t bytes_max) {
    verifier::Stages stages;
    stages.read = [this](std::uint64_t number) { return read(number); };
    stages.bytes = [this](std::uint64_t number) { return sizes_[number]; };
    stages.bytes_read = [this](const Chunk& chunk) { return sizes_[chunk.bundle.index]; };
    stages.apply = [this](Chunk& chunk) { applied_.push_back(chunk.bundle.index); };
    stages.check = [this](const Chunk& chunk) {
      std::this_thread::sleep_for(std::chrono::microseconds(200));
      held_ -= sizes_[chunk.bundle.index];
      --chunks_;
    };
    stages.end = [this] { return sizes_.size(); };
    stages.progress = [](std::uint64_t) {};
    verifier::Conveyor(std::move(stages), jobs, bytes_max).run();
  }

  std::uint64_t most_held() const { return most_held_; }
  std::uint64_t most_beside_a_large_one() const { return most_beside_; }
  const std::vector<std::uint64_t>& applied() const { return applied_; }

 private:
  Chunk read(std::uint64_t number) {
    const std::uint64_t held = held_ += sizes_[number];
    const std::uint64_t chunks = ++chunks_;
    raise(most_held_, held);
    if (sizes_[number] >= kLarge) raise(most_beside_, chunks);
    Chunk chunk;
    chunk.bundle.index = number;
    return chunk;
  }
  static void raise(std::atomic<std::uint64_t>& most, std::uint64_t value) {
    std::uint64_t before = most;
    while (before < value && !most.compare_exchange_weak(before, value)) {
    }
  }

  static constexpr std::uint64_t kLarge = 1000;
  std::vector<std::uint64_t> sizes_;
  std::atomic<std::uint64_t> held_{0};
  std::atomic<std::uint64_t> chunks_{0};
  std::atomic<std::uint64_t> most_held_{0};
  std::atomic<std::uint64_t> most_beside_{0};
  std::vector<std::uint64_t> applied_;  // one thread at a time
};

std::vector<std::uint64_t> up_to(std::uint64_t count) {
  std::vector<std::uint64_t> out;
  for (std::uint64_t i = 0; i < count; ++i) out.push_back(i);
  return out;
}

TEST(Conveyor, HoldsNoMoreBytesThanItMayOnAnyNumberOfThreads) {
  for (const unsigned jobs : {1U, 2U, 8U, 32U}) {
    Counted counted(std::vector<std::uint64_t>(200, 10));
    counted.run(jobs, 35);
    EXPECT_LE(counted.most_held(), 35U) << jobs << " threads";
    EXPECT_EQ(counted.applied(), up_to(200));
  }
}

TEST(Conveyor, LetsAChunkBeyondTheBoundGoAlone) {
  std::vector<std::uint64_t> sizes(60, 10);
  for (const std::size_t i : {0U, 20U, 21U, 59U}) sizes[i] = 1000;
  for (const unsigned jobs : {1U, 4U, 16U}) {
    Counted counted(sizes);
    counted.run(jobs, 100);
    EXPECT_EQ(counted.most_held(), 1000U) << jobs << " threads";
    EXPECT_EQ(counted.most_beside_a_large_one(), 1U) << jobs << " threads";
    EXPECT_EQ(counted.applied(), up_to(60));
  }
}

TEST(Conveyor, CountsAChunkAsWhatItWasOnceItHasBeenRead) {
  // Files whose size nobody could tell: each might fill all that may be held, and none does.
  std::atomic<unsigned> read{0};
  std::atomic<bool> others_were_read{false};
  verifier::Stages stages;
  stages.read = [&](std::uint64_t number) {
    ++read;
    Chunk chunk;
    chunk.bundle.index = number;
    return chunk;
  };
  stages.bytes = [](std::uint64_t) { return 1000; };
  stages.bytes_read = [](const Chunk&) { return 10; };
  stages.apply = [](Chunk&) {};
  stages.check = [&](const Chunk& chunk) {
    if (chunk.bundle.index != 0) return;
    for (int i = 0; i < 5000 && read < 4; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    others_were_read = read >= 4;
  };
  stages.end = [] { return std::uint64_t{10}; };
  stages.progress = [](std::uint64_t) {};
  verifier::Conveyor(std::move(stages), 2, 1050).run();
  EXPECT_TRUE(others_were_read);
  EXPECT_EQ(read, 10U);
}

TEST(Conveyor, ReadsNothingBeforeItIsExpectedAndExpectsNotTooMuch) {
  constexpr std::uint64_t kChunks = 60;
  constexpr std::uint64_t kAhead = 5;
  for (const unsigned jobs : {1U, 3U, 16U}) {
    std::mutex mutex;
    std::set<std::uint64_t> expected;
    std::uint64_t most_ahead = 0;
    std::vector<std::uint64_t> unexpected;
    std::uint64_t read = 0;
    const auto note = [&](std::uint64_t number) {
      const std::scoped_lock lock(mutex);
      if (!expected.contains(number)) unexpected.push_back(number);
    };
    verifier::Stages stages;
    stages.ahead = kAhead;
    stages.expect = [&](std::uint64_t number) {
      // The later of them come first, as answers of a server may.
      std::this_thread::sleep_for(std::chrono::microseconds(number % 2 == 0 ? 400 : 100));
      const std::scoped_lock lock(mutex);
      expected.insert(number);
      most_ahead = std::max(most_ahead, number + 1 - read);
    };
    stages.bytes = [&](std::uint64_t number) {
      note(number);
      return 1;
    };
    stages.read = [&](std::uint64_t number) {
      note(number);
      const std::scoped_lock lock(mutex);
      ++read;
      Chunk chunk;
      chunk.bundle.index = number;
      return chunk;
    };
    stages.bytes_read = [](const Chunk&) { return 1; };
    std::vector<std::uint64_t> applied;
    stages.apply = [&](Chunk& chunk) { applied.push_back(chunk.bundle.index); };
    stages.check = [](const Chunk&) {};
    stages.end = [] { return kChunks; };
    stages.progress = [](std::uint64_t) {};
    verifier::Conveyor(std::move(stages), jobs, 100).run();
    EXPECT_EQ(applied, up_to(kChunks)) << jobs << " threads";
    EXPECT_EQ(unexpected, std::vector<std::uint64_t>()) << jobs << " threads";
    EXPECT_EQ(expected.size(), kChunks);
    // As many as are read at the time come on top.
    EXPECT_LE(most_ahead, kAhead + jobs) << jobs << " threads";
  }
}

TEST(Conveyor, GoesOnWhereNothingMayBeHeld) {
  Counted counted({0, 5, 0, 0, 7, 3});
  counted.run(4, 0);
  EXPECT_EQ(counted.applied(), up_to(6));
  EXPECT_LE(counted.most_held(), 7U);
}

// A source that cannot tell how large its files are.
class Untold : public MemorySource {
 public:
  using MemorySource::MemorySource;
  std::optional<std::uint64_t> size(const std::string&) const override { return std::nullopt; }
};

TEST(Conveyor, IsToldTheBytesOfABundleBeforeTheyAreRead) {
  LargeVillage large;
  large.add_records(300);
  const Files files = large.files();
  verifier::Findings findings;
  const MemorySource source(files);
  const verifier::ChunkReader reader(source, findings);
  const merkle::BundleId full{0, 256};
  const merkle::BundleId partial{1, static_cast<std::uint16_t>(large.rows().size() - 256)};
  for (const merkle::BundleId& bundle : {full, partial})
    EXPECT_EQ(reader.bytes_of(bundle), reader.read(bundle).content_bytes);
  // A full file serves for a partial one, and is read whole.
  EXPECT_EQ(reader.bytes_of({0, 100}), reader.bytes_of(full));
  EXPECT_EQ(reader.bytes_of({7, 256}), 0U);
  const Untold untold(files);
  EXPECT_GT(verifier::ChunkReader(untold, findings).bytes_of(full), 64U << 20);
}

TEST(Conveyor, LeavesTheVerdictTheSameWithAnyBound) {
  LargeVillage large;
  for (int i = 0; i < 3; ++i) large.add_records(400);
  std::vector<LogRow> rows = large.rows();
  for (const std::size_t at : {100U, 600U}) rows[at].signed_statement.clear();
  const Files whole = export_files(rows, SmallVillage::kOrigin, large.village.operator_key);
  for (const std::size_t at : {300U, 900U}) rows[at].signed_statement.back() ^= std::byte{1};
  const Files faulty = export_files(rows, SmallVillage::kOrigin, large.village.operator_key);
  for (const unsigned jobs : {1U, 2U, 8U})
    for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{1} << 20}) {
      verifier::ReplayOptions options;
      options.jobs = jobs;
      options.bytes_in_flight_max = bytes;
      const auto verdict = verifier::replay(MemorySource(whole), large.trust(), options);
      EXPECT_EQ(verdict.outcome, verifier::Outcome::kVerified);
      EXPECT_EQ(verdict.unchecked_entries, 2U);
      EXPECT_EQ(verdict.counts.statements, rows.size() - 2);
      const auto refuted = verifier::replay(MemorySource(faulty), large.trust(), options);
      EXPECT_EQ(refuted.outcome, verifier::Outcome::kRefuted);
      EXPECT_EQ(refuted.entry, LeafIndex{300});
    }
}

}  // namespace
}  // namespace holdfast::testing
