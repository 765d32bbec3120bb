// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace holdfast::http {

// What one client takes of the machine. Whoever takes more than most of a thread's time, for longer
// than a moment, is served in the background: after everybody else, with whatever they leave, which
// is all where nobody else asks. A client that waits for each answer before it asks again is not
// among them where its answers are quickly made. Threads: any.
class Share {
 public:
  using Clock = std::chrono::steady_clock;
  using Duration = Clock::duration;

  explicit Share(std::string client) : client_(std::move(client)) {}
  const std::string& client() const { return client_; }
  // Over the UNIX socket.
  bool is_local() const { return client_.empty(); }

  // That a thread was at work for it, or, where more of its requests than that wait, since when.
  void charge(Duration took, Clock::time_point now);
  bool is_in_background(Clock::time_point now) const;

  std::size_t connections = 0;  // its owner's
  // Of its requests that are being read, and of its answers that wait to be: counted by its owner.
  std::atomic<std::uint64_t> body_bytes{0};
  std::atomic<std::uint64_t> answer_bytes{0};

 private:
  const std::string client_;
  // Until when what it took is paid off, at the rate of its share.
  std::atomic<Clock::time_point> paid_off_at_{Clock::time_point{}};
  mutable std::atomic<bool> in_background_{false};
};

}  // namespace holdfast::http
