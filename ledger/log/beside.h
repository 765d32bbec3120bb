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

// Lets the writer's thread go before this one for as long as it lives, where there are fewer cores
// than threads at work: everybody waits for the one writer, and it for nobody's place in the line.
void stand_behind_the_writer();

}  // namespace holdfast::log
