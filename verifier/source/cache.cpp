// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/source/cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "verifier/source/directory.h"

namespace holdfast::verifier {
namespace {

constexpr mode_t kOwnerOnly = 0700;

Error cannot_cache(const std::string& path, int why) {
  return {Code::kUnavailable, "", path, std::strerror(why),
          "a place to write to (--cache names one, --no-cache does without)"};
}

// Makes every folder above the last "/" of the path.
Result<void> make_folders(const std::string& path) {
  for (std::size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1)) {
    const std::string folder = path.substr(0, at);
    if (::mkdir(folder.c_str(), kOwnerOnly) != 0 && errno != EEXIST)
      return cannot_cache(folder, errno);
  }
  return {};
}

// 0, or what went wrong.
int put(int file, ByteView bytes, bool durable) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(file, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return errno;
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
  return durable && ::fsync(file) != 0 ? errno : 0;
}

void sync_folder_of(const std::string& path) {
  const std::string folder = path.substr(0, path.rfind('/'));
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

}  // namespace

Result<Cache> Cache::open(const std::string& directory) {
  TRY(make_folders(directory + "/"));
  struct stat about {};
  if (::stat(directory.c_str(), &about) != 0) return cannot_cache(directory, errno);
  if (!S_ISDIR(about.st_mode)) return cannot_cache(directory, ENOTDIR);
  return Cache(directory);
}

std::optional<Bytes> Cache::read(const std::string& path, std::size_t bytes_max) const {
  auto bytes = read_file(path_of(path), bytes_max);
  if (!bytes) return std::nullopt;
  return *std::move(bytes);
}

std::optional<std::uint64_t> Cache::size(const std::string& path) const {
  struct stat about {};
  if (::stat(path_of(path).c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return std::nullopt;
  return static_cast<std::uint64_t>(about.st_size);
}

void Cache::write(const std::string& path, ByteView bytes, bool durable) {
  auto written = try_write(path, bytes, durable);
  if (written) return;
  const std::scoped_lock lock(mutex_);
  if (trouble_.empty()) trouble_ = describe(written.error());
}

Result<void> Cache::try_write(const std::string& path, ByteView bytes, bool durable) {
  const std::string to = path_of(path);
  // Of this process and this call alone: others may fetch the same log at the same time.
  const std::string name =
      to + ".new-" + std::to_string(::getpid()) + "-" + std::to_string(++written_);
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
  int file = ::open(name.c_str(), kFlags, 0600);
  if (file < 0 && errno == ENOENT) {
    TRY(make_folders(to));
    file = ::open(name.c_str(), kFlags, 0600);
  }
  if (file < 0) return cannot_cache(name, errno);
  int failed = put(file, bytes, durable);
  if (::close(file) != 0 && failed == 0) failed = errno;
  if (failed == 0 && ::rename(name.c_str(), to.c_str()) != 0) failed = errno;
  if (failed != 0) {
    ::unlink(name.c_str());
    return cannot_cache(to, failed);
  }
  if (durable) sync_folder_of(to);
  return {};
}

void Cache::remove(const std::string& path) { ::unlink(path_of(path).c_str()); }

std::string Cache::trouble() const {
  const std::scoped_lock lock(mutex_);
  return trouble_;
}

Result<std::string> default_cache_directory() {
  const char* caches = std::getenv("XDG_CACHE_HOME");
  // The standard has relative ones ignored.
  if (caches != nullptr && *caches == '/') return std::string(caches) + "/holdfast-verify";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return std::string(home) + "/.cache/holdfast-verify";
  return Error{Code::kUnavailable, "", "a folder for the cache", "neither XDG_CACHE_HOME nor HOME",
               "--cache=DIR, or --no-cache"};
}

}  // namespace holdfast::verifier
