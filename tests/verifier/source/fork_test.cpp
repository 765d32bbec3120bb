// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A log that does not go on from where it was seen.
#include <gmock/gmock.h>

#include "tests/verifier/source/remote_copy.h"
#include "verifier/evidence_check.h"
#include "verifier/source/directory.h"

namespace holdfast::testing {
namespace {

using ::testing::HasSubstr;
using verifier::Outcome;
using verifier::Verdict;

class ForkedLog : public RemoteCopy {
 protected:
  // Both lawful, and from one genesis.
  ForkedLog() { seen_.add_records(300); }

  void see() {
    serve(seen_.files());
    expect_outcome(verify(seen_.trust()), Outcome::kVerified);
    clock_.time += kDay;
  }
  void expect_convicted(const Verdict& verdict, const std::string& deed) const {
    ASSERT_NE(verdict.remote->evidence, "");
    const auto bytes = verifier::read_file(verdict.remote->evidence, 1 << 20);
    ASSERT_TRUE(bytes);
    const auto answer = verifier::check_evidence(*bytes, seen_.village.village);
    EXPECT_EQ(answer.outcome, Outcome::kVerified);
    std::string said;
    for (const std::string& sentence : answer.checked) said += sentence + "\n";
    for (const auto& [name, value] : answer.facts) said += value + "\n";
    EXPECT_THAT(said, HasSubstr(deed));
  }
  LargeVillage seen_;
};

TEST_F(ForkedLog, ThatGoesOnIsConsistent) {
  see();
  const std::uint64_t size = seen_.rows().size();
  seen_.add_records(300);
  serve(seen_.files());
  const Verdict verdict = verify(seen_.trust());
  expect_outcome(verdict, Outcome::kVerified);
  ASSERT_TRUE(verdict.remote->seen);
  EXPECT_EQ(verdict.remote->seen->size, TreeSize{size});
  EXPECT_EQ(format_time(verdict.remote->seen->time), "2026-01-01T12:00:00Z");
  EXPECT_EQ(verdict.contains_seen, true);
  EXPECT_EQ(verdict.remote->evidence, "");
}

TEST_F(ForkedLog, OfTheSameSizeIsRefutedWithEvidence) {
  see();
  LargeVillage other;
  other.add_records(149);
  other.add_records(150);
  ASSERT_EQ(other.rows().size(), seen_.rows().size());
  serve(other.files());
  const Verdict verdict = verify(other.trust());
  expect_outcome(verdict, Outcome::kRefuted, "EXPORT-6");
  EXPECT_EQ(verdict.contains_seen, false);
  EXPECT_THAT(describe(*verdict.error), HasSubstr("seen on 2026-01-01T12:00:00Z"));
  expect_convicted(verdict, "twoRoots");
  // It is not forgotten for that.
  expect_outcome(verify(other.trust()), Outcome::kRefuted, "EXPORT-6");
  serve(seen_.files());
  expect_outcome(verify(seen_.trust()), Outcome::kVerified);
}

TEST_F(ForkedLog, ThatHasGrownIsRefutedWithEvidence) {
  // Sizes around those of tiles, so that proofs are made of all that tiles have.
  for (const std::size_t more : {1U, 205U, 206U, 207U, 462U}) {
    see();
    LargeVillage other;
    other.add_records(100);
    other.add_records(200 + more);
    serve(other.files());
    const Verdict verdict = verify(other.trust());
    expect_outcome(verdict, Outcome::kRefuted, "EXPORT-6");
    EXPECT_THAT(verdict.error->what, HasSubstr(std::to_string(seen_.rows().size())));
    expect_convicted(verdict, "rewritten");
  }
}

// The small village under its second operator, with one record more.
SmallVillage small_with(const std::string& text) {
  SmallVillage small;
  model::Record record = small.village.record(text);
  record.guardianship.guardians = {small.village.guardian_spare1.id()};
  small.village.admit(record, {&small.village.guardian_spare1});
  small.seal();
  return small;
}

TEST_F(ForkedLog, UnderALaterOperatorIsRefutedWithTheHistoryOfKeys) {
  const SmallVillage first = small_with("one catch");
  serve(first.files());
  expect_outcome(verify(first.by_village()), Outcome::kVerified);
  const SmallVillage second = small_with("another catch");
  serve(second.files());
  const Verdict verdict = verify(second.by_village());
  expect_outcome(verdict, Outcome::kRefuted, "EXPORT-6");
  expect_convicted(verdict, "version 2 of the village");
}

TEST_F(ForkedLog, ThatNoOperatorSignedConvictsNobody) {
  see();
  LargeVillage other;
  other.add_records(100);
  other.add_records(250);
  serve(export_files(other.rows(), "kelp-bay.invalid/ledger", other.village.stranger));
  const Verdict verdict = verify(other.trust());
  expect_outcome(verdict, Outcome::kRefuted, "NOTE-3");
  EXPECT_EQ(verdict.remote->evidence, "");
}

TEST_F(ForkedLog, ThatIsSmallerCannotBeTold) {
  LargeVillage older;
  older.add_records(100);
  serve(older.files());
  const Files before = older.files();
  older.add_records(400);
  serve(older.files());
  expect_outcome(verify(older.trust()), Outcome::kVerified);
  serve(before);
  const Verdict verdict = verify(older.trust());
  expect_outcome(verdict, Outcome::kCannotTell, "EXPORT-6");
  EXPECT_THAT(verdict.error->want, HasSubstr(std::to_string(older.rows().size()) + " or more"));
  EXPECT_EQ(verdict.contains_seen, std::nullopt);
  // And the larger one is still what is remembered.
  serve(older.files());
  const Verdict again = verify(older.trust());
  expect_outcome(again, Outcome::kVerified);
  EXPECT_EQ(again.remote->seen->size, TreeSize{older.rows().size()});
}

TEST_F(ForkedLog, IsSeenByWhoTrustedTheSameAlone) {
  see();
  const verifier::Trust by_key{
      std::nullopt,
      verifier::operator_vkey("kelp-bay.invalid/ledger", seen_.village.operator_key.public_key())};
  const Verdict first = verify(by_key);
  expect_outcome(first, Outcome::kVerified);
  EXPECT_FALSE(first.remote->seen);
  EXPECT_TRUE(verify(by_key).remote->seen);
}

TEST_F(ForkedLog, IsNotRememberedBeforeItIsVerified) {
  Files wrong = with_a_flip(seen_.files(), "statements/000", 3000);
  serve(wrong);
  expect_outcome(verify(seen_.trust()), Outcome::kRefuted);
  serve(seen_.files());
  EXPECT_FALSE(verify(seen_.trust()).remote->seen);
}

}  // namespace
}  // namespace holdfast::testing
