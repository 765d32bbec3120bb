// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "tests/verifier/rows.h"
#include "tests/verifier/small_village.h"

// What is expected to come of what a dishonest operator does to the rows of a log.
namespace holdfast::testing {

verifier::Verdict replay_rows(const std::vector<LogRow>& rows,
                              const crypto::SigningKey& operator_key, const verifier::Trust& trust);

void expect_refuted(const verifier::Verdict& verdict, std::uint64_t entry, const std::string& rule);
void expect_cannot_tell(const verifier::Verdict& verdict, std::uint64_t entry,
                        const std::string& rule);

}  // namespace holdfast::testing
