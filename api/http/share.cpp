// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/http/share.h"

#include <algorithm>

namespace holdfast::http {
namespace {

using std::chrono::milliseconds;

// Three quarters of a thread's time. A client that asks one thing after the other takes half of it
// at the most, since it has its own half of the work to do; one that asks many at once takes all.
constexpr int kShare = 3, kOf = 4;
// How much more than that is nobody's concern: a page's worth of requests at once.
constexpr milliseconds kAtOnce{50};
// More is not remembered, so that whoever stops is soon served like others.
constexpr milliseconds kRemembered{1000};

}  // namespace

void Share::charge(Duration took, Clock::time_point now) {
  Clock::time_point before = paid_off_at_, after;
  do {
    // It is paid off while it is taken.
    const Clock::time_point begun = now - took;
    after = std::min(std::max(before, begun) + took * kOf / kShare, now + kRemembered);
  } while (!paid_off_at_.compare_exchange_weak(before, after));
  if (after > now + kAtOnce) in_background_ = true;
}

bool Share::is_in_background(Clock::time_point now) const {
  if (in_background_ && now >= paid_off_at_.load()) in_background_ = false;
  return in_background_;
}

}  // namespace holdfast::http
