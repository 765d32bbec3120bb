// SPDX-License-Identifier: AGPL-3.0-or-later
#include <sys/statvfs.h>

#include "ledger/log/beside.h"
#include "ledger/log/writer.h"

namespace holdfast::log {
namespace {

Error outcome_unknown(const Error& error) {
  return {Code::kUnavailable, error.rule, error.what,
          error.found + ", and whether the commit is durable is unknown",
          "a new start of this program: opening again finds out"};
}

Error not_gone_yet(const Error& why) {
  return {Code::kUnavailable, why.rule, "an erasure that is in the log, " + why.what, why.found,
          why.want + "; key and content go as soon as that can be done"};
}

std::shared_ptr<const CommittedBatch> committed_batch(const Batch& batch,
                                                      const std::string& checkpoint) {
  auto committed = std::make_shared<CommittedBatch>();
  const auto statements = batch.signed_statements();
  std::size_t i = 0;
  for (const Sequenced& entry : batch.overlay().entries()) {
    committed->entries.push_back(entry.entry);
    committed->signed_statements.emplace_back(statements[i].begin(), statements[i].end());
    committed->changes.push_back(entry.changes);
    ++i;
  }
  committed->checkpoint = checkpoint;
  return committed;
}

}  // namespace

Receipt Writer::receipt(std::vector<Position> positions) const {
  return {std::move(positions), state_.head.checkpoint, state_.head.size};
}

std::uint64_t Writer::limit_bytes(bool use_reserve) const {
  const std::uint64_t map = options_.map_bytes;
  return use_reserve ? map : map - std::min(store::kReserveBytes, map / 4);
}

// The one thing that a new operator can do at first is to take office; nothing stands before it.
bool Writer::takes_office(const Submission& submission, const Batch& batch, Seconds now) const {
  return operator_key_ && !rolled_back_ && !objection_elsewhere() && !exchanged_ && !unfinished_ &&
         !stopped_ && !batch.has_entries() &&
         (options_.accept_clock || !clock_looks_wrong(now, state_.head.time)) &&
         submission.hands_over_to(operator_key_->public_key()) &&
         state_.detail.operator_key != operator_key_->public_key();
}

void Writer::sequence(const Attempt& attempt, const store::LedgerSnapshot* snapshot, Seconds now,
                      bool use_reserve) {
  const auto reason = reason_not_to_sign(now);
  Batch batch(state_, snapshot, operator_key_ ? &*operator_key_ : nullptr, now);
  std::vector<HeldEnd> ends;
  std::vector<Submission> held;
  if (!reason && snapshot != nullptr) held = add_held(batch, ends);
  std::vector<std::pair<std::size_t, std::vector<Position>>> accepted;
  for (std::size_t i = 0; i < attempt.submissions.size(); ++i) {
    if (attempt.answers[i]) continue;
    Submission& submission = *attempt.submissions[i];
    if (reason && !takes_office(submission, batch, now)) {
      attempt.answers[i] =
          snapshot == nullptr ? *reason : answer_unsigned(submission, *snapshot, *reason);
      continue;
    }
    auto positions = batch.add(submission);
    if (positions)
      accepted.emplace_back(i, *std::move(positions));
    else
      attempt.answers[i] = positions.error();
  }
  if (!batch.has_entries()) {
    end_held(ends);
    for (auto& [i, positions] : accepted) attempt.answers[i] = receipt(std::move(positions));
    return;
  }
  store::Failure failure = store::Failure::kFull;
  if (const auto room = check_room(batch.bytes_max()); !room && !use_reserve) {
    commit_failed(attempt, batch, room.error(), failure, now, use_reserve);
    return;
  }
  if (const auto noted = note_accepted_clock(now, failure); !noted) {
    commit_failed(attempt, batch, noted.error(), failure, now, use_reserve);
    return;
  }
  failure = store::Failure::kOther;
  stale_ = true;  // from here on until the commit, memory is ahead of the store
  if (const auto done = commit(batch, use_reserve, failure); !done) {
    commit_failed(attempt, batch, done.error(), failure, now, use_reserve);
    return;
  }
  if (!files_are_in_place()) {  // and `state_` stays stale
    const Error answer = outcome_unknown(stopped_ ? *stopped_ : *exchanged_);
    for (auto& [i, positions] : accepted) attempt.answers[i] = answer;
    return;
  }
  stale_ = false;
  // From here on those who read see it in the log; a file that stays is found to be known.
  end_held(ends);
  // What this batch has made known may let others go that wait.
  held_may_wait_ = !attempt.submissions.empty() && !held_.look().statements.empty();
  if (const auto settled = after_commit(batch); !settled) {
    stopped_ = outcome_unknown(settled.error());
    for (auto& [i, positions] : accepted) attempt.answers[i] = *stopped_;
    return;
  }
  erase_committed(batch);
  remake_reserve();
  if (attempt.committed != nullptr)
    *attempt.committed = committed_batch(batch, state_.head.checkpoint);
  // Who erases is answered when it is gone.
  for (auto& [i, positions] : accepted)
    if (unfinished_ && attempt.submissions[i]->erases_something())
      attempt.answers[i] = not_gone_yet(*unfinished_);
    else
      attempt.answers[i] = receipt(std::move(positions));
}

// Once is enough: an entry that is signed by this clock makes it the last entry's time, or the
// clock stays behind it.
Result<void> Writer::note_accepted_clock(Seconds now, store::Failure& failure) {
  if (!options_.accept_clock || clock_noted_ || state_.head.size.value == 0) return {};
  const auto wrong = clock_looks_wrong(now, state_.head.time);
  if (!wrong) return {};
  bool full = false;
  const auto noted = note_override("a clock: " + describe(*wrong), &full);
  failure = full ? store::Failure::kFull : store::Failure::kOther;
  clock_noted_ = noted.has_value();
  return noted;
}

// Without end where the file system does not say: whoever writes finds out.
std::uint64_t Writer::free_bytes() const {
  struct statvfs info {};
  if (statvfs(paths_.directory().c_str(), &info) != 0) return UINT64_MAX;
  return std::uint64_t{info.f_bavail} * info.f_frsize;
}

// Finding out before anything is hashed spares a state that has to be loaded again.
Result<void> Writer::check_room(std::uint64_t wanted) const {
  const std::uint64_t used = files_.ledger->used_bytes();
  const std::uint64_t free = free_bytes();
  const std::uint64_t limit = limit_bytes(false);
  const bool in_map = used + wanted <= limit;
  // Room that the reserve has given up is not for ordinary writes to take.
  const std::uint64_t kept = reserve_missing() ? store::kReserveBytes : 0;
  const bool on_disk = free > wanted + kept;
  if (in_map && on_disk) return {};
  return Error{
      Code::kUnavailable, "", "the disk is full: " + paths_.directory(),
      in_map ? std::to_string(free) + " bytes free"
             : std::to_string(used) + " of " + std::to_string(limit) + " bytes used",
      std::to_string(wanted + (in_map ? kept : 0)) +
          " bytes: free some space or raise the limit, and submit again" +
          (head().size.value == 0 ? "" : "; revocations, withdrawals and erasures still go in")};
}

std::optional<Error> Writer::disk_full() const {
  constexpr std::uint64_t kSmallStatement = 16 * 1024;
  if (auto room = check_room(Batch::kBytesMin + kSmallStatement); !room)
    return std::move(room).error();
  return files_.content->full(limit_bytes(false));
}

// Contents and keys, both at once.
Result<void> Writer::put_contents(std::span<const store::ContentStore::Box> boxes,
                                  std::span<const store::SlotFile::Key> keys, std::uint64_t limit,
                                  store::Failure& failure) {
  Result<void> keys_put;
  bool keys_full = false;
  Beside beside([&] {
    keys_put = files_.slots->write(keys, keys_full);
    if (keys_put) keys_put = files_.slots->sync();
  });
  const auto boxes_put = files_.content->put(boxes, limit, failure);
  beside.join();
  TRY(boxes_put);
  failure = keys_full ? store::Failure::kFull : store::Failure::kOther;
  return keys_put;
}

// Contents lie on the disk before the ledger's own commit, and until that nothing refers to them;
// so they are written while the entries are hashed and sealed.
Result<void> Writer::seal(Batch& batch, bool use_reserve, store::Failure& failure) {
  const auto boxes = batch.boxes();
  if (boxes.empty()) return batch.seal(random_, jobs_);
  const auto keys = batch.keys();
  Result<void> put;
  Beside beside([&] { put = put_contents(boxes, keys, limit_bytes(use_reserve), failure); });
  const auto sealed = batch.seal(random_, jobs_);
  beside.join();
  TRY(put);
  return sealed;
}

Result<void> Writer::commit(Batch& batch, bool use_reserve, store::Failure& failure) {
  TRY(seal(batch, use_reserve, failure));
  batch.ledger().erased = erased_;
  return files_.ledger->commit(batch.ledger(), limit_bytes(use_reserve), failure);
}

void Writer::commit_failed(const Attempt& attempt, const Batch& batch, const Error& error,
                           store::Failure failure, Seconds now, bool used_reserve) {
  Error answer = error;
  if (failure == store::Failure::kUnknown) stopped_ = answer = outcome_unknown(error);
  const bool is_full = failure == store::Failure::kFull;
  // Where nothing was submitted, all that was to go in had been held.
  bool again = is_full && !used_reserve && attempt.submissions.empty();
  bool hold_instead = false;  // where not even the reserve is enough
  for (std::size_t i = 0; i < attempt.answers.size(); ++i) {
    if (attempt.answers[i]) continue;
    if (is_full && !used_reserve && attempt.submissions[i]->may_use_reserve())
      again = true;
    else if (is_full && used_reserve && attempt.submissions[i]->takes_back_only())
      hold_instead = true;
    else
      attempt.answers[i] = answer;
  }
  if (stale_ && failure != store::Failure::kUnknown) {
    const TreeSize size = batch.ledger().size_before;
    const auto wiped = with_reserve([&] { return files_.wipe_beyond(size); });
    if (!wiped) unfinished_ = unfinished(wiped.error());
  }
  held_may_wait_ = !held_.look().statements.empty();
  if (!again && !hold_instead) return;
  if (again) store::release_reserve(paths_.reserve());
  const auto snapshot = present();
  if (snapshot && again) {
    sequence(attempt, *snapshot ? &**snapshot : nullptr, now, true);
    return;
  }
  for (std::size_t i = 0; i < attempt.answers.size(); ++i) {
    if (attempt.answers[i]) continue;
    if (snapshot && *snapshot)
      attempt.answers[i] = answer_unsigned(*attempt.submissions[i], **snapshot, answer);
    else
      attempt.answers[i] = snapshot ? answer : snapshot.error();
  }
}

// Whatever failed: that a quota is used up, or a file system's own tables are, shows in no number
// of free bytes. The reserve is made again when there is room.
Result<void> Writer::with_reserve(const std::function<Result<void>()>& attempt) {
  auto done = attempt();
  if (!done && store::release_reserve(paths_.reserve())) done = attempt();
  return done;
}

Result<void> Writer::after_commit(Batch& batch) {
  TRY(batch.settle());
  if (village_ != state_.village) {
    village_ = state_.village;
    anchor_ = Anchor(options_.anchor_directory, village_);
  }
  anchor_.note(state_.head.size, state_.head.root);
  return {};
}

// The entries stand. Where their erasures cannot be carried out now, that is finished later, like
// what a crash left: the log itself says what is to go.
void Writer::erase_committed(const Batch& batch) {
  erased_.clear();
  const auto& erasing = batch.ledger().erasing;
  if (erasing.empty()) return;
  const auto gone = with_reserve([&] { return files_.erase(erasing); });
  if (gone)
    erased_ = erasing;
  else
    unfinished_ = unfinished(gone.error());
}

// Asked anew each time: another process may have given it up, or a person taken it away.
bool Writer::reserve_missing() const {
  return !store::has_reserve(paths_.reserve(), store::kReserveBytes);
}

// Only where there is plenty of room: taking the last of it would make the disk full for others.
void Writer::remake_reserve() {
  if (reserve_takes_no_room_ || !reserve_missing()) return;
  if (free_bytes() < 4 * store::kReserveBytes) return;
  reserve_takes_no_room_ =
      store::make_reserve(paths_.reserve(), store::kReserveBytes) && reserve_missing();
}

}  // namespace holdfast::log
