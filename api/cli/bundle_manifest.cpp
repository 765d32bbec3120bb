// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/bundle_manifest.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "api/cli/file_digest.h"
#include "api/cli/files.h"
#include "api/cli/visible.h"
#include "ledger/crypto/sha256.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kCheckpointBytesMax = 64 * 1024;

Result<std::vector<std::string>> files_in(const std::string& directory) {
  std::vector<std::string> paths;
  std::error_code error;
  for (fs::recursive_directory_iterator item(directory, error), end; !error && item != end;
       item.increment(error)) {
    const fs::file_status status = item->symlink_status(error);
    if (error) break;
    if (fs::is_directory(status)) continue;
    if (!fs::is_regular_file(status))
      return Error{Code::kMalformed, "", visible_line(item->path().string()), "no plain file",
                   "what `holdfast export` writes: plain files only"};
    paths.push_back(item->path().lexically_relative(directory).generic_string());
  }
  if (error)
    return Error{Code::kUnavailable, "", directory, error.message(), "a readable directory"};
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

Result<BundleManifest> bundle_manifest(const std::string& directory) {
  BundleManifest out;
  const auto checkpoint = read_file(directory + "/checkpoint", kCheckpointBytesMax);
  if (!checkpoint)
    return Error{Code::kNotFound, "", "--bundle " + directory, "no file `checkpoint` in it",
                 "a directory that `holdfast export` wrote"};
  out.checkpoint = as_text(*checkpoint);
  TRY_ASSIGN(const auto paths, files_in(directory));
  crypto::Sha256 manifest;
  for (const std::string& path : paths) {
    TRY_ASSIGN(const BytesDigest digest, digest_of_file(directory + "/" + path));
    const std::string line = digest.hex() + "  " + path + "\n";
    manifest.update(as_bytes(line));
  }
  out.files = paths.size();
  out.digest = BytesDigest::from(manifest.finish());
  return out;
}

}  // namespace holdfast::cli
