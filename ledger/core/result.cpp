// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/core/result.h"

namespace holdfast {

std::string describe(const Error& error) {
  std::string text;
  if (!error.rule.empty()) text += "[" + error.rule + "] ";
  text += error.what;
  if (!error.found.empty()) text += ": found " + error.found;
  if (!error.want.empty()) text += (error.found.empty() ? ": want " : ", want ") + error.want;
  return text;
}

const char* code_name(Code code) {
  switch (code) {
    case Code::kMalformed: return "malformed";
    case Code::kInvalid: return "invalid";
    case Code::kUnauthorised: return "unauthorised";
    case Code::kNotFound: return "not found";
    case Code::kConflict: return "conflict";
    case Code::kUnavailable: return "unavailable";
    case Code::kUnknownVersion: return "unknown version";
  }
  CHECK(false);
}

}  // namespace holdfast
