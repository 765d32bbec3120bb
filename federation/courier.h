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
#include "federation/post.h"
#include "ledger/store/told_store.h"

namespace holdfast::federation {

struct CourierOptions {
  // How long a peer that did not take a notice is left alone: twice as long each time, and a random
  // part less.
  std::chrono::milliseconds again_after{500};
  std::chrono::milliseconds again_max{600'000};
  std::chrono::milliseconds look_every{1000};
  net::Options net = brief();
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

// Tells peers of grants to them and of their revocations, in the order of the log, on a thread of
// its own. The log is the outbox: what is to be told follows from it, and only how far each peer
// has come is kept besides. Source: spec/envelopes.md, "Notices". Threads: any.
class Courier {
 public:
  // All that is borrowed outlives it.
  static std::unique_ptr<Courier> start(log::Readers& readers, Correspondence& correspondence,
                                        std::unique_ptr<store::ToldStore> store, const Clock& clock,
                                        CourierOptions options);
  // Waits for a notice that is on its way.
  ~Courier();
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  // Something was committed.
  void wake();
  // Until there is nothing to be told any more, or what is left waits for a peer that is away;
  // false where that takes longer.
  bool wait_until_told(std::chrono::milliseconds within);

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Due {
    LeafIndex index;
    StatementId grant;
    bool is_revocation = false;
    unsigned refusals = 0;  // of a grant that the peer could not take in yet
    Time next;
  };
  struct Peer {
    TreeSize told;
    std::vector<Due> due;  // in the order of the log
    Time next_due(Time otherwise) const;
    unsigned failures = 0;
    Time next;
    std::string trouble;
  };

  Courier(log::Readers& readers, Correspondence& correspondence,
          std::unique_ptr<store::ToldStore> store, const Clock& clock, CourierOptions options)
      : readers_(readers),
        correspondence_(correspondence),
        store_(std::move(store)),
        clock_(clock),
        options_(std::move(options)) {}
  void serve();
  bool wait_for_work(Time until);
  Result<void> look();
  Result<void> note(log::Reader& reader, LeafIndex index);
  Result<Peer*> peer(const StatementId& village);
  Result<void> tell(const StatementId& village, Peer& peer);
  Result<std::string> send(const StatementId& village, const Due& due);
  std::chrono::milliseconds pause_after(unsigned failures);
  bool stopping() const;

  log::Readers& readers_;
  Correspondence& correspondence_;
  const std::unique_ptr<store::ToldStore> store_;
  const Clock& clock_;
  const CourierOptions options_;

  // --- the thread's alone
  std::map<StatementId, Peer> peers_;
  std::uint64_t seen_ = 0;
  std::minstd_rand dice_{std::random_device{}()};

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable idle_;
  bool news_ = true;
  bool is_idle_ = false;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace holdfast::federation
