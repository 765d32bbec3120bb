// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/file_identity.h"

#include <cerrno>
#include <cstring>

namespace holdfast::store {
namespace {

Result<FileIdentity> identity(bool is_there, const struct stat& info, const std::string& path) {
  if (is_there) return FileIdentity{info.st_dev, info.st_ino};
  const bool is_gone = errno == ENOENT || errno == ENOTDIR;
  return Error{is_gone ? Code::kNotFound : Code::kUnavailable, "", "looking at " + path,
               std::strerror(errno), "a village's files"};
}

}  // namespace

Result<FileIdentity> identity_of(int file, const std::string& path) {
  struct stat info {};
  return identity(fstat(file, &info) == 0, info, path);
}

Result<FileIdentity> identity_of(const std::string& path) {
  struct stat info {};
  return identity(stat(path.c_str(), &info) == 0, info, path);
}

Result<std::uint64_t> check_in_place(const std::string& path, const FileIdentity& opened) {
  struct stat info {};
  const auto named = identity(stat(path.c_str(), &info) == 0, info, path);
  if (named && *named == opened) return static_cast<std::uint64_t>(info.st_size);
  if (!named && named.error().code != Code::kNotFound) return named.error();
  return Error{Code::kConflict, "", path,
               named ? "another file than the one that is open" : "no file, where one is open",
               "the one that was opened: somebody has exchanged it under this program, and what "
               "would be written now nobody would ever see. Close the village everywhere, make "
               "sure that its files belong together, and open it again"};
}

}  // namespace holdfast::store
