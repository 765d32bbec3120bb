// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "ledger/core/bytes.h"

namespace holdfast::cli {

// An open file, closed with this. get() is negative where it could not be opened; errno says why.
class File {
 public:
  File(const char* path, int flags, unsigned mode = 0);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

// A whole file. Errors: kNotFound; kUnavailable; kMalformed over `bytes_max`.
Result<Bytes> read_file(const std::string& path, std::size_t bytes_max);

// A new file with these bytes, synced. Errors: kConflict where there is one; kUnavailable.
Result<void> create_file(const std::string& path, ByteView bytes);

// That a directory is not there yet, or empty. `what` it is to be. Errors: kConflict.
Result<void> check_free(const std::string& directory, const std::string& what);
// The absolute path of a directory that is to be made: not there yet, or empty, and not the one
// that the program runs in, which would go from under it. Errors: kConflict; kInvalid.
Result<std::string> new_place(const std::string& directory, const std::string& what);
// Makes, for its owner alone, what is filled before it gets its name. Errors: kConflict where
// another is being filled, or was and was cut short; kUnavailable.
Result<void> make_staging(const std::string& path);
// The directory, with those above it, for its owner alone. Errors: kUnavailable.
Result<void> make_own_directory(const std::string& path);
// Absolute, without links where the parts exist, without a slash at the end. Errors: kUnavailable.
Result<std::filesystem::path> resolved(const std::string& path);
// Whether one such path is the other, or in it.
bool lies_in(const std::filesystem::path& path, const std::filesystem::path& directory);

// That what is to be made there lies in no village's directory. `what` the command line calls it.
// Errors: kInvalid; kUnavailable.
Result<void> check_in_no_village(const std::string& what, const std::string& directory);

// Gives what was made beside its place the name that it is to have. Errors: kUnavailable.
Result<void> rename_directory(const std::string& from, const std::string& to);

}  // namespace holdfast::cli
