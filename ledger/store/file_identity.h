// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <string>

#include "ledger/core/result.h"

// Which file it is, whatever it is called: a file that is open stays what it is when another is put
// in its place, and what is written to it then is seen by nobody.
namespace holdfast::store {

struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

// Of an open file, and of what a path names now. Errors: kNotFound, kUnavailable.
Result<FileIdentity> identity_of(int file, const std::string& path);
Result<FileIdentity> identity_of(const std::string& path);

// Whether `path` still names the file that was opened by it, and how many bytes it has then.
// Cost: one stat. Errors: kConflict, saying what to do; kUnavailable.
Result<std::uint64_t> check_in_place(const std::string& path, const FileIdentity& opened);

}  // namespace holdfast::store
