// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "bench/scenarios.h"

namespace holdfast::bench {

void prove_inclusion(Bench& bench, Results& results) {
  constexpr int kProofs = 200'000;
  const auto reader = bench.batch_village().reader();
  const TreeSize size = reader->size();
  std::uint64_t state = 88172645463325252u;  // xorshift: any order will do, but not a rising one
  std::size_t hashes = 0;
  const Stopwatch watch;
  for (int i = 0; i < kProofs; ++i) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    hashes += must(reader->prove_inclusion(LeafIndex{state % size.value}, size)).size();
  }
  const double value = kProofs / watch.seconds();
  CHECK(hashes > 0);
  results.push_back({"inclusion proof from a log of " +
                         format_number(static_cast<double>(size.value)) + ", one core",
                     value, "proofs/s", "", std::nullopt, "200,000/s", value >= 200'000, ""});
}

void open_village(Bench& bench, Results& results) {
  Village& village = bench.batch_village();
  village.reopen();  // warm
  const double value = std::min(village.reopen(), village.reopen());
  results.push_back({"opening a village with " +
                         format_number(static_cast<double>(bench.options().entries)) +
                         " subjects, warm",
                     value, "s", "", std::nullopt, "at most 1 s at 1 million", value <= 1, ""});
}

}  // namespace holdfast::bench
