// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "verifier/verdict.h"

namespace holdfast::verifier {

// What a small check found, and what it did and did not look at: nobody should take "verified" for
// more than was checked.
struct Answer {
  Outcome outcome = Outcome::kVerified;
  std::optional<Error> error;                              // why it is not verified
  std::vector<std::string> checked;                        // whole sentences
  std::vector<std::string> not_checked;                    // likewise
  std::vector<std::pair<std::string, std::string>> facts;  // named values, in order
};

// Refuted or "cannot tell", by who must act: missing, unreadable or newer is "cannot tell".
Outcome outcome_of(const Error& error);
// `answer` so far, with the outcome of `error`.
Answer fail(Answer answer, Error error);

}  // namespace holdfast::verifier
