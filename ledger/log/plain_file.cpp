// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/plain_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace holdfast::log {
namespace {

Error system_error(const std::string& path, int number) {
  const Code code = number == ENOENT                                           ? Code::kNotFound
                    : number == ELOOP || number == ENOTDIR || number == EISDIR ? Code::kInvalid
                                                                               : Code::kUnavailable;
  if (number == ELOOP) return {code, "", path, "a symbolic link", "a plain file"};
  if (number == ENOTDIR) return {code, "", path, "no directory", "a directory"};
  return {code, "", path, std::strerror(number), ""};
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

Result<void> write_all(int file, const std::string& path, ByteView bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::write(file, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return system_error(path, n < 0 ? errno : ENOSPC);
    done += static_cast<std::size_t>(n);
  }
  return {};
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<void> sync_directory(const std::string& path) {
  const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return system_error(path, errno);
  if (::fsync(directory.get()) != 0) return system_error(path, errno);
  return {};
}

// A file beside `path` that holds the bytes on disk; the caller gives it its name.
Result<std::string> write_beside(const std::string& path, ByteView bytes, unsigned mode) {
  std::string name = path + ".XXXXXX";
  const Descriptor file(::mkostemp(name.data(), O_CLOEXEC));
  if (!file) return system_error(path, errno);
  Result<void> written = write_all(file.get(), path, bytes);
  if (written && (::fchmod(file.get(), static_cast<mode_t>(mode)) != 0 || ::fsync(file.get()) != 0))
    written = system_error(path, errno);
  if (!written) {
    ::unlink(name.c_str());
    return written.error();
  }
  return name;
}

DirectoryItem::Type type_of(mode_t mode) {
  if (S_ISREG(mode)) return DirectoryItem::Type::kFile;
  if (S_ISDIR(mode)) return DirectoryItem::Type::kDirectory;
  if (S_ISLNK(mode)) return DirectoryItem::Type::kLink;
  return DirectoryItem::Type::kOther;
}

}  // namespace

Result<Bytes> read_plain_file(const std::string& path, std::size_t bytes_max) {
  // Non-blocking, so that a pipe put in the way is refused instead of waited for.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file) return system_error(path, errno);
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) return system_error(path, errno);
  if (!S_ISREG(status.st_mode))
    return Error{Code::kInvalid, "", path, "no regular file", "a plain file"};
  const auto too_large = [&](std::uint64_t size) {
    return Error{Code::kInvalid, "", path, std::to_string(size) + " bytes",
                 "at most " + std::to_string(bytes_max)};
  };
  if (static_cast<std::uint64_t>(status.st_size) > bytes_max)
    return too_large(static_cast<std::uint64_t>(status.st_size));
  Bytes bytes(static_cast<std::size_t>(status.st_size) + 1);  // one more, to see the end
  std::size_t done = 0;
  while (true) {
    if (done > bytes_max) return too_large(done);
    if (done == bytes.size()) bytes.resize(std::min(bytes_max + 1, bytes.size() * 2));
    const ssize_t n = ::read(file.get(), bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error(path, errno);
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  bytes.resize(done);
  return bytes;
}

Result<void> write_plain_file(const std::string& path, ByteView bytes) {
  const Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644));
  // A pipe that nobody reads answers ENXIO.
  if (!file && errno != ENXIO) return system_error(path, errno);
  struct stat status = {};
  if (file && ::fstat(file.get(), &status) != 0) return system_error(path, errno);
  if (!file || !S_ISREG(status.st_mode))
    return Error{Code::kInvalid, "", path, "no regular file", "a plain file, or none"};
  if (::ftruncate(file.get(), 0) != 0) return system_error(path, errno);
  return write_all(file.get(), path, bytes);
}

Result<void> replace_plain_file(const std::string& path, ByteView bytes, unsigned mode) {
  TRY_ASSIGN(const std::string name, write_beside(path, bytes, mode));
  if (::rename(name.c_str(), path.c_str()) != 0) {
    const int number = errno;
    ::unlink(name.c_str());
    return system_error(path, number);
  }
  return sync_directory(parent_of(path));
}

Result<void> create_plain_file(const std::string& path, ByteView bytes, unsigned mode) {
  TRY_ASSIGN(const std::string name, write_beside(path, bytes, mode));
  const int linked = ::link(name.c_str(), path.c_str());
  const int number = errno;
  ::unlink(name.c_str());
  if (linked != 0 && number == EEXIST)
    return Error{Code::kConflict, "", path, "a file of this name", "none"};
  if (linked != 0) return system_error(path, number);
  return sync_directory(parent_of(path));
}

Result<void> make_directories(const std::string& given, unsigned mode) {
  std::string path = given;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  for (std::size_t end = path.find('/', 1); true; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    const bool last = end == std::string::npos;
    if (::mkdir(part.c_str(), last ? mode : 0755) != 0 && errno != EEXIST)
      return system_error(part, errno);
    if (last) break;
  }
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) return system_error(path, errno);
  if (!S_ISDIR(status.st_mode)) return Error{Code::kInvalid, "", path, "a file", "a directory"};
  return {};
}

Result<void> sync_file_system(const std::string& path) {
  const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return system_error(path, errno);
  if (::syncfs(directory.get()) != 0) return system_error(path, errno);
  return {};
}

Result<void> remove_plain_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return system_error(path, errno);
  return {};
}

void remove_empty_directory(const std::string& path) { ::rmdir(path.c_str()); }

Result<std::vector<DirectoryItem>> list_directory(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path.c_str()), ::closedir);
  if (!directory) return system_error(path, errno);
  std::vector<DirectoryItem> items;
  errno = 0;
  while (const dirent* found = ::readdir(directory.get())) {
    const std::string name = found->d_name;
    if (name == "." || name == "..") continue;
    struct stat status = {};
    if (::fstatat(::dirfd(directory.get()), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0)
      items.push_back({name, type_of(status.st_mode), static_cast<std::uint64_t>(status.st_size)});
    errno = 0;
  }
  if (errno != 0) return system_error(path, errno);
  std::sort(items.begin(), items.end(),
            [](const DirectoryItem& a, const DirectoryItem& b) { return a.name < b.name; });
  return items;
}

}  // namespace holdfast::log
