// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "ledger/core/digest.h"
#include "ledger/core/result.h"
#include "ledger/store/environment.h"

// Files of any size, piece by piece; no link is followed in the last part of a path. What was read
// is wiped from memory: keys are among it.
namespace holdfast::log {

struct FileDigest {
  std::uint64_t bytes = 0;
  BytesDigest digest;
  friend bool operator==(const FileDigest&, const FileDigest&) = default;
};

// Errors: kNotFound; kInvalid for what is no regular file; kUnavailable.
Result<FileDigest> digest_of_plain_file(const std::string& path,
                                        const store::CopyProgress& progress);
// Makes `to`, mode 0600; not on disk yet when it returns. Answers with what was copied. Errors: as
// above; kConflict where `to` is there.
Result<FileDigest> copy_plain_file(const std::string& from, const std::string& to,
                                   const store::CopyProgress& progress);

// How much room is left below a directory for who runs this. Errors: kUnavailable.
Result<std::uint64_t> free_bytes(const std::string& directory);

}  // namespace holdfast::log
