// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "federation/domain_records.h"
#include "ledger/log/reader.h"

namespace holdfast::federation {

// What a village can be asked of: the live records of its domains whose policy has read, in memory
// only. A thread of its own reads them at the start and follows the log from there; what was
// withdrawn, erased or handed over leaves with the entry that says so. Threads: any.
class Holdings {
 public:
  // `readers` outlives it.
  static std::unique_ptr<Holdings> start(log::Readers& readers);
  // Stops, also in the middle of reading: in the time that a record takes.
  ~Holdings();
  Holdings(const Holdings&) = delete;
  Holdings& operator=(const Holdings&) = delete;

  // Something was committed. Returns at once; without it the thread looks every second.
  void wake();

  // Whether all that there was has been read once.
  bool ready() const { return ready_; }
  void wait_ready() const { ready_.wait(false); }
  // Of the ledger as far as it was followed.
  TreeSize size() const { return {followed_}; }

  // Only what is active, of the domain, covered by the grant's records, readable by its policy,
  // not held to be withdrawn, and no copy but where `may_pass_on` it, as the reader has it. A
  // record without content here is left out. What was committed since it was followed is judged
  // when the answer is sequenced [USE-4]. Cost: linear in the domain's records. Errors: kMalformed
  // [ASK-n]; kUnavailable: not ready, or the village could not be read the last time, and why.
  using MayPassOn = std::function<Result<bool>(log::Reader& reader, const model::CopyOrigin&)>;
  Result<Chosen> choose(const DomainQuestion& question, const MayPassOn& may_pass_on = {});

 private:
  explicit Holdings(log::Readers& readers) : readers_(readers) {}
  void run();
  Result<void> follow();
  Result<void> follow_some(log::Reader& reader);
  Result<void> refresh(log::Reader& reader, const StatementId& record);
  Result<bool> is_erased_since(const StatementId& record);
  Result<void> forget(const StatementId& record);
  Result<void> open_words();
  bool wait_for_more();

  log::Readers& readers_;

  std::mutex wake_mutex_;
  std::condition_variable woken_up_;
  bool woken_ = false;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> ready_{false};
  std::atomic<std::uint64_t> followed_{0};

  std::optional<Words> cutter_;  // the thread's own

  std::mutex mutex_;  // of what stands below
  std::optional<Words> words_;
  std::optional<Error> failed_;  // why the village could not be read the last time
  std::map<StatementId, DomainRecords> domains_;
  std::map<StatementId, StatementId> domain_of_;  // each record that is in memory

  std::thread thread_;
};

}  // namespace holdfast::federation
