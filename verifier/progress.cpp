// SPDX-License-Identifier: AGPL-3.0-or-later
#include <unistd.h>

#include <cstdio>
#include <string>

#include "verifier/output.h"

namespace holdfast::verifier {
namespace {

constexpr auto kQuietAtFirst = std::chrono::milliseconds(500);
constexpr auto kEvery = std::chrono::milliseconds(100);
constexpr std::size_t kBarWidth = 30;

}  // namespace

Progress::Progress()
    : enabled_(::isatty(STDERR_FILENO) == 1), start_(Clock::now()), next_(start_ + kQuietAtFirst) {}

Progress::~Progress() { clear(); }

void Progress::clear() {
  if (drawn_) std::fprintf(stderr, "\r\x1b[K");
  drawn_ = false;
}

void Progress::show(std::uint64_t done, std::uint64_t total) {
  if (!enabled_ || total == 0 || done == 0) return;
  const auto now = Clock::now();
  if (now < next_) return;
  next_ = now + kEvery;
  drawn_ = true;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double share = static_cast<double>(done) / static_cast<double>(total);
  const double rate = static_cast<double>(done) / seconds;
  const double left = static_cast<double>(total - done) / rate;
  const auto filled = static_cast<std::size_t>(share * kBarWidth);
  const std::string bar = std::string(filled, '#') + std::string(kBarWidth - filled, '.');
  std::fprintf(stderr, "\r\x1b[K[%s] %3.0f%%  %llu of %llu entries, %.0f/s, %.0f s left",
               bar.c_str(), share * 100, static_cast<unsigned long long>(done),
               static_cast<unsigned long long>(total), rate, left);
}

}  // namespace holdfast::verifier
