// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <thread>

#include "federation/correspondence.h"
#include "federation/notice_queue.h"
#include "federation/post.h"
#include "ledger/log/logged.h"
#include "ledger/log/pool.h"
#include "ledger/store/told_store.h"

namespace holdfast::federation {

// What it calls is called on several threads at a time.
struct CourierOptions : NoticeQueue::Options {
  std::chrono::milliseconds look_every{1000};
  net::Options net = brief();  // for a peer that is slow
  // What is in the way of telling a peer; once for as long as it is the same.
  std::function<void(const StatementId& peer, const Error& error)> on_trouble;
  std::function<void(const StatementId& peer, LeafIndex entry, const std::string& rejected)>
      on_told;

  static net::Options brief() {
    net::Options options;
    options.connect_ms = 5'000;
    options.total_ms = 30'000;
    return options;
  }
};

// Tells peers of grants to them and of their revocations, each on its own: whoever is slow delays
// nobody else. The log is the outbox: what is to be told follows from it, and only how far each
// peer has come is kept besides. A thread looks at the log and gives turns out, and others tell.
// Source: spec/envelopes.md, "Notices". Threads: any.
class Courier {
 public:
  // All that is borrowed outlives it.
  static std::unique_ptr<Courier> start(log::Readers& readers, Correspondence& correspondence,
                                        std::unique_ptr<store::ToldStore> store, const Clock& clock,
                                        CourierOptions options);
  // Waits for notices that are on their way.
  ~Courier();
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  // Something was committed.
  void wake();
  // Until there is nothing to be told any more, or what is left waits for a peer that is away;
  // false where that takes longer.
  bool wait_until_told(std::chrono::milliseconds within);

 private:
  using Time = NoticeQueue::Time;

  Courier(log::Readers& readers, Correspondence& correspondence,
          std::unique_ptr<store::ToldStore> store, const Clock& clock, CourierOptions options)
      : readers_(readers),
        correspondence_(correspondence),
        store_(std::move(store)),
        clock_(clock),
        options_(std::move(options)),
        queue_(options_, std::random_device{}()),
        pool_(options_.places) {}
  void serve();
  Result<void> look();
  Result<void> note(log::Reader& reader, const log::Logged& logged);
  Result<void> note_key(log::Reader& reader, const log::Logged& logged);
  Result<TreeSize> told_at_start(const StatementId& village);
  void tell(const NoticeQueue::Turn& turn);
  Result<std::string> send(const NoticeQueue::Turn& turn);
  struct Written {
    Correspondence::Sealed sealed;
    std::string endpoint;
    bool is_void = false;  // there is nothing to be told any more
  };
  Result<Written> write(log::Reader& reader, const StatementId& village,
                        const NoticeQueue::Notice& of);
  Result<void> keep(const NoticeQueue::Turn& turn, const std::string& rejected);

  log::Readers& readers_;
  Correspondence& correspondence_;
  const std::unique_ptr<store::ToldStore> store_;
  const Clock& clock_;
  const CourierOptions options_;

  // --- the looking thread's alone
  TreeSize seen_;
  std::map<StatementId, TreeSize> told_at_start_;

  std::mutex mutex_;  // of all down to stopping_
  std::condition_variable wake_;
  std::condition_variable idle_;
  NoticeQueue queue_;
  bool news_ = true;
  bool has_looked_ = false;    // since the last news, and nothing was in the way
  bool has_finished_ = false;  // a turn, since turns were given out last
  bool stopping_ = false;

  std::thread thread_;
  log::Pool pool_;  // the last: it uses the others
};

}  // namespace holdfast::federation
