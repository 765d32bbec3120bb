// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/replay.h"

#include <cstdio>
#include <cstdlib>

#include "bench/machine.h"
#include "bench/scenarios.h"
#include "verifier/source/directory.h"

namespace holdfast::bench {
namespace {

struct Replayed {
  double seconds = 0;
  double cpu_seconds = 0;
  verifier::Counts counts;
};

Replayed replay_export(const std::string& directory, const StatementId& village) {
  const auto source = must(verifier::DirectorySource::open(directory));
  verifier::Trust trust;
  trust.village = village;
  verifier::ReplayOptions options;
  options.jobs = cores();
  options.require_full = true;
  const Stopwatch watch;
  const CpuWatch cpu;
  const verifier::Verdict verdict = verifier::replay(source, trust, options);
  const double seconds = watch.seconds();
  const double cpu_seconds = cpu.seconds();
  if (verdict.outcome != verifier::Outcome::kVerified)
    check_failed("bench", 0,
                 verdict.error ? describe(*verdict.error) : "the export did not verify");
  return {seconds, cpu_seconds, verdict.counts};
}

std::string remark(const Replayed& replayed) {
  const double us = replayed.cpu_seconds * 1e6 / static_cast<double>(replayed.counts.entries);
  return std::to_string(replayed.counts.entries) + " entries, " +
         std::to_string(replayed.counts.seals) + " seals, " + format_number(us) +
         " us of processor each";
}

double entries_per_second(const Replayed& replayed) {
  return static_cast<double>(replayed.counts.entries) / replayed.seconds;
}

}  // namespace

void replay_signed_alone(Bench& bench, Results& results) {
  Village& village = bench.single_village();
  const std::string directory = bench.export_of("single", village);
  Replayed replayed;
  const double limit =
      verifications_per_second_around([&] { replayed = replay_export(directory, village.id()); });
  const double value = static_cast<double>(replayed.counts.verifications) / replayed.seconds;
  results.push_back({"replay, each statement signed", value, "statements/s",
                     "libsodium verifications on all cores", limit, "at least 0.75 of it",
                     value >= 0.75 * limit, remark(replayed)});
}

void replay_batch_signed(Bench& bench, Results& results) {
  Village& village = bench.batch_village();
  const Replayed replayed = replay_export(bench.export_of("batch", village), village.id());
  const double value = entries_per_second(replayed);
  const std::size_t bytes = replayed.counts.content_bytes / replayed.counts.entries;
  results.push_back({"replay, batch-signed, every seal checked", value, "entries/s",
                     "SHA-256 over the same bytes", hashes_per_second(bytes), "150,000 entries/s",
                     value >= 150'000, remark(replayed)});
}

int replay_and_print_memory(const std::string& directory, const std::string& village) {
  const Bytes id = must(parse_hex(village));
  replay_export(directory, must(parse_digest<StatementId>(id, "village")));
  std::printf("%f\n", peak_memory_mib());
  return 0;
}

void replay_memory(Bench& bench, Results& results) {
  Village& village = bench.batch_village();
  const std::string directory = bench.export_of("batch", village);
  const std::string command = "'" + bench.options().program + "' --replay-memory '" + directory +
                              "' --village " + village.id().hex();
  std::FILE* const child = ::popen(command.c_str(), "r");
  CHECK(child != nullptr);
  char line[64] = {};
  CHECK(std::fgets(line, sizeof line, child) != nullptr);
  CHECK(::pclose(child) == 0);
  const double value = std::atof(line);
  results.push_back({"memory of replay at " +
                         format_number(static_cast<double>(bench.options().entries)) + " entries",
                     value, "MiB", "", std::nullopt, "at most 400 MiB at 1 million", value <= 400,
                     ""});
}

}  // namespace holdfast::bench
