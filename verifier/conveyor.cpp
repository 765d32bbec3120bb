// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/conveyor.h"

#include <algorithm>
#include <thread>
#include <vector>

namespace holdfast::verifier {
namespace {

constexpr std::size_t kChunksPerThread = 4;

}  // namespace

Conveyor::Conveyor(Stages stages, unsigned jobs, std::uint64_t bytes_max)
    : stages_(std::move(stages)), jobs_(std::max(1U, jobs)), bytes_max_(bytes_max) {}

void Conveyor::run() {
  std::vector<std::jthread> others;
  for (unsigned i = 1; i < jobs_; ++i) others.emplace_back([this] { work(); });
  work();
}

bool Conveyor::finished() const {
  const std::uint64_t end = stages_.end();
  // Slots beyond an end that has fallen are dropped, once nobody works on them.
  for (const Slot& slot : slots_) {
    const bool busy = slot.stage == Stage::kReading || slot.stage == Stage::kApplying ||
                      slot.stage == Stage::kChecking;
    if (busy || (slot.number < end && slot.stage != Stage::kDone)) return false;
  }
  return next_read_ >= end;
}

// Chunks are read in order, so the one that is to be applied next is never kept waiting by others
// behind it.
bool Conveyor::has_room() {
  if (slots_.size() >= kChunksPerThread * jobs_) return false;
  if (!next_bytes_) next_bytes_ = stages_.bytes(next_read_);
  return in_flight_ == 0 || (in_flight_ <= bytes_max_ && *next_bytes_ <= bytes_max_ - in_flight_);
}

bool Conveyor::may_read(std::uint64_t end) {
  return next_read_ < end && (stages_.ahead == 0 || expected_.contains(next_read_)) && has_room();
}

bool Conveyor::may_expect(std::uint64_t end) const {
  return next_expect_ < end && next_expect_ - next_read_ < stages_.ahead;
}

std::optional<Conveyor::Work> Conveyor::next() {
  const std::uint64_t end = stages_.end();
  if (!applying_ && next_apply_ < end) {
    for (Slot& slot : slots_)
      if (slot.number == next_apply_ && slot.stage == Stage::kRead) {
        applying_ = true;
        slot.stage = Stage::kApplying;
        return Work{&slot, Stage::kApplying, slot.number};
      }
  }
  for (Slot& slot : slots_)
    if (slot.number < end && slot.stage == Stage::kApplied) {
      slot.stage = Stage::kChecking;
      return Work{&slot, Stage::kChecking, slot.number};
    }
  if (may_read(end)) {
    expected_.erase(next_read_);
    slots_.push_back({next_read_++, *next_bytes_, Stage::kReading, {}});
    in_flight_ += *next_bytes_;
    next_bytes_.reset();
    return Work{&slots_.back(), Stage::kReading, slots_.back().number};
  }
  if (may_expect(end)) return Work{nullptr, Stage::kExpecting, next_expect_++};
  return std::nullopt;
}

std::optional<Conveyor::Work> Conveyor::take(std::unique_lock<std::mutex>& lock) {
  for (;;) {
    if (finished()) return std::nullopt;
    if (auto work = next()) return work;
    changed_.wait(lock);
  }
}

void Conveyor::finish(const Work& work) {
  if (work.stage == Stage::kExpecting) {
    expected_.insert(work.number);
    changed_.notify_all();
    return;
  }
  Slot& slot = *work.slot;
  if (work.stage == Stage::kReading) {
    slot.stage = Stage::kRead;
    const std::uint64_t bytes = std::min(slot.bytes, stages_.bytes_read(slot.chunk));
    in_flight_ -= slot.bytes - bytes;
    slot.bytes = bytes;
  }
  if (work.stage == Stage::kApplying) {
    slot.stage = Stage::kApplied;
    applying_ = false;
    ++next_apply_;
  }
  if (work.stage == Stage::kChecking) {
    slot.stage = Stage::kDone;
    slot.chunk = {};
    in_flight_ -= slot.bytes;
    while (!slots_.empty() && slots_.front().stage == Stage::kDone) slots_.pop_front();
    stages_.progress(slots_.empty() ? next_read_ : slots_.front().number);
  }
  changed_.notify_all();
}

void Conveyor::work() {
  std::unique_lock lock(mutex_);
  // References into the deque stay valid while other slots come behind and go in front.
  while (const auto piece = take(lock)) {
    lock.unlock();
    Slot* const slot = piece->slot;
    if (piece->stage == Stage::kExpecting) stages_.expect(piece->number);
    if (piece->stage == Stage::kReading) slot->chunk = stages_.read(piece->number);
    if (piece->stage == Stage::kApplying) stages_.apply(slot->chunk);
    if (piece->stage == Stage::kChecking) stages_.check(slot->chunk);
    lock.lock();
    finish(*piece);
  }
  changed_.notify_all();
}

}  // namespace holdfast::verifier
