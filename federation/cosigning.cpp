// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/cosigning.h"

#include <algorithm>

namespace holdfast::federation {
namespace {

using Outcome = WitnessAnswer::Outcome;

Objection not_asked() {
  return {Objection::Kind::kUnheard, "not asked yet since this start", "their answers"};
}

}  // namespace

// Shared with the sequencer, which may outlive what asks.
struct Cosigning::Agreement {
  std::mutex mutex;
  std::optional<Objection> objection = not_asked();
};

Result<std::unique_ptr<Cosigning>> Cosigning::start(OwnLog log, WitnessPolicy policy,
                                                    std::unique_ptr<store::CosignedStore> store,
                                                    const Clock& clock, CosigningOptions options) {
  TRY_ASSIGN(auto state, store->read(policy.ids()));
  return std::unique_ptr<Cosigning>(new Cosigning(std::move(log), std::move(policy),
                                                  std::move(store), clock, std::move(options),
                                                  std::move(state)));
}

Cosigning::Cosigning(OwnLog log, WitnessPolicy policy, std::unique_ptr<store::CosignedStore> store,
                     const Clock& clock, CosigningOptions options,
                     store::CosignedStore::State state)
    : log_(std::move(log)),
      policy_(std::move(policy)),
      store_(std::move(store)),
      clock_(clock),
      options_(std::move(options)),
      agreement_(std::make_shared<Agreement>()),
      client_(options_.net),
      dice_(std::random_device()()),
      asked_(policy_.witnesses.size()),
      state_(std::move(state)) {
  publish({});
  thread_ = std::thread([this] { serve(); });
}

Cosigning::~Cosigning() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Cosigning::wake() {
  {
    const std::lock_guard lock(mutex_);
    news_ = true;
  }
  wake_.notify_all();
}

Cosigning::Check Cosigning::check() const {
  return [agreement = agreement_]() -> std::optional<Error> {
    const std::lock_guard lock(agreement->mutex);
    if (!agreement->objection) return std::nullopt;
    return read_only_by(*agreement->objection);
  };
}

void Cosigning::wait_for_first_round() {
  std::unique_lock lock(mutex_);
  first_done_.wait(lock, [this] { return first_round_done_; });
}

bool Cosigning::has_agreed(TreeSize size) const {
  {
    const std::lock_guard lock(mutex_);
    if (size < seen_) return false;
  }
  const std::lock_guard lock(agreement_->mutex);
  return !agreement_->objection;
}

std::string Cosigning::with_cosignatures(const std::string& checkpoint) const {
  const std::lock_guard lock(mutex_);
  // What was kept begins with the checkpoint as the log signed it; the lines of others stand
  // behind.
  return newest_.starts_with(checkpoint) ? newest_ : checkpoint;
}

Witnessed Cosigning::witnessed() const {
  const std::lock_guard lock(mutex_);
  return witnessed_;
}

std::vector<Cosigning::Count> Cosigning::counts() const {
  const std::lock_guard lock(mutex_);
  std::vector<Count> out;
  for (const auto& [key, count] : counts_)
    out.push_back({policy_.witnesses[key.first].name, key.second, count});
  return out;
}

void Cosigning::serve() {
  while (true) {
    look();
    {
      const std::lock_guard lock(mutex_);
      first_round_done_ = true;
    }
    first_done_.notify_all();
    if (!wait_for_work()) return;
  }
}

// False at the end.
bool Cosigning::wait_for_work() {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, options_.between_rounds, [this] { return closing_; });
  wake_.wait_for(lock, options_.look_every, [this] { return news_ || closing_; });
  news_ = false;
  return !closing_;
}

// Before they have agreed, a cosignature that has become old says nothing any more.
bool Cosigning::has_cosigned(std::size_t place, const OwnLog::Head& head) const {
  if (asked_[place].cosigned != head.checkpoint) return false;
  return !check()() || is_fresh(answers_.at(place), clock_.now());
}

// Whoever has not cosigned the newest checkpoint, and whose time to be left alone is over.
std::vector<Question> Cosigning::due(const OwnLog::Head& head, Time now) const {
  std::vector<Question> questions;
  for (std::size_t i = 0; i < asked_.size(); ++i) {
    if (asked_[i].next > now || has_cosigned(i, head)) continue;
    const WitnessPolicy::Asked& witness = policy_.witnesses[i];
    questions.push_back({&witness, state_.witnesses.at(witness.id).cosigned});
  }
  return questions;
}

