// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace holdfast::cli {
namespace {

constexpr auto kQuietFor = std::chrono::milliseconds(500);
constexpr auto kBetweenDraws = std::chrono::milliseconds(100);
constexpr std::size_t kBarColumns = 24;

std::string bar(double part) {
  const auto full = static_cast<std::size_t>(part * static_cast<double>(kBarColumns));
  return "[" + std::string(full, '#') + std::string(kBarColumns - full, '.') + "]";
}

}  // namespace

Progress::Progress(std::string label, std::string unit, std::uint64_t total, bool enabled)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      total_(total),
      enabled_(enabled && isatty(STDERR_FILENO) == 1),
      start_(Clock::now()),
      next_draw_(start_ + kQuietFor) {}

Progress::~Progress() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void Progress::advance(std::uint64_t by) {
  done_ += by;
  if (!enabled_) return;
  const auto now = Clock::now();
  if (now < next_draw_) return;
  next_draw_ = now + kBetweenDraws;
  draw(now);
}

std::function<void(std::uint64_t)> Progress::of_bytes() {
  return [this](std::uint64_t bytes) {
    constexpr int kMib = 20;
    const std::uint64_t before = bytes_ >> kMib;
    bytes_ += bytes;
    advance((bytes_ >> kMib) - before);
  };
}

void Progress::draw(Clock::time_point now) {
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double rate = static_cast<double>(done_) / std::max(seconds, 0.001);
  std::string text = label_ + " ";
  if (total_ > 0) {
    const double part = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
    const auto left = static_cast<std::uint64_t>(
        static_cast<double>(total_ - std::min(done_, total_)) / std::max(rate, 0.001));
    text += bar(part) + " " + std::to_string(done_) + "/" + std::to_string(total_) + " " + unit_ +
            ", " + std::to_string(left) + " s left";
  } else {
    text += std::to_string(done_) + " " + unit_;
  }
  text += " (" + std::to_string(static_cast<std::uint64_t>(rate)) + "/s)";
  std::fprintf(stderr, "\r\033[K%s", text.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace holdfast::cli
