// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/core/result.h"

namespace holdfast {

// Whole seconds since 1970-01-01T00:00:00Z, without leap seconds.
using Seconds = std::int64_t;

inline constexpr Seconds kMinute = 60;
inline constexpr Seconds kHour = 60 * kMinute;
inline constexpr Seconds kDay = 24 * kHour;

// A constructor parameter wherever time matters, so that tests own it.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Seconds now() const = 0;
};

// The machine's clock. Threads: any.
class SystemClock : public Clock {
 public:
  Seconds now() const override;
};

// "2026-03-01T09:30:00Z".
std::string format_time(Seconds time);
// Takes the form that format_time writes, or a date "2026-03-01" (its first second, UTC).
Result<Seconds> parse_time(std::string_view text);

// The UTC day that `time` falls in, counted from 1970-01-01.
std::int64_t day_of(Seconds time);

}  // namespace holdfast
