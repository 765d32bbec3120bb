// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "ledger/core/digest.h"
#include "ledger/core/result.h"

namespace holdfast::cli {

// What an exit commits of a bundle, a directory that `holdfast export` wrote: the SHA-256 of a
// manifest, one line for each file in it at any depth, the checkpoint among them,
//
//   <SHA-256 of the file in hex> <two spaces> <path in the directory, '/' between> <newline>
//
// sorted by path as bytes. So `find . -type f`, sorted, through sha256sum gives the same text.
struct BundleManifest {
  BytesDigest digest;
  std::string checkpoint;  // its signed note
  std::size_t files = 0;
};
// Errors: kNotFound where no bundle is there; kMalformed where something in it is no plain file;
// kUnavailable.
Result<BundleManifest> bundle_manifest(const std::string& directory);

}  // namespace holdfast::cli
