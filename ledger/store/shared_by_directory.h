// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <sys/stat.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "ledger/core/result.h"

namespace holdfast::store {

// What is open, by the directory's device and inode. An object stays listed until it is wholly
// gone.
template <typename T>
struct OpenByDirectory {
  std::mutex mutex;
  std::condition_variable closed;
  std::map<std::pair<dev_t, ino_t>, std::weak_ptr<T>> open;

  // Outlives everything, also what is destroyed at exit.
  static OpenByDirectory& instance() {
    static auto* const it = new OpenByDirectory;
    return *it;
  }
};

// Gives everybody in the process who asks for the same directory the same object, made by `make` (a
// Result<std::unique_ptr<T>>) and kept as long as anybody holds it. The one registry of this
// program: LMDB's locks belong to the process, and closing a second copy of its files would drop
// them.
template <typename T, typename Make>
Result<std::shared_ptr<T>> shared_by_directory(const std::string& directory, Make&& make) {
  struct stat info {};
  if (stat(directory.c_str(), &info) != 0)
    return Error{errno == ENOENT ? Code::kNotFound : Code::kUnavailable, "", directory,
                 std::strerror(errno), "a village's files"};
  const std::pair key{info.st_dev, info.st_ino};
  auto& all = OpenByDirectory<T>::instance();
  std::unique_lock lock(all.mutex);
  for (auto found = all.open.find(key); found != all.open.end(); found = all.open.find(key)) {
    if (auto present = found->second.lock()) return present;
    all.closed.wait(lock);  // somebody else is closing it just now
  }
  TRY_ASSIGN(std::unique_ptr<T> made, make());
  std::shared_ptr<T> shared(made.release(), [key](T* gone) {
    auto& everything = OpenByDirectory<T>::instance();
    const std::lock_guard closing(everything.mutex);
    delete gone;
    everything.open.erase(key);
    everything.closed.notify_all();
  });
  all.open[key] = shared;
  return shared;
}

}  // namespace holdfast::store
