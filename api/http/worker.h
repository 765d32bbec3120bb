// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "api/http/share.h"
#include "api/http/turns.h"

namespace holdfast::http {

namespace asio = boost::asio;

class Session;
using SessionTurns = Turns<std::shared_ptr<Session>>;
// One client's connections on one worker.
struct ClientLine : SessionTurns::Line {
  Share::Clock::time_point served_until{};
};

// One thread with its own connections, which it serves in turns, client by client. One in the
// background does so when the machine has nothing better to do. Threads: its own, unless said
// otherwise.
class Worker {
 public:
  static constexpr std::size_t kReadBytes = 64 * 1024;
  using Clock = Share::Clock;

  explicit Worker(bool in_background) : is_in_background(in_background) {}
  ~Worker();

  const bool is_in_background;
  Worker* twin = nullptr;  // in the background where this is not, and the other way round
  asio::io_context& context() { return context_; }

  // Threads: any. After stop() nothing runs on it any more.
  void start();
  void stop();
  // Tells all of its connections to finish, and those that come to it from now on. Threads: any.
  void finish();

  bool is_this_thread() const;
  bool is_stopping() const { return is_stopping_; }

  std::shared_ptr<ClientLine> join(Session& session, const Share& share);
  void leave(Session& session);
  // `session` has something to do; it is given a turn.
  void add(std::shared_ptr<Session> session, ClientLine& line);
  // For what is read in one turn.
  std::span<char> room() { return room_; }

 private:
  void run();
  void post_turn();
  void take_turn();
  void look_at_clock();

  // What a turn may leave behind outlives the context, whose handlers hold connections.
  std::unordered_set<Session*> sessions_;
  std::unordered_map<const Share*, std::weak_ptr<ClientLine>> lines_;
  SessionTurns turns_;
  std::vector<char> room_ = std::vector<char>(kReadBytes);
  bool has_posted_turn_ = false;
  bool looks_at_clock_ = false;
  bool is_stopping_ = false;
  asio::io_context context_{1};
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> guard_;
  asio::steady_timer clock_{context_};
  std::thread thread_;
};

}  // namespace holdfast::http
