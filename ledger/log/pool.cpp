// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/pool.h"

#include <algorithm>
#include <system_error>

#include "ledger/log/beside.h"

namespace holdfast::log {

Pool::Pool(unsigned threads) {
  try {
    for (unsigned i = 0; i < std::max(1u, threads); ++i) threads_.emplace_back([this] { serve(); });
  } catch (const std::system_error&) {
    // Those that there are do all of it.
  }
}

Pool::~Pool() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Pool::run(std::function<void()> work) { add(std::move(work), work_); }

void Pool::run_first(std::function<void()> work) { add(std::move(work), first_); }

void Pool::add(std::function<void()> work, Work& to) {
  if (threads_.empty()) {
    work();
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    to.push_back(std::move(work));
  }
  wake_.notify_one();
}

void Pool::wait() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return !has_work() && busy_ == 0; });
}

Pool::Work& Pool::next() {
  took_first_ = !first_.empty() && (work_.empty() || !took_first_);
  return took_first_ ? first_ : work_;
}

void Pool::serve() {
  stand_behind_the_writer();
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return closing_ || has_work(); });
    if (!has_work()) return;
    Work& from = next();
    auto work = std::move(from.front());
    from.pop_front();
    ++busy_;
    lock.unlock();
    work();
    work = nullptr;  // what it holds may take long to go
    lock.lock();
    if (--busy_ == 0 && !has_work()) idle_.notify_all();
  }
}

}  // namespace holdfast::log
