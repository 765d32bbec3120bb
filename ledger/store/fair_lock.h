// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/store/durable_file.h"

namespace holdfast::store {

// A FileLock for those who take it again and again: whoever waits gets it before the one who has
// just let go. With a FileLock alone a long import, which lets go between two batches, is back
// before anybody else has woken up, and a revocation waits for its end. Whoever is next holds
// <path>.next, and nobody asks for the lock without it.
class FairLock {
 public:
  // Errors: kUnavailable.
  static Result<FairLock> open(const std::string& path);

  // Waits until it is ours. Errors: kUnavailable.
  Result<void> lock();
  void unlock() { lock_.unlock(); }

 private:
  FairLock(FileLock lock, FileLock next) : lock_(std::move(lock)), next_(std::move(next)) {}
  FileLock lock_;
  FileLock next_;
};

}  // namespace holdfast::store
