// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "ledger/core/bytes.h"
#include "ledger/core/result.h"

// Ordinary files and directories that people hand to each other: exports, drafts, documents.
// Whoever fills them may be hostile, so nothing here follows a symbolic link in the last part of a
// path, opens a device, or reads more than it was told to. Errors carry the path and the system's
// own words.
namespace holdfast::log {

// Errors: kNotFound; kInvalid for what is no regular file or is larger than bytes_max;
// kUnavailable.
Result<Bytes> read_plain_file(const std::string& path, std::size_t bytes_max);

// Creates or replaces; not durable until sync_file_system. Errors: kInvalid for what is no
// regular file, symbolic links included; kUnavailable.
Result<void> write_plain_file(const std::string& path, ByteView bytes);
// Replaces in one step and is on disk when this returns. `mode` as chmod takes it.
Result<void> replace_plain_file(const std::string& path, ByteView bytes, unsigned mode = 0644);
// Makes the file durably and whole, or leaves the one that is there. Errors: kConflict if there is
// one.
Result<void> create_plain_file(const std::string& path, ByteView bytes, unsigned mode);

// The directory and those above it that are missing. `mode` is that of the last one, where it is
// made. Errors: kInvalid if a part is no directory.
Result<void> make_directories(const std::string& path, unsigned mode = 0755);
// Writes everything of the file system that holds `directory` to disk: one wait for many files.
Result<void> sync_file_system(const std::string& directory);
Result<void> remove_plain_file(const std::string& path);
// Leaves a directory that is not empty, or not there, as it is.
void remove_empty_directory(const std::string& path);

struct DirectoryItem {
  enum class Type { kFile, kDirectory, kLink, kOther };
  std::string name;
  Type type = Type::kOther;
  std::uint64_t bytes = 0;  // of a file
};
// Sorted by name; "." and ".." left out. Errors: kNotFound, kInvalid (no directory), kUnavailable.
Result<std::vector<DirectoryItem>> list_directory(const std::string& path);

}  // namespace holdfast::log
