// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "federation/answering.h"
#include "federation/correspondence.h"
#include "ledger/model/record.h"

// What must hold before a word of an answer is used. Source: spec/envelopes.md, "At the asker".
namespace holdfast::federation {

// One thing that was looked at, and what was found: shown to whoever asks why.
struct Check {
  std::string what;
  std::string found;
};
using Checks = std::vector<Check>;

// A record that an answer rests on, with who answers for it and on which terms.
struct Citation {
  StatementId record;
  model::Record terms;
  std::size_t guardians = 0;  // of the domain as it is now, that signed it
  std::size_t threshold = 0;
  // Else guardians who were replaced since have signed it, or nobody: it rests on the peer's log.
  bool is_attested() const { return threshold > 0 && guardians >= threshold; }
};

struct CheckedAnswer {
  StatementId inference;
  LeafIndex index;
  model::Inference statement;
  StatementId domain;
  std::string domain_slug;
  model::Grant grant;
  model::ShapeTemplate shape;
  model::Content content;
  AnswerText text;
  std::vector<Citation> cited;
  TreeSize size;
  Seconds sealed_at = 0;
};

// The seal is of now, by this village's clock. Errors: kInvalid [ANSWER-2].
Result<void> check_fresh(const rules::PeerSight& sight, Seconds now);

// `query_id` is the id of the envelope that asked. `checks` gets what held, in order; the first
// that does not is the error. Errors: kInvalid, kUnauthorised, kNotFound [ANSWER-1] to [ANSWER-9];
// of decoding.
Result<CheckedAnswer> check_answer(const Correspondence::Received& received,
                                   const model::Answer& answer, const model::Query& query,
                                   const model::EnvelopeId& query_id, const StatementId& own,
                                   Seconds now, Checks& checks);

struct CheckedRefusal {
  std::string reason;
  std::optional<StatementId> inference;  // none: the holder only counted it
  LeafIndex index;
  std::optional<model::Statement> behind;
};
// Errors: as above, [REFUSAL-1].
Result<CheckedRefusal> check_refusal(const Correspondence::Received& received,
                                     const model::Refusal& refusal,
                                     const model::EnvelopeId& query_id, Checks& checks);

}  // namespace holdfast::federation
