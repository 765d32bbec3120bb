// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "verifier/chunk.h"

namespace holdfast::verifier {

// What happens to a chunk, one after another. `read` and `check` run on any thread, several chunks
// at a time; `apply` runs for one chunk after another, in order.
struct Stages {
  std::function<Chunk(std::uint64_t number)> read;
  std::function<void(Chunk&)> apply;
  std::function<void(const Chunk&)> check;
  // Chunks from this number on are not needed (any more); may fall while the work goes on.
  std::function<std::uint64_t()> end;
  // Chunks done so far; one thread at a time.
  std::function<void(std::uint64_t done)> progress;
};

// Moves chunks through the stages on `jobs` threads, the caller's among them. Each thread takes the
// piece of work that is furthest along, so few chunks are in memory: at most 4 a thread.
class Conveyor {
 public:
  Conveyor(Stages stages, unsigned jobs);
  void run();

 private:
  enum class Stage { kReading, kRead, kApplying, kApplied, kChecking, kDone };
  struct Slot {
    std::uint64_t number = 0;
    Stage stage = Stage::kReading;
    Chunk chunk;
  };
  struct Work {
    Slot* slot = nullptr;
    Stage stage = Stage::kReading;  // kReading, kApplying or kChecking
  };

  void work();
  std::optional<Work> take(std::unique_lock<std::mutex>& lock);
  std::optional<Work> next();
  void finish(const Work& work);
  bool finished() const;

  Stages stages_;
  unsigned jobs_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Slot> slots_;  // in order of number; grows behind, shrinks in front
  std::uint64_t next_read_ = 0;
  std::uint64_t next_apply_ = 0;
  bool applying_ = false;
};

}  // namespace holdfast::verifier
