// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/core/time.h"

#include <cstdio>
#include <ctime>

namespace holdfast {

Seconds SystemClock::now() const { return static_cast<Seconds>(std::time(nullptr)); }

std::string format_time(Seconds time) {
  const std::time_t value = time;
  std::tm parts{};
  if (gmtime_r(&value, &parts) == nullptr) return std::to_string(time) + " s";
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900,
                parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
  return text;
}

Result<Seconds> parse_time(std::string_view text) {
  const std::string whole =
      text.size() == 10 ? std::string(text) + "T00:00:00Z" : std::string(text);
  std::tm parts{};
  const char* end = whole.size() == 20 ? strptime(whole.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts) : nullptr;
  if (end != nullptr && *end == '\0') {
    const Seconds time = timegm(&parts);
    // A 31 February would have been carried over into March.
    if (format_time(time) == whole) return time;
  }
  return Error{Code::kMalformed, "", "time", "\"" + std::string(text.substr(0, 40)) + "\"",
               "2026-03-01 or 2026-03-01T09:30:00Z"};
}

std::int64_t day_of(Seconds time) { return time >= 0 ? time / kDay : -((-time + kDay - 1) / kDay); }

}  // namespace holdfast
