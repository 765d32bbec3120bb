// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "ledger/model/statement.h"

namespace holdfast::cli {

// The terms under which a record is held: the same options wherever records are made.
struct RecordTerms {
  std::vector<std::string> policy;    // --policy read,share,train,export,delete; none given: read
  std::vector<std::string> labels;    // --label
  std::vector<std::string> notices;   // --notice
  std::string tikanga;                // --tikanga
  std::string language;               // --language
  std::vector<std::string> authored;  // --authored, --stewarded, --approved: key id or role
  std::vector<std::string> stewarded;
  std::vector<std::string> approved;
};
void add_record_terms(CLI::App& command, RecordTerms& terms);

// The record but for content root and media type. `guardians` are the key ids of the domain's
// guardians. Errors: kInvalid, kMalformed, naming the option.
Result<model::Record> record_under(const RecordTerms& terms, const StatementId& domain,
                                   std::vector<KeyId> guardians);

// Whether those of the terms that were given are the record's own; what was not given is not
// compared. `wanted` is what record_under made of them.
bool is_under(const model::Record& record, const RecordTerms& terms, const model::Record& wanted);

}  // namespace holdfast::cli
