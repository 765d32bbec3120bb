// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/refusals.h"

#include <utility>

namespace holdfast::federation {

std::uint64_t RefusalCounts::count(const Of& of, Seconds now) {
  const std::lock_guard lock(mutex_);
  Hour& hour = hours_[of];
  if (now - hour.since >= kHour) {
    // Those of the hour before that were not told of go along with the first of this one.
    hour = {now, 1, hour.untold};
    return 1 + std::exchange(hour.untold, 0);
  }
  if (hour.told < kEachAnHour) {
    ++hour.told;
    return 1;
  }
  ++hour.untold;
  return 0;
}

std::vector<RefusalCounts::Due> RefusalCounts::due(Seconds now) {
  const std::lock_guard lock(mutex_);
  std::vector<Due> out;
  for (auto one = hours_.begin(); one != hours_.end();) {
    Hour& hour = one->second;
    if (now - hour.since < kHour) {
      ++one;
      continue;
    }
    if (hour.untold != 0) out.push_back({one->first, hour.untold});
    one = hours_.erase(one);
  }
  return out;
}

}  // namespace holdfast::federation
