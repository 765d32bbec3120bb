// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/beside.h"

#include <system_error>

namespace holdfast::log {

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
