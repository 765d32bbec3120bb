// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <utility>

#include "ledger/core/result.h"

namespace holdfast::cli {

// The value that was read from a flag's text; a refusal of it names the flag and the text, and says
// in `form` (where given, else in the refusal's own words) what is allowed. What is no fault of the
// text (a file that cannot be read) stays as it is.
template <typename T>
Result<T> value_of(const char* flag, const std::string& text, Result<T> read,
                   const char* form = nullptr) {
  if (read) return read;
  Error error = std::move(read).error();
  if (error.code == Code::kUnavailable || error.code == Code::kUnknownVersion) return error;
  const std::string quoted = "\"" + text + "\"";
  // The text itself is no news behind the quoted one.
  const bool same = error.found.empty() || error.found == text || error.found == quoted;
  error.found = same ? quoted : quoted + ", " + error.found;
  error.what = flag;
  if (form != nullptr) error.want = form;
  return error;
}

inline constexpr const char* kArgument = "argument ";

// The same for an argument, in capitals as --help has it, where its form is wrong; what is refused
// for what it names stays as it is.
template <typename T>
Result<T> argument_of(const std::string& argument, const std::string& text, Result<T> read) {
  if (read || read.error().code != Code::kMalformed) return read;
  return value_of((kArgument + argument).c_str(), text, std::move(read));
}

}  // namespace holdfast::cli
