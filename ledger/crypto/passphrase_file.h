// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

#include "ledger/core/result.h"
#include "ledger/crypto/secret.h"

namespace holdfast::crypto {

// What is read up to the first newline or the end, without it; at most 1,024 bytes. `what` it is,
// for refusals. A signal ends it where `is_interrupted` says so. Errors: kUnavailable; kInvalid of
// a longer line.
Result<Secret> read_passphrase_line(
    int descriptor, const std::string& what,
    const std::function<bool()>& is_interrupted = [] { return false; });

// The first line of a file, which may be a pipe. Errors: those; kNotFound; kInvalid where the line
// is empty: no key has such a passphrase.
Result<Secret> read_passphrase_file(const std::string& path);

}  // namespace holdfast::crypto
