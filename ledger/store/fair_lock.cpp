// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/fair_lock.h"

namespace holdfast::store {

Result<FairLock> FairLock::open(const std::string& path) {
  TRY_ASSIGN(auto lock, FileLock::open(path));
  TRY_ASSIGN(auto next, FileLock::open(path + ".next"));
  return FairLock(std::move(lock), std::move(next));
}

Result<void> FairLock::lock() {
  TRY(next_.lock());
  auto locked = lock_.lock();
  next_.unlock();
  return locked;
}

}  // namespace holdfast::store
