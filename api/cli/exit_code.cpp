// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/exit_code.h"

#include "api/cli/flag.h"

namespace holdfast::cli {

namespace {

// What refuses a value names the place that it was written in: "--flag", or "argument NAME".
bool names_an_option(const std::string& what) {
  return what.starts_with("--") || what.starts_with(kArgument);
}

bool is_usage(const Error& error) {
  return (error.code == Code::kMalformed || error.code == Code::kInvalid) && error.rule.empty() &&
         names_an_option(error.what);
}

}  // namespace

const char* outcome_name(const Error& error) {
  return is_usage(error) ? "usage" : code_name(error.code);
}

ExitCode exit_code_of(const Error& error) {
  if (is_usage(error)) return ExitCode::kUsage;
  switch (error.code) {
    case Code::kMalformed:
    case Code::kInvalid:
    case Code::kUnauthorised:
    case Code::kConflict: return ExitCode::kRefused;
    case Code::kNotFound: return ExitCode::kNotFound;
    case Code::kUnavailable:
    case Code::kUnknownVersion: return ExitCode::kUnavailable;
  }
  return ExitCode::kRefused;
}

const char* exit_code_help() {
  return "Exit status:\n"
         "  0  done (and durable, where it changes something)\n"
         "  1  refused: a rule, a signature, a passphrase, the input or a peer says no. What was "
         "refused\n"
         "     changed nothing; what was sequenced on the way to it stays, as `ask` keeps what "
         "peers "
         "said\n"
         "  2  usage: the command line makes no sense, or a value in it has the wrong form\n"
         "  3  unavailable: read-only, disk full, locked, withheld, made by a newer program; a "
         "damaged\n"
         "     database stopped the program; or an import was stopped by Ctrl-C before its end\n"
         "  4  not found: no such village, key, domain, record or entry\n"
         "  5  a draft was written: more signatures are needed before it is sequenced";
}

}  // namespace holdfast::cli
