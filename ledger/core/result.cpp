// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/core/result.h"

namespace holdfast {

Error::Error(Code of, std::string by_rule, std::string about, std::string is, std::string should_be)
    : code(of),
      rule(std::move(by_rule)),
      what(std::move(about)),
      found(std::move(is)),
      want(std::move(should_be)) {}

ErrorBox::ErrorBox(Error&& error) : error_(new Error(std::move(error))) {}
void ErrorBox::copy(const ErrorBox& other) { error_ = new Error(*other.error_); }
void ErrorBox::destroy() { delete error_; }

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
