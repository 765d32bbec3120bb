// SPDX-License-Identifier: AGPL-3.0-or-later
// Key files on disk: made once, durable, private, never overwritten.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "ledger/crypto/key_file.h"

namespace holdfast::crypto {
namespace {

class File {
 public:
  File(const std::string& path, int flags, mode_t mode = 0)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

Error system_error(Code code, const std::string& what, std::string want) {
  return {code, "", what, std::strerror(errno), std::move(want)};
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// A new name is on disk once its directory is.
bool sync_directory_of(const std::string& path) {
  const File directory(directory_of(path), O_RDONLY | O_DIRECTORY);
  return directory.is_open() && ::fsync(directory.get()) == 0;
}

}  // namespace

Result<void> create_key_file(const std::string& path, const KeyFile& file) {
  const File out(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (!out.is_open())
    return system_error(errno == EEXIST ? Code::kConflict : Code::kUnavailable, "key file " + path,
                        "a path where a new file can be made");
  if (write_all(out.get(), format_key_file(file)) && ::fsync(out.get()) == 0 &&
      sync_directory_of(path))
    return {};
  const Error error = system_error(Code::kUnavailable, "key file " + path, "to write it to disk");
  ::unlink(path.c_str());
  return error;
}

Result<void> destroy_key_file(const std::string& path) {
  {
    const File file(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (!file.is_open() && errno == ENOENT) return {};
    struct stat status {};
    const bool is_known = file.is_open() && ::fstat(file.get(), &status) == 0;
    // Of a key file no more than a key file has: whatever else is under this name is left whole.
    const auto size = static_cast<std::size_t>(is_known ? status.st_size : 0);
    const bool is_file = is_known && S_ISREG(status.st_mode) && size <= kKeyFileBytesMax;
    if (!is_file || !write_all(file.get(), std::string(size, '\0')) || ::fsync(file.get()) != 0)
      return system_error(Code::kUnavailable, "key file " + path, "one that can be destroyed");
  }
  if (::unlink(path.c_str()) == 0 && sync_directory_of(path)) return {};
  return system_error(Code::kUnavailable, "key file " + path, "one that can be destroyed");
}

Result<KeyFile> read_key_file(const std::string& path) {
  // O_NONBLOCK: a pipe or device under this name must not hold us up before fstat tells.
  const File in(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!in.is_open())
    return system_error(errno == ENOENT ? Code::kNotFound : Code::kUnavailable, "key file " + path,
                        "a readable file");
  struct stat status {};
  if (::fstat(in.get(), &status) != 0)
    return system_error(Code::kUnavailable, "key file " + path, "a readable file");
  if (!S_ISREG(status.st_mode))
    return Error{Code::kMalformed, "", "key file " + path, "no regular file", "a regular file"};

  std::string text(kKeyFileBytesMax + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(in.get(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(Code::kUnavailable, "key file " + path, "a readable file");
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  auto file = parse_key_file(text);
  if (!file) file.error().what = path + ": " + file.error().what;
  return file;
}

}  // namespace holdfast::crypto
