// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/exit_code.h"

namespace holdfast::cli {

ExitCode exit_code_of(const Error& error) {
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
         "  1  refused: a rule, a signature, a passphrase or the input says no; nothing was "
         "changed\n"
         "  2  usage: the command line makes no sense\n"
         "  3  unavailable: read-only, disk full, locked, withheld, made by a newer program; a "
         "damaged\n"
         "     database stopped the program; or an import was stopped by Ctrl-C before its end\n"
         "  4  not found: no such village, key, domain, record or entry\n"
         "  5  a draft was written: more signatures are needed before it is sequenced";
}

}  // namespace holdfast::cli
