// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <thread>

namespace holdfast::log {

// Work that goes on beside its maker's: on a thread of its own or, where the system has none to
// give, on the maker's before the constructor returns. Slower is better than not at all: a commit
// must not end the program because others have taken all threads.
class Beside {
 public:
  explicit Beside(const std::function<void()>& work);
  ~Beside() { join(); }
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;

  // Returns when it is done.
  void join();

 private:
  std::thread thread_;
};

}  // namespace holdfast::log
