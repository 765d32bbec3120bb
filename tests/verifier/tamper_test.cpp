// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <random>

#include "tests/verifier/large_village.h"
#include "tests/verifier/small_village.h"

namespace holdfast::testing {
namespace {

using verifier::Outcome;
using verifier::Verdict;

std::string shown(const Verdict& verdict) {
  return std::string(verifier::outcome_name(verdict.outcome)) + ": " +
         (verdict.error ? describe(*verdict.error) : "");
}

// Flips one random bit of each `step`th byte of every file from `first` on, one at a time.
void flip_bytes(const Files& files, const verifier::Trust& trust, std::size_t first,
                std::size_t step) {
  std::mt19937 random(24);  // NOLINT(cert-msc51-cpp): the same bits every time
  MemorySource source(files);
  for (auto& [path, bytes] : source.files())
    for (std::size_t i = first; i < bytes.size(); i += step) {
      const auto bit = static_cast<std::byte>(1U << (random() % 8));
      bytes[i] ^= bit;
      const Verdict verdict = verifier::replay(source, trust, {});
      ASSERT_EQ(verdict.outcome, Outcome::kRefuted)
          << path << " byte " << i << " bit " << static_cast<int>(bit) << ": " << shown(verdict);
      bytes[i] ^= bit;
    }
}

// Every byte, in shares that run beside each other.
class TamperingWithAnyByte : public ::testing::TestWithParam<std::size_t> {
 public:
  static constexpr std::size_t kShares = 6;
};

TEST_P(TamperingWithAnyByte, OfASmallExportIsRefutedByTheVillagesId) {
  const SmallVillage small;
  flip_bytes(small.files(), small.by_village(), GetParam(), kShares);
}

INSTANTIATE_TEST_SUITE_P(Share, TamperingWithAnyByte,
                         ::testing::Range(std::size_t{0}, TamperingWithAnyByte::kShares));

TEST(Tampering, OfASmallExportIsRefutedByTheOperatorsKey) {
  const SmallVillage small;
  flip_bytes(small.files(), small.by_vkey(), 2, 7);
}

TEST(Tampering, OfASampleOfALargeExportIsRefuted) {
  LargeVillage large;
  for (int i = 0; i < 10; ++i) large.add_records(999);
  MemorySource source(large.files());
  std::vector<std::string> paths;
  for (const auto& [path, bytes] : source.files()) paths.push_back(path);
  std::mt19937 random(10000);  // NOLINT(cert-msc51-cpp): the same bytes every time
  for (int i = 0; i < 32; ++i) {
    const std::string& path = paths[random() % paths.size()];
    Bytes& bytes = source.files()[path];
    const std::size_t at = random() % bytes.size();
    const auto bit = static_cast<std::byte>(1U << (random() % 8));
    bytes[at] ^= bit;
    const Verdict verdict = verifier::replay(source, large.trust(), {});
    EXPECT_EQ(verdict.outcome, Outcome::kRefuted)
        << path << " byte " << at << ": " << shown(verdict);
    bytes[at] ^= bit;
  }
}

TEST(Tampering, OfTheEndOfAnyFileIsRefuted) {
  const SmallVillage small;
  const Files files = small.files();
  for (const auto& [path, bytes] : files)
    for (const std::size_t cut : {std::size_t{1}, std::size_t{2}, bytes.size() / 2, bytes.size()}) {
      Files tampered = files;
      tampered[path].resize(bytes.size() - cut);
      const Verdict verdict = replay(tampered, small.by_village());
      EXPECT_EQ(verdict.outcome, Outcome::kRefuted)
          << path << " -" << cut << ": " << shown(verdict);
    }
}

TEST(Tampering, ByAppendingToAnyFileIsRefuted) {
  const SmallVillage small;
  const Files files = small.files();
  for (const auto& [path, bytes] : files) {
    Files tampered = files;
    tampered[path].push_back(std::byte{0});
    const Verdict verdict = replay(tampered, small.by_village());
    EXPECT_EQ(verdict.outcome, Outcome::kRefuted) << path << ": " << shown(verdict);
  }
}

TEST(Tampering, ByTakingAFileAwayCannotBeTold) {
  const SmallVillage small;
  const Files files = small.files();
  for (const auto& [path, bytes] : files) {
    Files tampered = files;
    tampered.erase(path);
    const Verdict verdict = replay(tampered, small.by_village());
    EXPECT_EQ(verdict.outcome, Outcome::kCannotTell) << path << ": " << shown(verdict);
    EXPECT_NE(describe(*verdict.error).find(path), std::string::npos);
    if (path == "checkpoint") continue;
    EXPECT_EQ(verdict.missing, std::vector<std::string>{path});
  }
}

TEST(Tampering, IsRefutedEvenWhereAnotherFileIsMissing) {
  const SmallVillage small;
  Files files = small.files();
  files.erase("statements/000.p/24");
  files["tile/0/000.p/24"][700] ^= std::byte{1};
  const Verdict verdict = replay(files, small.by_village());
  EXPECT_EQ(verdict.outcome, Outcome::kRefuted);
  EXPECT_EQ(verdict.entry, LeafIndex{21});
}

TEST(Tampering, WithAnEnormousClaimedSizeEnds) {
  const SmallVillage small;
  Files files = small.files();
  model::Note note;
  note.text =
      model::format_checkpoint({SmallVillage::kOrigin, {std::uint64_t{1} << 62}, Root{}, {}});
  note.signatures = {model::sign_note(note.text, SmallVillage::kOrigin, small.new_operator)};
  files["checkpoint"] = to_bytes(model::format_note(note));
  EXPECT_EQ(replay(files, small.by_village()).outcome, Outcome::kCannotTell);
}

TEST(Tampering, WithAnEntrysStatementAndTheHashesAboveItIsRefutedByItsSignature) {
  // The thief rebuilds everything that needs no key: statement hash, chain, tiles; the operator
  // helps with a new checkpoint. What a guardian signed still gives it away.
  LargeVillage large;
  model::Record record = large.village.record("forged");
  const Bytes honest = model::encode_statement(large.statement(record));
  model::SignedStatement forged =
      sign(large.statement(record), {&large.village.guardian1, &large.village.guardian2});
  forged.statement = honest;
  large.admit(forged);
  large.seal();
  const Verdict verdict = replay(large.files(), large.trust());
  EXPECT_EQ(verdict.outcome, Outcome::kRefuted);
  EXPECT_EQ(verdict.entry, LeafIndex{4});
  EXPECT_EQ(verdict.error->rule, "SIG-4");
}

}  // namespace
}  // namespace holdfast::testing
