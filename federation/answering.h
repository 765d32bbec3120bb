// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "federation/disclosure.h"
#include "federation/domain_records.h"
#include "federation/voices.h"
#include "ledger/model/content.h"

// From what a question chose to an answer's fields. Source: spec/envelopes.md, "What an answer
// says".
namespace holdfast::federation {

// What is said, and what was used for it.
struct Said {
  model::Content content;
  std::vector<StatementId> used;   // sorted
  std::size_t of = 0;              // live records of the domain
  std::vector<StatementId> cited;  // sorted; of excerpts and answers
  std::uint32_t items = 0;
  std::uint32_t characters = 0;
  // Of what counts: the query sets that it tells of.
  std::vector<std::vector<StatementId>> told;
};

// Nothing where there is too little to say: below the minimum cell, no cell that may be shown, no
// passage. `voice` speaks in an answer. Errors: kUnavailable.
Result<std::optional<Said>> say(const DomainQuestion& question, const Chosen& chosen,
                                const Care& care, const Voice* voice, crypto::Random& random);

// What an answer's content says, as its reader takes it apart.
struct AnswerPart {
  StatementId record;
  std::string title;
  std::string text;
};
struct AnswerCell {
  std::string value;
  std::uint64_t count = 0;
};
struct AnswerText {
  model::Operation operation = model::Operation::kExists;
  std::uint64_t count = 0;        // of a count
  std::vector<AnswerCell> cells;  // of a histogram, by value
  bool cells_left_out = false;
  std::vector<AnswerPart> parts;  // of excerpts and answers
  std::uint32_t items = 0;        // as an inference counts them
  std::uint32_t characters = 0;
};
// Errors: kMalformed [SAY-1] where it is not as `say` makes it.
Result<AnswerText> read_answer_text(model::Operation operation, const model::Content& content);

}  // namespace holdfast::federation
