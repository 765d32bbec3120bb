// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "ledger/core/digest.h"
#include "ledger/core/result.h"

namespace holdfast::cli {

inline constexpr const char* kDigestForm = "a file, or sha256: and 64 hex digits";

// SHA-256 of a whole file, read piece by piece: weights are larger than memory.
// Errors: kNotFound; kUnavailable where it cannot be read, or is no file.
Result<BytesDigest> digest_of_file(const std::string& path);

// What `flag` names: a file's digest, or one that is given as sha256:HEX. Errors: as above;
// kMalformed.
Result<BytesDigest> given_digest(const char* flag, const std::string& text);

}  // namespace holdfast::cli
