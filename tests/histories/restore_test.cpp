// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/restore.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "ledger/log/export.h"
#include "ledger/log/sequencer.h"
#include "tests/histories/history.h"
#include "tests/log/village_fixture.h"
#include "tests/tools/temporary_directory.h"

namespace holdfast::testing {
namespace {

constexpr std::uint64_t kMapBytes = std::uint64_t{1} << 32;

// A copy of a lawful village's log, and a directory to make it again in.
class Restoring : public ::testing::Test {
 protected:
  explicit Restoring(std::uint64_t seed = 7, std::uint64_t entries = 200) : history_(seed) {
    history_.grow_to(entries);
    rows_ = history_.rows();
    checkpoint_ = std::string(as_text(history_.files().at("checkpoint")));
  }

  // Everything, `checkpoint` beside the last.
  Result<void> restore(const std::string& directory) {
    std::filesystem::create_directories(directory);
    TRY_ASSIGN(auto restorer, log::Restorer::create(log::VillagePaths(directory), kMapBytes, 2));
    for (std::size_t i = 0; i < rows_.size(); ++i)
      TRY(restorer.add({rows_[i].entry, rows_[i].signed_statement, rows_[i].opening},
                       i + 1 == rows_.size() ? checkpoint_ : std::string()));
    return restorer.finish();
  }
  Result<void> restored() { return restore(directory_.path() + "/" + std::to_string(++made_)); }
  std::string made() const { return directory_.path() + "/" + std::to_string(made_); }

  std::string refusal() {
    const auto outcome = restored();
    return outcome ? "restored" : describe(outcome.error());
  }

  std::size_t seal_before_the_last() const {
    std::size_t i = rows_.size() - 2;
    while (model::decode_entry(rows_[i].entry)->kind != model::Kind::kSeal) --i;
    return i;
  }

  History history_;
  std::vector<LogRow> rows_;
  std::string checkpoint_;
  tests::TemporaryDirectory directory_;
  int made_ = 0;
};

Files files_below(const std::string& directory) {
  Files files;
  for (const auto& item : std::filesystem::recursive_directory_iterator(directory)) {
    if (!item.is_regular_file()) continue;
    std::ifstream in(item.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const ByteView bytes = as_bytes(text);
    files[item.path().lexically_relative(directory).generic_string()] =
        Bytes(bytes.begin(), bytes.end());
  }
  return files;
}

// An export has no file where there is no opening; the builder writes one all the same.
std::size_t bundles_without_openings(const Files& files) {
  return static_cast<std::size_t>(std::count_if(files.begin(), files.end(), [](const auto& file) {
    return file.first.starts_with("openings/") &&
           std::all_of(file.second.begin(), file.second.end(),
                       [](std::byte byte) { return byte == std::byte{}; });
  }));
}

TEST(Restored, VillagesExportWhatTheyWereRestoredFromByteForByte) {
  for (const std::uint64_t seed : {3, 11, 27, 40}) {
    History history(seed);
    history.grow_to(350);
    const Files files = history.files();
    const std::vector<LogRow> rows = history.rows();
    const tests::TemporaryDirectory directory;
    const log::VillagePaths paths(directory.path() + "/village");
    std::filesystem::create_directories(paths.directory());
    auto restorer = log::Restorer::create(paths, kMapBytes, 2);
    ASSERT_TRUE(restorer);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto added = restorer->add(
          {rows[i].entry, rows[i].signed_statement, rows[i].opening},
          i + 1 == rows.size() ? std::string(as_text(files.at("checkpoint"))) : std::string());
      ASSERT_TRUE(added) << "seed " << seed << ", entry " << i << ": " << describe(added.error());
    }
    const auto finished = restorer->finish();
    ASSERT_TRUE(finished) << describe(finished.error());
    const auto reader = log::Reader::open(paths);
    ASSERT_TRUE(reader);
    ASSERT_TRUE(
        log::export_log(**reader, directory.path() + "/again", log::ExportView::kFull, nullptr));
    Files again = files_below(directory.path() + "/again");
    EXPECT_EQ(again.erase("holdfast-export"), 1u);  // which the builder leaves out
    EXPECT_EQ(again.size() + bundles_without_openings(files), files.size());
    for (const auto& [name, bytes] : again)
      EXPECT_TRUE(files.contains(name) && files.at(name) == bytes) << name << ", seed " << seed;
  }
}

TEST_F(Restoring, MakesAVillageThatGoesOnUnderItsOperatorsKey) {
  ASSERT_TRUE(restored());
  crypto::SystemRandom random;
  const TestClock clock(model::decode_entry(rows_.back().entry)->time);
  log::SequencerOptions options;
  options.anchor_directory = directory_.path() + "/anchors";
  const auto without =
      log::Sequencer::open(log::VillagePaths(made()), std::nullopt, options, clock, random);
  ASSERT_TRUE(without) << describe(without.error());
  ASSERT_TRUE((*without)->read_only());
  EXPECT_NE(describe(*(*without)->read_only()).find("none on this machine"), std::string::npos);
}

TEST_F(Restoring, RefusesAnEntryThatTheRulesMakeOtherwise) {
  auto entry = *model::decode_entry(rows_[5].entry);
  ++entry.time;
  rows_[5].entry = model::encode_entry(entry);
  EXPECT_NE(refusal().find("which the other copy has"), std::string::npos);
}

TEST_F(Restoring, RefusesEntriesThatAreMissingOrExchanged) {
  const auto whole = rows_;
  rows_.erase(rows_.begin() + 6);
  EXPECT_NE(refusal(), "restored");
  rows_ = whole;
  std::swap(rows_[5], rows_[6]);
  EXPECT_NE(refusal(), "restored");
  rows_ = whole;
  rows_.erase(rows_.begin());
  EXPECT_NE(refusal().find("a genesis first"), std::string::npos);
  rows_ = whole;
  rows_.insert(rows_.begin() + 2, rows_.front());
  EXPECT_NE(refusal().find("and nowhere else"), std::string::npos);
}

TEST_F(Restoring, RefusesACopyThatDoesNotEndInACheckpointedSeal) {
  const std::string checkpoint = std::exchange(checkpoint_, "");
  EXPECT_NE(refusal().find("a seal without a checkpoint"), std::string::npos);
  checkpoint_ = checkpoint;
  rows_.pop_back();
  EXPECT_NE(refusal().find("no seal"), std::string::npos);
}

TEST_F(Restoring, RefusesACheckpointOfAnotherSize) {
  rows_.resize(seal_before_the_last() + 1);
  EXPECT_NE(refusal().find("stored checkpoint"), std::string::npos);
}

TEST_F(Restoring, RefusesStatementsThatAreNoStatements) {
  rows_[4].signed_statement.back() ^= std::byte{1};
  EXPECT_NE(refusal(), "restored");
  rows_[4].signed_statement.clear();
  EXPECT_NE(refusal(), "restored");
}

TEST_F(Restoring, RefusesAPlaceWhereAVillageIs) {
  ASSERT_TRUE(restored());
  --made_;
  EXPECT_NE(refusal().find("a directory without one"), std::string::npos);
}

}  // namespace
}  // namespace holdfast::testing
