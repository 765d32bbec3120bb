// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "ledger/model/statement.h"
#include "tests/rules/simple_ledger.h"
#include "tests/verifier/export_builder.h"

// The rows of a log, and what a dishonest operator does to them.
namespace holdfast::testing {

// The ledger as an export has it.
LogRow row_of(const SimpleLedger::Item& item);
std::vector<LogRow> rows_of(const SimpleLedger& ledger);

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

}  // namespace holdfast::testing
