// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json/json.h"
#include "ledger/log/draft.h"
#include "ledger/log/sequencer.h"

// What is submitted over HTTP and what is answered, for both ends. Source: spec/http.md,
// "Submission".
namespace holdfast::json {

// The files of a submission, by their names: a JSON object of base64.
//   a draft:  "statements", "signatures": {"<key id>": ...}, "imports"
//   signed:   "signedStatements", "sideRows", "openings": {"<statement id>": ...}
//   of both:  "contents": {"<statement id>": ...}
struct SubmittedFiles {
  log::DraftFiles draft;
  // Signed statements, each behind its length as u32be. Where it is there, `draft` has contents
  // alone.
  std::optional<Bytes> signed_statements;
  // Each row behind its statement's place (u32be), its table (a byte) and its own length (u32be).
  std::optional<Bytes> side_rows;
  std::map<std::string, Bytes> openings;
};

// Takes these members and nothing else, so that no text makes more in memory than it says. Errors:
// kMalformed, naming the member.
Result<SubmittedFiles> parse_submission(std::string_view text);

// Of files that have signed statements: all of them, in order, with what stands beside each.
// Errors: kMalformed (frames, names, what belongs to no statement here).
Result<std::vector<log::Admission>> admissions_of(SubmittedFiles files);
// The text that gives them back.
std::string format_submission(const std::vector<log::Admission>& admissions);

// {held, size, statements: [{id, index, leafHash, knownAlready}], checkpoint}; `ids` in the order
// of the receipt's positions.
Json to_json(const log::Receipt& receipt, const std::vector<StatementId>& ids);
// Errors: kMalformed.
Result<log::Receipt> parse_receipt(std::string_view text);

}  // namespace holdfast::json
