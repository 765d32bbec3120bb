// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace holdfast::log {

// Threads that take work in the order it comes, what goes first and what does not in turns, so that
// neither keeps the other from ever being done; fewer where the system does not give so many, and
// where it gives none, run() itself does the work. Threads: run() and run_first() from any.
class Pool {
 public:
  explicit Pool(unsigned threads);
  // Finishes what it was given.
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  void run(std::function<void()> work);
  // Before what waits, but for what waits to go first as well.
  void run_first(std::function<void()> work);
  // Returns when everything it was given is done.
  void wait();

 private:
  using Work = std::deque<std::function<void()>>;
  void add(std::function<void()> work, Work& to);
  bool has_work() const { return !first_.empty() || !work_.empty(); }
  Work& next();
  void serve();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable idle_;
  Work first_;
  Work work_;
  bool took_first_ = false;  // the last time
  std::size_t busy_ = 0;     // threads at work
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace holdfast::log
