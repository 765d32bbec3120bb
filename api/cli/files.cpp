// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/files.h"

#include <algorithm>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace holdfast::cli {
namespace {

Error failed(const std::string& path, int number) {
  const Code code = number == ENOENT   ? Code::kNotFound
                    : number == EEXIST ? Code::kConflict
                                       : Code::kUnavailable;
  return Error{code, "", path, std::strerror(number),
               number == EEXIST ? "the name of a file that is not there yet" : ""};
}

}  // namespace

File::File(const char* path, int flags, unsigned mode)
    : descriptor_(::open(path, flags | O_CLOEXEC, mode)) {}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<Bytes> read_file(const std::string& path, std::size_t bytes_max) {
  constexpr std::size_t kPiece = std::size_t{1} << 16;
  const File file(path.c_str(), O_RDONLY);
  if (file.get() < 0) return failed(path, errno);
  Bytes bytes;
  for (;;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kPiece);
    const ssize_t got = ::read(file.get(), bytes.data() + before, kPiece);
    bytes.resize(before + static_cast<std::size_t>(got > 0 ? got : 0));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(path, errno);
    if (got == 0) return bytes;
    if (bytes.size() > bytes_max)
      return Error{Code::kMalformed, "", path, "over " + std::to_string(bytes_max) + " bytes",
                   "at most that"};
  }
}

Result<void> create_file(const std::string& path, ByteView bytes) {
  const File file(path.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0644);
  if (file.get() < 0) return failed(path, errno);
  const auto give_up = [&] {
    const int number = errno;
    ::unlink(path.c_str());
    return failed(path, number);
  };
  while (!bytes.empty()) {
    const ssize_t put = ::write(file.get(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return give_up();
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  if (::fsync(file.get()) != 0) return give_up();
  return {};
}

namespace {

Error not_writable(const std::string& path, const std::error_code& error) {
  return {Code::kUnavailable, "", path, error.message(), "a writable place"};
}

}  // namespace

Result<void> check_free(const std::string& directory, const std::string& what) {
  std::error_code error;
  const auto status = std::filesystem::symlink_status(directory, error);
  if (!std::filesystem::exists(status)) return {};
  if (std::filesystem::is_directory(status) && std::filesystem::is_empty(directory, error) &&
      !error)
    return {};
  return Error{Code::kConflict, "", what + " " + directory, "something is there already",
               "a new or an empty directory"};
}

Result<std::string> new_place(const std::string& directory, const std::string& what) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path path = fs::absolute(directory, error).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  if (error || directory.empty()) return not_writable(directory, error);
  TRY(check_free(path.string(), what));
  if (fs::exists(path, error) && fs::equivalent(path, fs::current_path(error), error))
    return Error{Code::kInvalid, "", what + " " + directory, "the directory that you are in",
                 "a new one: it is put in place as a whole"};
  return path.string();
}

Result<std::filesystem::path> resolved(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path out = fs::weakly_canonical(fs::absolute(path, error), error).lexically_normal();
  if (error) return Error{Code::kUnavailable, "", path, error.message(), "a readable directory"};
  return out.has_filename() ? out : out.parent_path();
}

bool lies_in(const std::filesystem::path& path, const std::filesystem::path& directory) {
  const auto [end, unused] =
      std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return end == directory.end();
}

Result<void> check_in_no_village(const std::string& what, const std::string& directory) {
  TRY_ASSIGN(std::filesystem::path above, resolved(directory));
  while (above.has_relative_path()) {
    above = above.parent_path();
    std::error_code unseen;
    if (std::filesystem::exists(above / "holdfast.toml", unseen))
      return Error{Code::kInvalid, "", what,
                   directory + ", a place inside of the village in " + above.string(),
                   "one outside of any village"};
  }
  return {};
}

Result<void> make_staging(const std::string& path) {
  std::error_code error;
  const auto above = std::filesystem::path(path).parent_path();
  if (!above.empty()) std::filesystem::create_directories(above, error);
  if (error) return not_writable(above.string(), error);
  if (std::filesystem::create_directory(path, error)) return make_own_directory(path);
  if (error) return not_writable(path, error);
  return Error{Code::kConflict, "", path, "there already",
               "none: another program is making it now, or was cut short; if none is, remove it"};
}

Result<void> make_own_directory(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error) std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
  if (error) return not_writable(path, error);
  return {};
}

Result<void> rename_directory(const std::string& from, const std::string& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  if (error) return not_writable(to, error);
  return {};
}

}  // namespace holdfast::cli
