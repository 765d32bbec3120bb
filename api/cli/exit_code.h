// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/core/result.h"

namespace holdfast::cli {

// What `holdfast` exits with. `holdfast --help` prints this table; scripts may rely on it.
enum class ExitCode : int {
  kDone = 0,         // what was asked for is done, and durable where it changes something
  kRefused = 1,      // a rule, a signature, a passphrase, the input or a peer says no: that changed
                     // nothing, but what was sequenced on the way to it stays
  kUsage = 2,        // the command line makes no sense, or a value in it has the wrong form
  kUnavailable = 3,  // not now: read-only, disk full, locked, withheld, newer; stopped by Ctrl-C,
                     // or by a damaged database
  kNotFound = 4,     // no such village, key, domain, record, entry
  kDraft = 5,        // a draft was written: more signatures are needed before it is sequenced
};

ExitCode exit_code_of(const Error& error);

// "usage" where what is wrong is how something on the command line is written; else code_name.
const char* outcome_name(const Error& error);

// The table above in words, for --help.
const char* exit_code_help();

}  // namespace holdfast::cli
