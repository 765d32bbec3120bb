// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::bench {

// One line of the table: what was measured, what this machine can do at all, measured in the same
// run, and what is asked of the two.
struct Measurement {
  std::string scenario;
  double value = 0;
  std::string unit;  // "statements/s", "us"
  std::string limit_name;
  std::optional<double> limit;
  std::string bar;  // as it is written in the table
  bool met = false;
  std::string remark;

  // value / limit, where there is a limit.
  std::optional<double> ratio() const;
};

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Processor time of the whole process, all threads: what remains comparable on a busy machine.
class CpuWatch {
 public:
  double seconds() const { return now() - start_; }

 private:
  static double now();
  double start_ = now();
};

double median(std::vector<double> values);
// "12,345" above 100, three digits below.
std::string format_number(double value);

std::string format_table(const std::vector<Measurement>& measurements);
std::string format_json(const std::vector<Measurement>& measurements, const std::string& machine);

}  // namespace holdfast::bench
