// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>

#include "verifier/answer.h"

namespace holdfast::verifier {

enum class Format { kText, kJson };

// What people read, or exactly one JSON object, on standard output; returns the exit status.
// Text from files is shown with control characters replaced, so that it cannot disturb a terminal.
int print(const Answer& answer, Format format);
int print(const Verdict& verdict, double seconds, Format format);
// The command line makes no sense, or a file that it names cannot be read: a line on standard error
// and, for programs, the one JSON object on standard output all the same. `code`: in place of the
// error's own, where not "".
int print_usage_error(const Error& error, Format format, const char* code = "");

// A bar for a long replay on standard error, with rate and time left; silent where that is no
// terminal. Threads: one at a time.
class Progress {
 public:
  Progress();
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void show(std::uint64_t done, std::uint64_t total);
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  bool enabled_;
  bool drawn_ = false;
  Clock::time_point start_;
  Clock::time_point next_;
};

}  // namespace holdfast::verifier
