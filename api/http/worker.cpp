// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/http/worker.h"

#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <csignal>

#include "api/http/session.h"

namespace holdfast::http {
namespace {

// How often it is seen who has been too slow: what may be waited for is seconds.
constexpr std::chrono::milliseconds kLookEvery{200};
// How long turns are taken one after the other before sockets are looked at: a few, or one that
// takes long.
constexpr std::chrono::microseconds kAtOnce{100};
// A thread in the background gets a tenth of what another one gets where both want to run, and a
// wish of that one's to run comes first.
constexpr int kBackgroundNice = 10;

thread_local const Worker* this_worker = nullptr;

}  // namespace

Worker::~Worker() { stop(); }

void Worker::start() {
  guard_.emplace(asio::make_work_guard(context_));
  thread_ = std::thread([this] { run(); });
}

void Worker::stop() {
  context_.stop();
  if (thread_.joinable()) thread_.join();
  while (turns_.next()) {
  }
}

bool Worker::is_this_thread() const { return this_worker == this; }

// What is thrown, want of memory above all, costs the connection that it came of and nothing else.
void Worker::run() {
  this_worker = this;
  // OpenSSL writes to sockets as to files.
  sigset_t pipe;
  ::sigemptyset(&pipe);
  ::sigaddset(&pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  // Linux has a priority for each thread. Without it the background is only another thread.
  if (is_in_background) ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kBackgroundNice);
  while (true) {
    try {
      context_.run();
      return;
    } catch (const std::exception&) {
    }
  }
}

void Worker::finish() {
  asio::post(context_, [this] {
    is_stopping_ = true;
    // Each may take itself out while it is told.
    const auto sessions = sessions_;
    for (Session* const session : sessions) session->finish();
  });
}

std::shared_ptr<ClientLine> Worker::join(Session& session, const Share& share) {
  sessions_.insert(&session);
  if (!std::exchange(looks_at_clock_, true)) look_at_clock();
  auto& known = lines_[&share];
  auto line = known.lock();
  if (!line) known = line = std::make_shared<ClientLine>();
  return line;
}

void Worker::leave(Session& session) { sessions_.erase(&session); }

void Worker::add(std::shared_ptr<Session> session, ClientLine& line) {
  turns_.add(line, std::move(session));
  post_turn();
}

// Behind what the sockets have to say meanwhile, so that nobody waits longer for a place in the
// ring than one turn takes.
void Worker::post_turn() {
  if (turns_.empty() || std::exchange(has_posted_turn_, true)) return;
  asio::post(context_, [this] { take_turn(); });
}

void Worker::take_turn() {
  has_posted_turn_ = false;
  const Clock::time_point until = Clock::now() + kAtOnce;
  while (const auto session = turns_.next())
    if ((*session)->take_turn() > until) break;
  post_turn();
}

void Worker::look_at_clock() {
  clock_.expires_after(kLookEvery);
  clock_.async_wait([this](boost::system::error_code) {
    looks_at_clock_ = !sessions_.empty();
    if (!looks_at_clock_) return;
    const Clock::time_point now = Clock::now();
    std::vector<Session*> late;
    for (Session* const session : sessions_)
      if (session->is_late(now)) late.push_back(session);
    for (Session* const session : late) session->abort();
    std::erase_if(lines_, [](const auto& each) { return each.second.expired(); });
    look_at_clock();
  });
}

}  // namespace holdfast::http
