// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "verifier/source/source.h"

namespace holdfast::verifier {

// An export in a directory of this machine. Only regular files are read.
class DirectorySource : public Source {
 public:
  // Errors: kUnavailable if there is no such directory.
  static Result<DirectorySource> open(const std::string& directory);

  Result<Bytes> read(const std::string& path, std::size_t bytes_max) const override;
  std::optional<std::uint64_t> size(const std::string& path) const override;
  std::vector<std::string> list(const std::string& folder) const override;

 private:
  explicit DirectorySource(std::string directory) : directory_(std::move(directory)) {}
  std::string directory_;
};

// One file by its path on this machine. Errors: as Source::read.
Result<Bytes> read_file(const std::string& path, std::size_t bytes_max);

}  // namespace holdfast::verifier
