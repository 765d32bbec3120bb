// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/durable_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "ledger/store/file_identity.h"

namespace holdfast::store {
namespace {

constexpr std::size_t kSmallFileBytesMax = 64 * 1024;

Error failed(const char* doing, const std::string& path) {
  return {Code::kUnavailable, "", std::string(doing) + " " + path, std::strerror(errno), ""};
}

bool means_no_room(int number) { return number == ENOSPC || number == EDQUOT; }

class File {
 public:
  explicit File(int file) : file_(file) {}
  ~File() {
    if (file_ >= 0) close(file_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return file_; }
  bool is_open() const { return file_ >= 0; }

 private:
  int file_;
};

std::string parent_of(const std::string& path) {
  const auto slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t done = write(file, text.data(), text.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(done));
  }
  return true;
}

}  // namespace

Result<void> replace_file(const std::string& path, std::string_view text, bool* full) {
  if (full != nullptr) *full = false;
  const std::string fresh = path + ".new." + std::to_string(getpid());
  const auto give_up = [&](const char* doing) {
    if (full != nullptr) *full = means_no_room(errno);
    Error error = failed(doing, path);
    unlink(fresh.c_str());
    return error;
  };
  {
    const File file(open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file.is_open() || !write_all(file.get(), text) || fsync(file.get()) != 0)
      return give_up("writing");
  }
  if (rename(fresh.c_str(), path.c_str()) != 0) return give_up("replacing");
  return sync_directory(parent_of(path));
}

Result<void> append_line(const std::string& path, std::string_view line, bool* full) {
  if (full != nullptr) *full = false;
  // Non-blocking, so that a pipe put in the way is refused instead of waited for.
  const File file(open(path.c_str(),
                       O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
  struct stat info {};
  if (!file.is_open() || fstat(file.get(), &info) != 0) {
    if (full != nullptr) *full = means_no_room(errno);
    return failed("writing", path);
  }
  if (!S_ISREG(info.st_mode))
    return Error{Code::kUnavailable, "", "writing " + path, "no regular file", "a plain file"};
  std::string text(line);
  std::replace_if(text.begin(), text.end(), is_control, '?');
  if (!write_all(file.get(), text + "\n") || fsync(file.get()) != 0) {
    if (full != nullptr) *full = means_no_room(errno);
    const Error error = failed("writing", path);
    // Half a line would run into the next one.
    (void)!ftruncate(file.get(), info.st_size);
    return error;
  }
  return info.st_size == 0 ? sync_directory(parent_of(path)) : Result<void>();
}

Result<std::optional<std::string>> read_small_file(const std::string& path) {
  // Non-blocking, so that a pipe put in the way is refused instead of waited for.
  const File file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file.is_open()) {
    if (errno == ENOENT) return std::optional<std::string>();
    return failed("reading", path);
  }
  struct stat info {};
  if (fstat(file.get(), &info) != 0) return failed("reading", path);
  if (!S_ISREG(info.st_mode))
    return Error{Code::kUnavailable, "", "reading " + path, "no regular file", "a plain file"};
  std::string text(kSmallFileBytesMax, '\0');
  const ssize_t got = read(file.get(), text.data(), text.size());
  if (got < 0) return failed("reading", path);
  text.resize(static_cast<std::size_t>(got));
  return std::optional(std::move(text));
}

Result<void> remove_file(const std::string& path) {
  if (unlink(path.c_str()) != 0 && errno != ENOENT) return failed("removing", path);
  return sync_directory(parent_of(path));
}

namespace {

Result<void> sync_move(const std::string& from, const std::string& to) {
  TRY(sync_directory(parent_of(to)));
  return sync_directory(parent_of(from));
}

}  // namespace

Result<void> move_file(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) != 0) return failed("moving", from);
  return sync_move(from, to);
}

Result<bool> move_file_to_new(const std::string& from, const std::string& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
    if (errno == EEXIST) return false;
    if (errno != EINVAL && errno != ENOSYS) return failed("moving", from);
    // A file system that cannot do both at once.
    struct stat info {};
    if (lstat(to.c_str(), &info) == 0) return false;
    if (rename(from.c_str(), to.c_str()) != 0) return failed("moving", from);
  }
  TRY(sync_move(from, to));
  return true;
}

Result<void> make_directory(const std::string& path, unsigned mode) {
  if (mkdir(path.c_str(), mode) == 0) return sync_directory(parent_of(path));
  struct stat info {};
  if (errno == EEXIST && stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return {};
  return failed("making", path);
}

Result<void> make_directories(const std::string& path, unsigned mode) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return {};
  const std::string parent = parent_of(path);
  if (parent != path) TRY(make_directories(parent, mode));
  return make_directory(path, mode);
}

Result<void> sync_directory(const std::string& path) {
  const File directory(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open() || fsync(directory.get()) != 0) return failed("writing to disk", path);
  return {};
}

bool make_reserve(const std::string& path, std::uint64_t bytes) {
  const File file(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (!file.is_open()) return false;
  if (posix_fallocate(file.get(), 0, static_cast<off_t>(bytes)) == 0) return true;
  unlink(path.c_str());
  return false;
}

bool has_reserve(const std::string& path, std::uint64_t bytes) {
  constexpr std::uint64_t kBlockBytes = 512;  // of st_blocks, whatever the file system's are
  struct stat info {};
  return lstat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
         static_cast<std::uint64_t>(info.st_size) >= bytes &&
         static_cast<std::uint64_t>(info.st_blocks) * kBlockBytes >= bytes;
}

bool release_reserve(const std::string& path) { return unlink(path.c_str()) == 0; }

Result<FileLock> FileLock::open(const std::string& path) {
  FileLock lock(path, -1);
  TRY(lock.reopen());
  return lock;
}

FileLock::FileLock(FileLock&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}

FileLock::~FileLock() {
  if (file_ >= 0) close(file_);
}

Result<void> FileLock::reopen() {
  const int file = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return failed("opening", path_);
  if (file_ >= 0) close(file_);
  file_ = file;
  return {};
}

Result<bool> FileLock::try_lock() {
  while (flock(file_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) return failed("locking", path_);
  }
  return true;
}

Result<bool> FileLock::is_in_place() const {
  TRY_ASSIGN(const FileIdentity held, identity_of(file_, path_));
  const auto named = identity_of(path_);
  if (named) return *named == held;
  if (named.error().code == Code::kNotFound) return false;
  return named.error();
}

Result<void> FileLock::lock() {
  while (true) {
    while (flock(file_, LOCK_EX) != 0)
      if (errno != EINTR) return failed("locking", path_);
    const auto in_place = is_in_place();
    if (in_place && *in_place) return {};
    unlock();
    if (!in_place) return in_place.error();
    TRY(reopen());
  }
}

void FileLock::unlock() { flock(file_, LOCK_UN); }

}  // namespace holdfast::store
