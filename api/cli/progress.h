// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace holdfast::cli {

// A bar for long work on standard error: drawn at most ten times a second, only on a terminal, and
// only for work that lasts longer than half a second. Elsewhere it is silent.
class Progress {
 public:
  // `total` 0: unknown, a count is shown instead of a bar. `unit` such as "documents".
  Progress(std::string label, std::string unit, std::uint64_t total, bool enabled);
  ~Progress();  // clears the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void advance(std::uint64_t by = 1);
  void set_total(std::uint64_t total) { total_ = total; }
  // Told of bytes; for one whose unit is MiB.
  std::function<void(std::uint64_t)> of_bytes();

 private:
  using Clock = std::chrono::steady_clock;
  void draw(Clock::time_point now);

  std::string label_;
  std::string unit_;
  std::uint64_t total_;
  std::uint64_t done_ = 0;
  std::uint64_t bytes_ = 0;
  bool enabled_;
  bool drawn_ = false;
  Clock::time_point start_;
  Clock::time_point next_draw_;
};

}  // namespace holdfast::cli
