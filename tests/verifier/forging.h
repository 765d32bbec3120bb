// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "tests/verifier/export_builder.h"
#include "tests/verifier/small_village.h"

// What a dishonest operator does to the rows of a log, and what is expected to come of it.
namespace holdfast::testing {

// A pair of a key and a value that nothing else has.
rules::ChangePair some_pair(const std::string& name);

// By key, as pairs are to be.
std::vector<rules::ChangePair> sorted(std::vector<rules::ChangePair> pairs);

// Makes the entry say this kind; nothing else is set right.
void set_kind(LogRow& row, model::Kind kind);
// Gives the entry these pairs, and commits to them.
void set_pairs(LogRow& row, const std::vector<rules::ChangePair>& pairs);
// Links the entries from `first` on to those before them.
void link(std::vector<LogRow>& rows, std::size_t first);

verifier::Verdict replay_rows(const std::vector<LogRow>& rows,
                              const crypto::SigningKey& operator_key, const verifier::Trust& trust);

void expect_refuted(const verifier::Verdict& verdict, std::uint64_t entry, const std::string& rule);
void expect_cannot_tell(const verifier::Verdict& verdict, std::uint64_t entry,
                        const std::string& rule);

}  // namespace holdfast::testing