void Cosigning::look() {
  const auto head = log_.newest();
  if (!head) return;  // whoever reads is told why
  {
    const std::lock_guard lock(mutex_);
    seen_ = std::max(seen_, head->size);
  }
  const std::vector<Question> questions = due(*head, std::chrono::steady_clock::now());
  if (questions.empty()) return;
  const auto round = ask_witnesses(client_, log_, questions);
  if (round) return take(questions, *round);
  tell("witnesses cannot be asked", round.error());
  const std::lock_guard lock(agreement_->mutex);
  // What one of them contradicts with is said rather than that.
  if (agreement_->objection && agreement_->objection->kind == Objection::Kind::kUnheard)
    agreement_->objection->found = trouble_;
}

void Cosigning::tell(const std::string& what, const Error& error) {
  std::string trouble = what + ": " + describe(error);
  if (trouble == trouble_) return;
  trouble_ = std::move(trouble);
  if (options_.on_trouble) options_.on_trouble(what, error);
}

void Cosigning::take(const std::vector<Question>& questions, const CosigningRound& round) {
  auto kept = keep_round(*store_, policy_, questions, round, clock_.now());
  const bool is_kept = kept.has_value();
  if (is_kept) {
    state_ = *std::move(kept);
    trouble_.clear();
  } else {
    tell("what witnesses answer cannot be kept", kept.error());
  }
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const auto place = static_cast<std::size_t>(questions[i].witness - policy_.witnesses.data());
    note_answer(place, round.answers[i], is_kept ? round.head.checkpoint : "");
  }
  // What is kept may be of a newer checkpoint that another process has committed meanwhile.
  const auto newest = log_.newest();
  settle(newest ? std::max(newest->size, round.head.size) : round.head.size);
  publish(round.head.size);
}

// `kept`: the checkpoint that was shown; "" where the answer could not be kept, so that it is asked
// for again.
void Cosigning::note_answer(std::size_t place, const WitnessAnswer& answer,
                            const std::string& kept) {
  Asked& asked = asked_[place];
  answers_[place] = answer;
  if (answer.outcome == Outcome::kCosigned && !kept.empty()) {
    asked.cosigned = kept;
    asked.failures = 0;
    asked.next = {};
  } else {
    asked.next = std::chrono::steady_clock::now() + pause_after(asked.failures++);
  }
  {
    const std::lock_guard lock(mutex_);
    ++counts_[{place, answer.outcome}];
  }
  if (asked.said != answer.outcome && options_.on_answer)
    options_.on_answer(policy_.witnesses[place].name, answer);
  asked.said = answer.outcome;
}

// Half of the time is random, so that many who lost one witness do not all come back at once.
std::chrono::milliseconds Cosigning::pause_after(unsigned failures) {
  constexpr unsigned kDoublingsMax = 20;
  const bool agreed = !check()();
  const auto most = agreed ? options_.again_max : options_.again_unagreed_max;
  const auto wanted = options_.again_after * (1 << std::min(failures, kDoublingsMax));
  const auto pause = std::min<std::chrono::milliseconds>(wanted, most);
  return pause / 2 + std::chrono::milliseconds(
                         std::uniform_int_distribution<std::int64_t>(0, pause.count() / 2)(dice_));
}

// Until the witnesses have agreed once; from then on it is this village that makes what is newest.
void Cosigning::settle(TreeSize size) {
  if (!check()()) return;
  auto objection = objection_of(policy_, state_, answers_, size, clock_.now(), true);
  if (objection && !trouble_.empty()) objection->found += "; " + trouble_;
  const bool all_asked = answers_.size() == policy_.witnesses.size();
  if (objection && all_asked && options_.accept) accept(objection, size);
  {
    const std::lock_guard lock(agreement_->mutex);
    agreement_->objection = objection;
  }
  const auto now_told = objection ? std::optional(objection->kind) : std::nullopt;
  if (options_.on_agreement && (!objection || told_ != now_told))
    options_.on_agreement(objection ? &*objection : nullptr);
  told_ = now_told;
}

// Where it cannot be written down, nothing is accepted.
void Cosigning::accept(std::optional<Objection>& objection, TreeSize size) {
  Result<void> done = options_.accept(*objection);
  if (done) {
    auto accepted = accept_objection(*store_, policy_, *objection, size);
    if (accepted)
      state_ = *std::move(accepted);
    else
      done = accepted.error();
  }
  if (done)
    objection.reset();
  else
    objection->found += "; that this is accepted cannot be kept: " + describe(done.error());
}

void Cosigning::publish(TreeSize size) {
  Witnessed witnessed = witnessed_in(state_, policy_);
  const std::lock_guard lock(mutex_);
  seen_ = std::max(seen_, size);
  newest_ = state_.newest ? state_.newest->note : "";
  witnessed_ = std::move(witnessed);
}

}  // namespace holdfast::federation
