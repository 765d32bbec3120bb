// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bench/measurement.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

#include "ledger/core/check.h"

namespace holdfast::bench {

std::optional<double> Measurement::ratio() const {
  if (!limit || *limit == 0) return std::nullopt;
  return value / *limit;
}

double CpuWatch::now() {
  timespec time = {};
  CHECK(::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double median(std::vector<double> values) {
  CHECK(!values.empty());
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::string format_number(double value) {
  char text[64];
  if (std::fabs(value) < 100) {
    std::snprintf(text, sizeof text, "%.3g", value);
    return text;
  }
  std::snprintf(text, sizeof text, "%.0f", value);
  std::string digits = text;
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  return digits;
}

std::string format_table(const std::vector<Measurement>& measurements) {
  std::string table =
      "| Scenario | Measured | This machine's limit | Ratio | Bar | Met |\n"
      "|---|---|---|---|---|---|\n";
  for (const Measurement& m : measurements) {
    table += "| " + m.scenario + (m.remark.empty() ? "" : " (" + m.remark + ")") + " | " +
             format_number(m.value) + " " + m.unit + " | ";
    table += m.limit ? m.limit_name + ": " + format_number(*m.limit) + " " + m.unit : "-";
    table += " | " + (m.ratio() ? format_number(*m.ratio()) : "-") + " | " + m.bar + " | " +
             (m.met ? "yes" : "no") + " |\n";
  }
  return table;
}

std::string format_json(const std::vector<Measurement>& measurements, const std::string& machine) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Measurement& m : measurements) {
    nlohmann::ordered_json item = {{"scenario", m.scenario}, {"value", m.value}, {"unit", m.unit}};
    if (m.limit) {
      item["limit"] = *m.limit;
      item["limit_name"] = m.limit_name;
      item["ratio"] = *m.ratio();
    }
    item["bar"] = m.bar;
    item["met"] = m.met;
    if (!m.remark.empty()) item["remark"] = m.remark;
    list.push_back(std::move(item));
  }
  return nlohmann::ordered_json{{"machine", machine}, {"measurements", list}}.dump(2) + "\n";
}

}  // namespace holdfast::bench
