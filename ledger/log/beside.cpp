// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/beside.h"

#ifdef __linux__
#include <sys/resource.h>
#endif

#include <algorithm>
#include <system_error>

namespace holdfast::log {

void stand_behind_the_writer() {
#ifdef __linux__
  // Linux keeps this for each thread: setpriority(2), "C library/kernel differences". Where it is
  // refused, all threads are equal, which is slower and no error.
  constexpr int kBehind = 5;
  (void)setpriority(PRIO_PROCESS, 0, std::min(19, getpriority(PRIO_PROCESS, 0) + kBehind));
#endif
}

Beside::Beside(const std::function<void()>& work) {
  try {
    thread_ = std::thread(work);
  } catch (const std::system_error&) {
    work();
  }
}

void Beside::join() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace holdfast::log
