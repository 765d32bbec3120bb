// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <deque>
#include <optional>
#include <utility>

namespace holdfast::http {

// Who is served next: one of each line after the other, and within a line who came first. So what
// somebody waits for does not depend on how many stand in another's line. Threads: one.
template <typename T>
class Turns {
 public:
  // Outlives what stands in it.
  struct Line {
    std::deque<T> waiting;
    bool has_turn = false;  // stands in the ring
  };

  void add(Line& line, T what) {
    line.waiting.push_back(std::move(what));
    if (!std::exchange(line.has_turn, true)) ring_.push_back(&line);
  }

  bool empty() const { return ring_.empty(); }

  std::optional<T> next() {
    if (ring_.empty()) return std::nullopt;
    Line& line = *ring_.front();
    ring_.pop_front();
    T what = std::move(line.waiting.front());
    line.waiting.pop_front();
    line.has_turn = !line.waiting.empty();
    if (line.has_turn) ring_.push_back(&line);
    return what;
  }

 private:
  std::deque<Line*> ring_;
};

}  // namespace holdfast::http
