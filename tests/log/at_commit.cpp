// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/log/at_commit.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

namespace {

std::function<void()> to_do;
std::string in_database;

bool is_commit(int file, size_t size, off_t offset) {
  constexpr off_t kMetaPagesEnd = 2 * 4096;
  if (offset >= kMetaPagesEnd || size >= 4096) return false;
  char path[4096] = {};
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  if (readlink(link.c_str(), path, sizeof path - 1) <= 0) return false;
  return std::string(path).find("/" + in_database + "/data.mdb") != std::string::npos;
}

ssize_t write_and_interfere(int file, const void* bytes, size_t size, off_t offset) {
  const ssize_t written = syscall(SYS_pwrite64, file, bytes, size, offset);
  if (to_do && is_commit(file, size, offset)) std::exchange(to_do, nullptr)();
  return written;
}

}  // namespace

// LMDB writes the page that makes a commit durable with one of these, and finds these here before
// those of the C library.
extern "C" ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  return write_and_interfere(file, bytes, size, offset);
}
extern "C" ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) {
  return write_and_interfere(file, bytes, size, offset);
}

namespace holdfast::testing {

void at_next_commit(const std::string& database, std::function<void()> what) {
  in_database = database;
  to_do = std::move(what);
}

bool awaits_commit() { return to_do != nullptr; }

void forget_next_commit() { to_do = nullptr; }

}  // namespace holdfast::testing
