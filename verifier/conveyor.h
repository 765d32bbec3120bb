// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <set>

#include "verifier/chunk.h"

namespace holdfast::verifier {

// A bundle's files may have 68 MB, so that the number of chunks bounds no memory.
inline constexpr std::uint64_t kBytesInFlightMax = std::uint64_t{256} << 20;

// What happens to a chunk, one after another. `read` and `check` run on any thread, several chunks
// at a time; `apply` runs for one chunk after another, in order.
struct Stages {
  // Before a chunk is read, and before its bytes are asked for, where `ahead` is not 0: for up to
  // so many chunks in advance, several at a time, on any thread.
  std::size_t ahead = 0;
  std::function<void(std::uint64_t number)> expect;
  std::function<Chunk(std::uint64_t number)> read;
  // How many bytes `read` will read; asked once for each chunk, by one thread at a time.
  std::function<std::uint64_t(std::uint64_t number)> bytes;
  // How many it did read; counts from then on where it is less.
  std::function<std::uint64_t(const Chunk&)> bytes_read;
  std::function<void(Chunk&)> apply;
  std::function<void(const Chunk&)> check;
  // Chunks from this number on are not needed (any more); may fall while the work goes on.
  std::function<std::uint64_t()> end;
  // Chunks done so far; one thread at a time.
  std::function<void(std::uint64_t done)> progress;
};

// Moves chunks through the stages on `jobs` threads, the caller's among them. Each thread takes the
// piece of work that is furthest along, so few chunks are in memory: at most 4 a thread, and no
// more of them than `bytes_max` bytes of files, but one always goes. What comes out is the same for
// any number of threads and any bound.
class Conveyor {
 public:
  Conveyor(Stages stages, unsigned jobs, std::uint64_t bytes_max = kBytesInFlightMax);
  void run();

 private:
  enum class Stage { kExpecting, kReading, kRead, kApplying, kApplied, kChecking, kDone };
  struct Slot {
    std::uint64_t number = 0;
    std::uint64_t bytes = 0;
    Stage stage = Stage::kReading;
    Chunk chunk;
  };
  struct Work {
    Slot* slot = nullptr;           // of a chunk that is only expected there is none
    Stage stage = Stage::kReading;  // kExpecting, kReading, kApplying or kChecking
    std::uint64_t number = 0;
  };

  void work();
  std::optional<Work> take(std::unique_lock<std::mutex>& lock);
  std::optional<Work> next();
  void finish(const Work& work);
  bool finished() const;
  bool has_room();
  bool may_read(std::uint64_t end);
  bool may_expect(std::uint64_t end) const;

  Stages stages_;
  unsigned jobs_;
  std::uint64_t bytes_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Slot> slots_;  // in order of number; grows behind, shrinks in front
  std::uint64_t next_expect_ = 0;
  std::set<std::uint64_t> expected_;  // those that are not read yet
  std::uint64_t next_read_ = 0;
  std::optional<std::uint64_t> next_bytes_;  // of the chunk to be read next
  std::uint64_t in_flight_ = 0;              // bytes of the chunks in slots_ that are not done
  std::uint64_t next_apply_ = 0;
  bool applying_ = false;
};

}  // namespace holdfast::verifier
