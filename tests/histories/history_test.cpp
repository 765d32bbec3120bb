// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/histories/history.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "tests/verifier/small_village.h"
#include "verifier/source/directory.h"
#include "verifier/withheld.h"

namespace holdfast::testing {
namespace {

using verifier::Outcome;
using verifier::Verdict;

constexpr std::uint64_t kEntries = 300;

// A hundred, in parts that run beside one another; fewer under sanitizers.
#ifndef HOLDFAST_HISTORIES_IN_PART
#define HOLDFAST_HISTORIES_IN_PART 25
#endif
class GeneratedHistories : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  static constexpr std::uint64_t kInPart = HOLDFAST_HISTORIES_IN_PART;

  template <typename Do>
  static void each(const Do& judge) {
    for (std::uint64_t i = 0; i < kInPart; ++i) {
      const std::uint64_t seed = GetParam() * kInPart + i;
      SCOPED_TRACE("seed " + std::to_string(seed));
      History history(seed);
      history.grow_to(kEntries);
      judge(history, seed);
      if (HasFailure()) return;
    }
  }
  static std::string said(const Verdict& verdict) {
    std::string out = verifier::outcome_name(verdict.outcome);
    if (verdict.entry) out += " at entry " + std::to_string(verdict.entry->value);
    return out + (verdict.error ? ": " + describe(*verdict.error) : "");
  }
};
INSTANTIATE_TEST_SUITE_P(Parts, GeneratedHistories, ::testing::Range<std::uint64_t>(0, 4));

TEST_P(GeneratedHistories, AreVerifiedWithTheRootsOfTheSimplestLedger) {
  each([](const History& history, std::uint64_t) {
    const Verdict verdict = replay(history.files(), history.trust(), 1, true);
    ASSERT_EQ(verdict.outcome, Outcome::kVerified) << said(verdict);
    // The quick ledger's roots were sealed and are the verifier's; these are computed anew.
    const SimpleLedger& simple = history.ledger();
    EXPECT_EQ(verdict.root, simple.SimpleLedger::root_of_first(simple.size()));
    EXPECT_EQ(*simple.state_root(), *simple.SimpleLedger::state_root());
  });
}

bool may_hide(const LogRow& row) {
  return !verifier::must_be_open(model::decode_entry(row.entry)->kind);
}

TEST_P(GeneratedHistories, AreNeverRefutedWhereStatementsAreWithheld) {
  each([](const History& history, std::uint64_t seed) {
    Dice dice(seed);
    for (const unsigned percent : {5U, 30U, 90U}) {
      std::vector<LogRow> rows = history.rows();
      for (LogRow& row : rows)
        if (may_hide(row) && dice.chance(percent)) {
          row.signed_statement.clear();
          row.opening.clear();
        }
      const Verdict verdict =
          replay(export_files(rows, history.village().origin, history.village().operator_key),
                 history.trust());
      ASSERT_NE(verdict.outcome, Outcome::kRefuted) << percent << "%: " << said(verdict);
    }
  });
}

TEST_P(GeneratedHistories, AreNeverRefutedWhereOpeningsOrPairsAreWithheld) {
  each([](const History& history, std::uint64_t seed) {
    Dice dice(seed);
    std::vector<LogRow> rows = history.rows();
    for (LogRow& row : rows) {
      if (dice.chance(50)) row.opening.clear();
      if (dice.chance(30)) row.pairs.clear();
      if (may_hide(row) && dice.chance(20)) row.signed_statement.clear();
      if (row.signed_statement.empty()) row.opening.clear();
    }
    const Verdict verdict =
        replay(export_files(rows, history.village().origin, history.village().operator_key),
               history.trust());
    ASSERT_NE(verdict.outcome, Outcome::kRefuted) << said(verdict);
  });
}

// Every file is as likely as another, and so is every byte of it.
TEST_P(GeneratedHistories, AreNeverVerifiedWithAByteChanged) {
  each([](const History& history, std::uint64_t seed) {
    Dice dice(seed);
    const Files whole = history.files();
    std::vector<std::string> paths;
    for (const auto& [path, bytes] : whole)
      if (!bytes.empty()) paths.push_back(path);
    std::string openings;
    for (const std::string& path : paths)
      if (path.starts_with("openings/")) openings = path;
    for (int i = 0; i < 6; ++i) {
      Files files = whole;
      const std::string& path = i < 4 || openings.empty() ? dice.pick(paths) : openings;
      Bytes& bytes = files[path];
      const std::size_t at = dice.below(bytes.size());
      bytes[at] ^= static_cast<std::byte>(dice.between(1, 255));
      const Verdict verdict = replay(files, history.trust());
      ASSERT_NE(verdict.outcome, Outcome::kVerified) << path << ", byte " << at;
    }
  });
}

// The first history with an answer that hides what it used, and where that is.
std::pair<std::unique_ptr<History>, std::size_t> some_opening() {
  for (std::uint64_t seed = 0;; ++seed) {
    auto history = std::make_unique<History>(seed);
    history->grow_to(kEntries);
    const auto rows = history->rows();
    for (std::size_t at = 0; at < rows.size(); ++at)
      if (!rows[at].opening.empty()) return {std::move(history), at};
  }
}

TEST(GeneratedHistory, WithAnOpeningOfANewerVersionCannotBeTold) {
  const auto [history, at] = some_opening();
  std::vector<LogRow> rows = history->rows();
  rows[at].opening[8] = std::byte{2};  // behind the root pointer
  const Verdict verdict =
      replay(export_files(rows, history->village().origin, history->village().operator_key),
             history->trust());
  EXPECT_EQ(verdict.outcome, Outcome::kCannotTell);
  EXPECT_EQ(verdict.entry, LeafIndex{at});
  EXPECT_EQ(verdict.error->rule, "BYTES-1");
}

TEST(GeneratedHistory, IsTheSameFromTheSameSeed) {
  History one(7);
  History other(7);
  History another(8);
  for (History* history : {&one, &other, &another}) history->grow_to(120);
  EXPECT_EQ(one.files(), other.files());
  EXPECT_NE(one.ledger().root(), another.ledger().root());
}

TEST(GeneratedHistory, IsTheSameWhereItsRowsAreNotKept) {
  History kept(7);
  kept.grow_to(900);
  History streamed(7);
  const std::string directory = ::testing::TempDir() + "/streamed-history";
  std::filesystem::remove_all(directory);
  ExportWriter writer(directory);
  streamed.hand_on([&](const LogRow& row) { writer.add(row); });
  streamed.grow_to(900);
  writer.finish(streamed.village().origin, streamed.village().operator_key);
  for (const auto& [path, bytes] : kept.files()) {
    const auto written = verifier::read_file(directory + "/" + path, bytes.size());
    ASSERT_TRUE(written) << path;
    EXPECT_EQ(*written, bytes) << path;
  }
  std::filesystem::remove_all(directory);
}

TEST(GeneratedHistory, HasStatementsOfEveryKindAndRecordsAboveAll) {
  std::map<model::Kind, std::size_t> seen;
  std::size_t all = 0;
  for (std::uint64_t seed = 1000; seed < 1030; ++seed) {
    History history(seed);
    history.grow_to(kEntries);
    for (const auto& item : history.ledger().items()) ++seen[item.entry.kind];
    all += history.ledger().items().size();
  }
  for (std::uint16_t number = 1; number <= model::kKindMax; ++number) {
    const auto kind = static_cast<model::Kind>(number);
    EXPECT_GT(seen[kind], 0U) << model::kind_name(kind);
    RecordProperty(model::kind_name(kind), static_cast<int>(seen[kind]));
    EXPECT_LE(seen[kind], seen[model::Kind::kRecord]);
  }
  EXPECT_GT(seen[model::Kind::kRecord], all / 4);
}

}  // namespace
}  // namespace holdfast::testing
