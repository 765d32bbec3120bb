// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/environment_error.h"

#include <lmdb.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace holdfast::store {

bool means_full(int code) { return code == ENOSPC || code == EDQUOT || code == MDB_MAP_FULL; }

Error full_error(const std::string& directory, const std::string& found) {
  return {Code::kUnavailable, "", "the disk is full: " + directory, found,
          "room: free some space or raise the limit, and submit again; revocations, withdrawals "
          "and erasures still go in"};
}

Error environment_error(const std::string& directory, const char* doing, int code) {
  const std::string what = std::string(doing) + " " + directory;
  switch (code) {
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_BAD_TXN:
    case MDB_BAD_VALSIZE:
    case MDB_INCOMPATIBLE:
    case MDB_KEYEXIST:  // rows are only ever put at the end, or in place of another
      return {Code::kInvalid, "", what, std::string("a damaged file: ") + mdb_strerror(code),
              "an intact one: put a backup in its place"};
    case MDB_VERSION_MISMATCH:
      return {Code::kUnknownVersion, "", what, "a file format of another LMDB",
              "the format of LMDB 0.9"};
    case MDB_PANIC:
      return {Code::kUnavailable, "", what, "a write before this one that failed half way",
              "a new start of this program, which finds out what is durable"};
    case MDB_MAP_RESIZED:
      return {Code::kUnavailable, "", what, "a file that another process has made larger",
              "a moment without readers in this process, or a new start"};
    case EROFS:
      return {Code::kUnavailable, "", what, mdb_strerror(code),
              "a place that can be written: readers too take their place in a lock file. Copy the "
              "village's directory to one, or read an export"};
    case EACCES:
      return {Code::kUnavailable, "", what, mdb_strerror(code),
              "the right to read and write its files: readers too take their place in a lock file. "
              "Ask whoever they belong to, or read an export"};
    case ENOENT: return {Code::kNotFound, "", what, mdb_strerror(code), "a village's files"};
    default:
      if (means_full(code)) return full_error(directory, mdb_strerror(code));
      return {Code::kUnavailable, "", what, mdb_strerror(code), ""};
  }
}

Result<void> require_file(const std::string& path) {
  struct stat info {};
  const bool found = stat(path.c_str(), &info) == 0;
  if (found && S_ISREG(info.st_mode)) return {};
  if (!found && errno != ENOENT && errno != ENOTDIR)
    return Error{Code::kUnavailable, "", path, std::strerror(errno), "a file that you may read"};
  return Error{Code::kNotFound, "", path, "no such file", "a village's files"};
}

}  // namespace holdfast::store
