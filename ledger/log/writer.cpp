// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/writer.h"

#include <algorithm>
#include <thread>

namespace holdfast::log {
namespace {

constexpr Seconds kClockBehindMax = 10 * kMinute;
constexpr Seconds kClockAheadMax = 90 * kDay;

Error other_operator(const model::PublicKey& named,
                     const std::optional<crypto::SigningKey>& at_hand) {
  const std::string wanted =
      crypto::format_public_key(named) + ", which the village's state names: open it with that key";
  if (!at_hand)
    return {Code::kUnavailable, "", "the operator's key", "none on this machine", wanted};
  return {Code::kUnavailable, "", "the operator's key",
          crypto::format_public_key(at_hand->public_key()),
          wanted + ", or submit the council's event that names this one"};
}

}  // namespace

std::optional<Error> clock_looks_wrong(Seconds now, Seconds last) {
  if (now >= last - kClockBehindMax && now <= last + kClockAheadMax) return std::nullopt;
  return Error{Code::kUnavailable, "", "the clock", format_time(now),
               "from 10 minutes before to 90 days after the last entry, " + format_time(last) +
                   ": set the clock, or open with --accept-clock if it is right"};
}

Error unfinished(const Error& error) {
  return {Code::kUnavailable, error.rule, "finishing what was begun before (" + error.what + ")",
          error.found,
          (error.want.empty() ? std::string("this to be put right") : error.want) +
              "; until then nothing new is signed, and revocations and withdrawals are held"};
}

Writer::Writer(const VillagePaths& paths, std::optional<crypto::SigningKey> operator_key,
               const SequencerOptions& options, const Clock& clock, crypto::Random& random,
               VillageFiles files, store::FairLock lock, LedgerState state)
    : paths_(paths),
      operator_key_(std::move(operator_key)),
      options_(options),
      clock_(clock),
      random_(random),
      jobs_(options.jobs != 0 ? options.jobs : std::max(1u, std::thread::hardware_concurrency())),
      files_(std::move(files)),
      held_(paths_.held()),
      lock_(std::move(lock)),
      state_(std::move(state)),
      village_(state_.village),
      anchor_(options.anchor_directory, state_.village) {}

Writer::~Writer() {
  (void)anchor_.write_due(true, [this] { return files_.ledger->snapshot(); });
}

void Writer::write_anchor() {
  if (!anchor_due()) return;
  const auto written = anchor_.write_due(false, [this] { return files_.ledger->snapshot(); });
  if (written) return;
  rolled_back_ = written.error();
  publish();
}

Result<std::unique_ptr<Writer>> Writer::open(const VillagePaths& paths,
                                             std::optional<crypto::SigningKey> operator_key,
                                             const SequencerOptions& options, const Clock& clock,
                                             crypto::Random& random) {
  TRY_ASSIGN(auto files, VillageFiles::open(paths, options.map_bytes, false));
  TRY(store::make_directory(paths.run(), 0700));
  TRY(store::make_directory(paths.held(), 0700));
  TRY_ASSIGN(auto lock, store::FairLock::open(paths.lock()));
  TRY(lock.lock());  // what is being written by others must not look like what a crash left
  TRY(files.check_in_place());
  TRY(files.recover());
  TRY_ASSIGN(const auto snapshot, files.ledger->snapshot());
  const unsigned jobs = options.jobs != 0 ? options.jobs : std::thread::hardware_concurrency();
  TRY_ASSIGN(auto state, LedgerState::load(snapshot, jobs));
  std::unique_ptr<Writer> writer(new Writer(paths, std::move(operator_key), options, clock, random,
                                            std::move(files), std::move(lock), std::move(state)));
  TRY(writer->check_anchor(snapshot));
  writer->try_to_finish(snapshot);
  writer->tidy_held();
  writer->held_may_wait_ = !writer->held_.look().statements.empty();
  writer->remake_reserve();
  writer->lock_.unlock();
  writer->publish();
  return writer;
}

Result<std::unique_ptr<Writer>> Writer::create(const VillagePaths& paths,
                                               crypto::SigningKey operator_key,
                                               const SequencerOptions& options, const Clock& clock,
                                               crypto::Random& random) {
  TRY(store::make_directory(paths.run(), 0700));
  TRY_ASSIGN(auto lock, store::FairLock::open(paths.lock()));
  TRY(lock.lock());
  TRY_ASSIGN(auto files, VillageFiles::open(paths, options.map_bytes, true));
  TRY(files.recover());  // a village whose maker was killed at the last moment is one
  if (files.ledger->snapshot())
    return Error{Code::kConflict, "", paths.directory(), "a village", "a directory without one"};
  std::unique_ptr<Writer> writer(new Writer(paths, std::move(operator_key), options, clock, random,
                                            std::move(files), std::move(lock),
                                            LedgerState::empty()));
  // A making that was cut short may have left keys and contents of a genesis that never was.
  TRY(writer->files_.wipe_beyond({0}));
  (void)store::make_reserve(paths.reserve(), store::kReserveBytes);
  writer->lock_.unlock();
  writer->publish();
  return writer;
}

Result<void> Writer::check_anchor(const store::LedgerSnapshot& snapshot) {
  const auto agrees = anchor_.check(snapshot);
  if (agrees) return {};
  if (!options_.accept_rollback) {
    rolled_back_ = agrees.error();
    return {};
  }
  // People must be able to find out later that somebody decided this.
  if (auto noted = note_override("a rollback: " + describe(agrees.error()), nullptr); !noted) {
    rolled_back_ = std::move(noted).error();
    return {};
  }
  return anchor_.replace(snapshot.head().size, snapshot.head().root);
}

Result<void> Writer::note_override(const std::string& what, bool* full) const {
  const auto noted =
      store::append_line(paths_.overrides(), format_time(clock_.now()) + " accepted " + what, full);
  if (noted) return {};
  return Error{Code::kUnavailable, "", "writing down that you accept " + what,
               noted.error().what + ": " + noted.error().found,
               "a line in " + paths_.overrides() + ": nothing is accepted without it"};
}

// Another process may have been killed between two of its steps, also while this one is open: its
// keys and contents beyond the head would else stay for ever behind whatever is sequenced there
// next. A rolled-back ledger is left as it is: what lies beyond its head belongs to the newer copy.
Result<void> Writer::finish_what_a_crash_left(const store::LedgerSnapshot& snapshot) {
  waits_for_others_ = objection_elsewhere().has_value();
  if (rolled_back_ || waits_for_others_) return {};
  TRY_ASSIGN(auto erasing, snapshot.erasing());
  std::erase_if(erasing, [this](LeafIndex record) {
    return std::find(erased_.begin(), erased_.end(), record) != erased_.end();
  });
  TRY(files_.erase(erasing));
  if (!erasing.empty()) TRY(files_.ledger->forget_erasing(erasing));
  TRY(erase_what_came_back());
  return files_.wipe_beyond(snapshot.head().size);
}

// Older files that somebody has put beside the ledger have the keys of what was erased since.
// Looked for once, when the state is loaded.
Result<void> Writer::erase_what_came_back() {
  std::vector<LeafIndex> back;
  for (const LeafIndex record : state_.erased) {
    TRY_ASSIGN(const auto key, files_.slots->read(record));
    if (key) back.push_back(record);
  }
  TRY(files_.erase(back));
  state_.erased.clear();
  return {};
}

void Writer::try_to_finish(const store::LedgerSnapshot& snapshot) {
  unfinished_.reset();
  const auto finished = with_reserve([&] { return finish_what_a_crash_left(snapshot); });
  if (!finished) unfinished_ = unfinished(finished.error());
}

std::optional<Error> Writer::objection_elsewhere() const {
  if (agreed_elsewhere_ || !options_.check_elsewhere) return std::nullopt;
  auto objection = options_.check_elsewhere();
  agreed_elsewhere_ = !objection;
  return objection;
}

// Whatever the clock says, and others elsewhere.
std::optional<Error> Writer::standing_reason() const {
  if (stopped_) return stopped_;
  if (exchanged_) return exchanged_;
  if (rolled_back_) return rolled_back_;
  if (unfinished_) return unfinished_;
  if (state_.head.size.value == 0) return std::nullopt;
  if (!operator_key_ || state_.detail.operator_key != operator_key_->public_key())
    return other_operator(state_.detail.operator_key, operator_key_);
  return std::nullopt;
}

std::optional<Error> Writer::reason_not_to_sign(Seconds now) const {
  if (auto reason = standing_reason()) return reason;
  if (auto objection = objection_elsewhere()) return objection;
  if (state_.head.size.value == 0 || options_.accept_clock) return std::nullopt;
  return clock_looks_wrong(now, state_.head.time);
}

void Writer::publish() {
  const std::lock_guard lock(published_mutex_);
  const store::StoredHead& head = state_.head;
  // A head whose commit failed, or went into a file that nobody sees, was never signed, as far as
  // the world may know.
  if (!stale_ && !exchanged_) {
    published_ = {head.size, head.root, head.state_root, head.time, head.checkpoint};
    published_keys_ = state_.keys;
  }
  standing_reason_ = standing_reason();
}

Sequencer::Head Writer::head() const {
  const std::lock_guard lock(published_mutex_);
  return published_;
}

std::shared_ptr<const rules::KeyBook> Writer::keys() const {
  const std::lock_guard lock(published_mutex_);
  return published_keys_;
}

std::optional<Error> Writer::read_only() const {
  const std::lock_guard lock(published_mutex_);
  if (standing_reason_) return standing_reason_;
  // Others and the clock are asked anew each time.
  if (auto objection = objection_elsewhere()) return objection;
  if (published_.size.value == 0 || options_.accept_clock) return std::nullopt;
  return clock_looks_wrong(clock_.now(), published_.time);
}

// The stored log as it is now, with `state_` brought up to it; nothing where the log is empty.
Result<std::optional<store::LedgerSnapshot>> Writer::present() {
  auto snapshot = files_.ledger->snapshot();
  if (!snapshot) {
    if (snapshot.error().code == Code::kNotFound && village_.is_zero()) {
      if (stale_) state_ = LedgerState::empty();
      stale_ = false;
      return std::optional<store::LedgerSnapshot>();
    }
    return snapshot.error();
  }
  Result<void> done;
  if (stale_) {
    auto loaded = LedgerState::load(*snapshot, jobs_);
    if (loaded)
      state_ = *std::move(loaded);
    else
      done = loaded.error();
  } else {
    done = state_.catch_up(*snapshot);
  }
  if (!done) {
    stopped_ = done.error();
    stale_ = true;  // it may have gone half of the way
    return done.error();
  }
  stale_ = false;
  return std::optional(*std::move(snapshot));
}

// Once they were not, it is never believed again.
bool Writer::files_are_in_place() {
  const auto in_place = files_.check_in_place();
  if (!in_place && in_place.error().code == Code::kInvalid)
    stopped_ = in_place.error();  // not even what may be held can be told from such files
  else if (!in_place && !exchanged_)
    exchanged_ = in_place.error();
  return !stopped_ && !exchanged_;
}

Answers Writer::process(const Submissions& submissions, bool wants_committed,
                        std::shared_ptr<const CommittedBatch>& committed) {
  Answers answers(submissions.size());
  const auto answer_all = [&](const Error& error) {
    for (auto& answer : answers)
      if (!answer) answer = error;
  };
  if (stopped_) {
    answer_all(*stopped_);
    return answers;
  }
  auto locked = lock_.lock();
  // run/ has nothing that lasts, so somebody may have cleared it away.
  if (!locked && store::make_directory(paths_.run(), 0700)) locked = lock_.lock();
  if (!locked) {
    answer_all(locked.error());
    return answers;
  }
  if (!files_are_in_place()) {
    if (stopped_)
      answer_all(*stopped_);
    else
      hold_only(submissions, answers, *exchanged_);
    lock_.unlock();
    publish();
    return answers;
  }
  const auto recovered = with_reserve([this] { return files_.recover(); });
  const auto snapshot = recovered ? present() : recovered.error();
  if (!snapshot) {
    answer_all(snapshot.error());
  } else {
    if (*snapshot) try_to_finish(**snapshot);
    tidy_held();
    const Attempt attempt{submissions, answers, wants_committed ? &committed : nullptr};
    sequence(attempt, *snapshot ? &**snapshot : nullptr, clock_.now(), false);
  }
  lock_.unlock();
  publish();
  return answers;
}

}  // namespace holdfast::log
