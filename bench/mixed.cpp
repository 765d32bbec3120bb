// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bench/scenarios.h"
#include "tests/histories/history.h"

namespace holdfast::bench {
namespace {

// No batches; neither the village nor its neighbours end, or little would happen from there on.
constexpr testing::Pace kPace{
    .batch_max = 1, .exits_from = ~std::uint64_t{0}, .neighbour_ends_percent = 0};
constexpr std::uint64_t kSeed = 1;

}  // namespace

MixedHistory write_mixed_history(const std::string& directory, std::uint64_t entries) {
  testing::History history(kSeed, kPace);
  testing::ExportWriter writer(directory);
  history.hand_on([&writer](const testing::LogRow& row) { writer.add(row); });
  history.grow_to(entries);
  writer.finish(history.village().origin, history.village().operator_key);
  return {directory, history.village().village, history.ledger().size().value};
}

}  // namespace holdfast::bench
