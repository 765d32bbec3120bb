// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "ledger/log/anchor.h"
#include "ledger/log/batch.h"
#include "ledger/log/files.h"
#include "ledger/log/held_files.h"
#include "ledger/store/fair_lock.h"

namespace holdfast::log {

using Answers = std::vector<std::optional<Result<Receipt>>>;

// Takes batches of prepared submissions to durable, sealed entries. Holds the village's lock only
// while it works, so that several processes take turns. Threads: one, besides head(), read_only(),
// keys() and disk_full().
class Writer {
 public:
  // Opens and checks everything, and finishes what a crash left. See Sequencer::open.
  static Result<std::unique_ptr<Writer>> open(const VillagePaths& paths,
                                              std::optional<crypto::SigningKey> operator_key,
                                              const SequencerOptions& options, const Clock& clock,
                                              crypto::Random& random);
  // Makes the files of a village that has none yet; the next batch starts with its genesis.
  static Result<std::unique_ptr<Writer>> create(const VillagePaths& paths,
                                                crypto::SigningKey operator_key,
                                                const SequencerOptions& options, const Clock& clock,
                                                crypto::Random& random);
  ~Writer();

  // One answer for each submission, all durable. `committed` is set if there were new entries and
  // `wants_committed`.
  Answers process(const Submissions& submissions, bool wants_committed,
                  std::shared_ptr<const CommittedBatch>& committed);

  Sequencer::Head head() const;
  std::optional<Error> read_only() const;
  std::optional<Error> disk_full() const;
  std::shared_ptr<const rules::KeyBook> keys() const;
  const StatementId& village() const { return village_; }
  // Whether held statements wait and could be sequenced now: process({}) does it.
  bool held_can_go() const { return held_may_wait_ && !read_only(); }
  // Whether something waits to be done that could not be: what is to be gone, or what was held.
  bool has_unfinished() const { return unfinished_ || held_may_wait_ || waits_for_others_; }
  // Whether process({}) may get further with it now.
  bool can_finish() const {
    return unfinished_ || held_can_go() || (waits_for_others_ && !objection_elsewhere());
  }
  // When write_anchor() has something to do.
  std::optional<std::chrono::steady_clock::time_point> anchor_due() const {
    return stopped_ || exchanged_ || rolled_back_ ? std::nullopt : anchor_.due();
  }
  // Writes it where it is due. What it remembers of another copy of this log, which somebody signs
  // beside this one, stays, and nothing more is signed here.
  void write_anchor();

 private:
  Writer(const VillagePaths& paths, std::optional<crypto::SigningKey> operator_key,
         const SequencerOptions& options, const Clock& clock, crypto::Random& random,
         VillageFiles files, store::FairLock lock, LedgerState state);

  // --- opening
  Result<void> check_anchor(const store::LedgerSnapshot& snapshot);
  Result<void> finish_what_a_crash_left(const store::LedgerSnapshot& snapshot);
  // Where that cannot be finished, nothing is signed until it can: `unfinished_`.
  Result<void> erase_what_came_back();
  void try_to_finish(const store::LedgerSnapshot& snapshot);
  bool files_are_in_place();
  void hold_only(const Submissions& submissions, Answers& answers, const Error& reason);
  Result<void> note_override(const std::string& what, bool* full) const;

  // --- a batch, under the lock
  struct Attempt {
    const Submissions& submissions;
    Answers& answers;                                  // the empty ones are still to be given
    std::shared_ptr<const CommittedBatch>* committed;  // null: not wanted
  };
  Result<std::optional<store::LedgerSnapshot>> present();
  std::optional<Error> standing_reason() const;
  std::optional<Error> reason_not_to_sign(Seconds now) const;
  std::optional<Error> objection_elsewhere() const;
  bool takes_office(const Submission& submission, const Batch& batch, Seconds now) const;
  void sequence(const Attempt& attempt, const store::LedgerSnapshot* snapshot, Seconds now,
                bool use_reserve);
  Result<void> note_accepted_clock(Seconds now, store::Failure& failure);
  Result<void> check_room(std::uint64_t bytes) const;
  Result<void> commit(Batch& batch, bool use_reserve, store::Failure& failure);
  Result<void> seal(Batch& batch, bool use_reserve, store::Failure& failure);
  Result<void> put_contents(std::span<const store::ContentStore::Box> boxes,
                            std::span<const store::SlotFile::Key> keys, std::uint64_t limit,
                            store::Failure& failure);
  void commit_failed(const Attempt& attempt, const Batch& batch, const Error& error,
                     store::Failure failure, Seconds now, bool used_reserve);
  Result<void> after_commit(Batch& batch);
  void erase_committed(const Batch& batch);
  Receipt receipt(std::vector<Position> positions) const;
  std::uint64_t limit_bytes(bool use_reserve) const;
  std::uint64_t free_bytes() const;
  bool reserve_missing() const;
  void remake_reserve();
  // Removing things takes pages first: what fails is tried again with the room that the reserve
  // gives up.
  Result<void> with_reserve(const std::function<Result<void>()>& attempt);
  void publish();

  // --- while nothing is signed
  Result<Receipt> answer_unsigned(Submission& submission, const store::LedgerSnapshot& snapshot,
                                  const Error& reason);
  Result<void> check_may_hold(const Prepared& prepared, const Overlay& view) const;
  Result<void> check_village_goes_on(const model::Statement& statement, const Overlay& view) const;
  Result<void> hold(const Submission& submission, const Overlay& view);

  // --- what was held
  struct HeldEnd {
    std::string name;
    std::optional<Error> refusal;  // nothing: it was sequenced, or nothing is left to take back
  };
  void tidy_held();
  std::vector<Submission> add_held(Batch& batch, std::vector<HeldEnd>& ends);
  std::optional<HeldEnd> end_of_refused(const HeldStatement& held, const Error& refusal,
                                        const Overlay& view) const;
  void end_held(const std::vector<HeldEnd>& ends);

  VillagePaths paths_;
  std::optional<crypto::SigningKey> operator_key_;
  SequencerOptions options_;
  const Clock& clock_;
  crypto::Random& random_;
  unsigned jobs_;
  VillageFiles files_;
  HeldFiles held_;
  store::FairLock lock_;
  LedgerState state_;
  StatementId village_;
  Anchor anchor_;
  bool stale_ = false;  // `state_` has gone where the store has not: load it again
  bool held_may_wait_ = false;
  bool clock_noted_ = false;            // that a clock which looks wrong was accepted
  bool reserve_takes_no_room_ = false;  // on this file system: it need not be made again
  std::vector<LeafIndex> erased_;       // gone, and the next commit says so
  std::optional<Error> stopped_;        // nothing more is done: open again
  std::optional<Error> rolled_back_;    // the anchor is ahead
  std::optional<Error> exchanged_;      // other files are where the open ones were: open again
  std::optional<Error> unfinished_;     // something that is to be gone may still be there
  bool waits_for_others_ = false;       // what a crash left does, until those elsewhere agree
  mutable std::atomic<bool> agreed_elsewhere_{false};  // from then on nobody is asked any more
  mutable std::mutex published_mutex_;
  Sequencer::Head published_;
  std::optional<Error> standing_reason_;  // not to sign
  std::shared_ptr<const rules::KeyBook> published_keys_;
};

// Why a clock that shows `now` must not be signed by, after an entry of time `last`.
std::optional<Error> clock_looks_wrong(Seconds now, Seconds last);
// Why nothing is signed while `error` keeps something from being removed that must go first.
Error unfinished(const Error& error);

}  // namespace holdfast::log
