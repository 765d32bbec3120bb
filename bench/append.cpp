// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "bench/machine.h"
#include "bench/scenarios.h"

namespace holdfast::bench {
namespace {

constexpr int kLone = 300;

}  // namespace

void append_signed_many_callers(Bench& bench, Results& results) {
  const double limit = bench.single_limit();
  const auto [rate, cpu_us] = bench.single_appended();
  results.push_back({"append, each statement signed, durable, many callers", rate, "statements/s",
                     "libsodium verifications on all cores", limit, "at least 0.6 of it",
                     rate >= 0.6 * limit,
                     std::to_string(bench.options().entries / 10) + " statements, " +
                         format_number(cpu_us) + " us of processor each"});
}

void append_one_by_one(Bench& bench, Results& results) {
  Village village(bench.path("lone"));
  std::vector<log::Admission> admissions = village.signed_records(kLone);
  const std::size_t bytes = admissions[0].signed_statement.size() + 1024;  // entry, seal, changes
  std::vector<double> times;
  for (log::Admission& admission : admissions) {
    std::vector<log::Admission> alone(1);
    alone[0] = std::move(admission);
    const Stopwatch watch;
    must(village.sequencer().submit(std::move(alone)).get());
    times.push_back(watch.seconds() * 1e6);
  }
  const double value = median(std::move(times));
  const double limit = lmdb_commit_us(bench.path("lmdb"), bytes, kLone);
  results.push_back({"append one at a time, durable, median", value, "us",
                     "a bare LMDB commit with fsync, median", limit, "at most 3 times it",
                     value <= 3 * limit, ""});
}

void append_beside_many_entries(Bench& bench, Results& results) {
  const std::uint64_t count = std::max<std::uint64_t>(bench.options().entries / 50, 2000);
  Village small(bench.path("small"));
  append_by_many_callers(small, 10'000);
  // In turns, so that what else the machine does weighs on both alike.
  std::vector<double> few;
  std::vector<double> many;
  for (int i = 0; i < 3; ++i) {
    few.push_back(1e6 / append_by_many_callers(small, count).per_second);
    many.push_back(1e6 / append_by_many_callers(bench.batch_village(), count).per_second);
  }
  const double value = median(many);
  const double limit = median(few);
  results.push_back({"append, each signed, beside " +
                         format_number(static_cast<double>(bench.options().entries)) + " entries",
                     value, "us each", "beside 10 thousand", limit, "at most 1.3 times it",
                     value <= 1.3 * limit, ""});
}

}  // namespace holdfast::bench
