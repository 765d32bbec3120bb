// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/verifier/forging.h"

#include <gtest/gtest.h>

namespace holdfast::testing {
namespace {

void expect(const verifier::Verdict& verdict, verifier::Outcome outcome, std::uint64_t entry,
            const std::string& rule) {
  ASSERT_TRUE(verdict.error.has_value()) << verifier::outcome_name(verdict.outcome);
  EXPECT_EQ(verdict.outcome, outcome) << describe(*verdict.error);
  EXPECT_EQ(verdict.entry, LeafIndex{entry}) << describe(*verdict.error);
  EXPECT_EQ(verdict.error->rule, rule) << describe(*verdict.error);
  EXPECT_FALSE(verdict.error->found.empty());
  EXPECT_FALSE(verdict.error->want.empty());
}

}  // namespace

verifier::Verdict replay_rows(const std::vector<LogRow>& rows,
                              const crypto::SigningKey& operator_key,
                              const verifier::Trust& trust) {
  return replay(export_files(rows, SmallVillage::kOrigin, operator_key), trust);
}

void expect_refuted(const verifier::Verdict& verdict, std::uint64_t entry,
                    const std::string& rule) {
  expect(verdict, verifier::Outcome::kRefuted, entry, rule);
}

void expect_cannot_tell(const verifier::Verdict& verdict, std::uint64_t entry,
                        const std::string& rule) {
  expect(verdict, verifier::Outcome::kCannotTell, entry, rule);
}

}  // namespace holdfast::testing
