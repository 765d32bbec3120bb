// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/answer.h"

namespace holdfast::verifier {

Outcome outcome_of(const Error& error) {
  switch (error.code) {
    case Code::kNotFound:
    case Code::kUnavailable:
    case Code::kUnknownVersion: return Outcome::kCannotTell;
    default: return Outcome::kRefuted;
  }
}

Answer fail(Answer answer, Error error) {
  answer.outcome = outcome_of(error);
  answer.error = std::move(error);
  return answer;
}

}  // namespace holdfast::verifier
