// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

namespace holdfast::log {

// How often something took how much, in buckets that double: bucket i counts what is at most
// first * 2^i, the last one everything.
struct Histogram {
  static constexpr std::size_t kBuckets = 20;
  double first = 1;
  std::array<std::uint64_t, kBuckets> counts{};  // each on its own, not summed up
  std::uint64_t count = 0;
  double sum = 0;

  void add(double value) {
    std::size_t bucket = 0;
    for (double bound = first; value > bound && bucket + 1 < kBuckets; bound *= 2) ++bucket;
    ++counts[bucket];
    ++count;
    sum += value;
  }
};

// What a sequencer has done since it was opened, and what waits.
struct SequencerFigures {
  std::uint64_t waiting_submissions = 0;
  std::uint64_t submissions = 0;
  std::uint64_t refusals = 0;
  Histogram batch_statements{1, {}, 0, 0};
  Histogram commit_seconds{0.0001, {}, 0, 0};      // a batch, from taking it to its answers
  Histogram revocation_seconds{0.0001, {}, 0, 0};  // what takes back, from submission to answer
};

}  // namespace holdfast::log
