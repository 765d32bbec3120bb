// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/source/directory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace holdfast::verifier {
namespace {

// A file descriptor that closes itself.
class File {
 public:
  // Not to wait for the other end of a pipe that somebody has put into an export.
  explicit File(const std::string& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

Error unreadable(const std::string& path, int why) {
  if (why == ENOENT || why == ENOTDIR)
    return {Code::kNotFound, "", path, "no such file", "a file to read"};
  return {Code::kUnavailable, "", path, std::strerror(why), "a file that can be read"};
}

}  // namespace

Result<Bytes> read_file(const std::string& path, std::size_t bytes_max) {
  const File file(path);
  if (file.fd() < 0) return unreadable(path, errno);
  struct stat about {};
  if (::fstat(file.fd(), &about) != 0) return unreadable(path, errno);
  if (!S_ISREG(about.st_mode))
    return Error{Code::kUnavailable, "", path, "not a regular file", "a regular file"};
  if (static_cast<std::uint64_t>(about.st_size) > bytes_max)
    return Error{Code::kMalformed, "EXPORT-1", path, std::to_string(about.st_size) + " bytes",
                 "at most " + std::to_string(bytes_max) + " bytes"};
  Bytes bytes(static_cast<std::size_t>(about.st_size));
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::read(file.fd(), bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(path, errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

Result<DirectorySource> DirectorySource::open(const std::string& directory) {
  std::error_code failed;
  if (!std::filesystem::is_directory(directory, failed))
    return Error{Code::kUnavailable, "", directory, "no directory",
                 "the directory of an export (holdfast export writes one)"};
  return DirectorySource(directory);
}

Result<Bytes> DirectorySource::read(const std::string& path, std::size_t bytes_max) const {
  auto bytes = read_file(directory_ + "/" + path, bytes_max);
  if (!bytes) bytes.error().what = path;
  return bytes;
}

std::optional<std::uint64_t> DirectorySource::size(const std::string& path) const {
  struct stat about {};
  if (::stat((directory_ + "/" + path).c_str(), &about) == 0)
    return S_ISREG(about.st_mode) ? static_cast<std::uint64_t>(about.st_size) : 0;
  if (errno == ENOENT || errno == ENOTDIR) return 0;
  return std::nullopt;
}

std::vector<std::string> DirectorySource::list(const std::string& folder) const {
  std::vector<std::string> names;
  std::error_code failed;
  const std::filesystem::path path = std::filesystem::path(directory_) / folder;
  for (std::filesystem::directory_iterator it(path, failed), end; !failed && it != end;
       it.increment(failed))
    names.push_back(it->path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace holdfast::verifier
