// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/core/result.h"

// Small files beside the databases.
namespace holdfast::store {

// Replaces the file in one step; it is on disk when this returns. Errors: kUnavailable, and `full`
// says whether that was for want of room.
Result<void> replace_file(const std::string& path, std::string_view text, bool* full = nullptr);
// Adds a line to the file, made if there is none; it is on disk when this returns, or not there at
// all. Control characters in it become question marks, so that it stays one line. Errors: as above;
// also for what is no regular file.
Result<void> append_line(const std::string& path, std::string_view line, bool* full = nullptr);
// No error where there is no file. Errors: kUnavailable.
Result<void> remove_file(const std::string& path);
// Within one file system; on disk when this returns. Errors: kUnavailable.
Result<void> move_file(const std::string& from, const std::string& to);
// The same, but overwrites nothing: false if there is something of that name.
Result<bool> move_file_to_new(const std::string& from, const std::string& to);
// Nothing where there is no file. At most 64 KiB. Errors: kUnavailable.
Result<std::optional<std::string>> read_small_file(const std::string& path);
// Makes the directory, its parent being there. No error if it is there. Errors: kUnavailable.
Result<void> make_directory(const std::string& path, unsigned mode);
// Makes it and those above it that are missing.
Result<void> make_directories(const std::string& path, unsigned mode);
Result<void> sync_directory(const std::string& path);

// Space on the disk that can be given back at once. False where there is no room for it now.
bool make_reserve(const std::string& path, std::uint64_t bytes);
// Whether a reserve takes so many bytes of the disk. A file that is shorter, or has holes as a copy
// may, gives nothing up.
bool has_reserve(const std::string& path, std::uint64_t bytes);
// Whether there was one.
bool release_reserve(const std::string& path);

// An exclusive lock between processes, and between those who open it apart in one process; the
// system lets go of it when its holder dies. Where the file was taken away, or another put in its
// place, the lock is that of the file which the path names now: two who hold one each of different
// files would both write.
class FileLock {
 public:
  // Errors: kUnavailable.
  static Result<FileLock> open(const std::string& path);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

  // Waits until it is ours. Errors: kUnavailable.
  Result<void> lock();
  // False where somebody else has it. Errors: kUnavailable.
  Result<bool> try_lock();
  void unlock();

 private:
  FileLock(std::string path, int file) : path_(std::move(path)), file_(file) {}
  Result<bool> is_in_place() const;
  Result<void> reopen();
  std::string path_;
  int file_;
};

}  // namespace holdfast::store
