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

// The peak of a process that does nothing else.
double replay_memory_mib(Bench& bench, const std::string& directory, const StatementId& village) {
  const std::string command = "'" + bench.options().program + "' --replay-memory '" + directory +
                              "' --village " + village.hex();
  std::FILE* const child = ::popen(command.c_str(), "r");
  CHECK(child != nullptr);
  char line[64] = {};
  CHECK(std::fgets(line, sizeof line, child) != nullptr);
  CHECK(::pclose(child) == 0);
  return std::atof(line);
}

std::string size_of(const Bench& bench) {
  return format_number(static_cast<double>(bench.options().entries));
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
  const double value = replay_memory_mib(bench, bench.export_of("batch", village), village.id());
  results.push_back({"memory of replay at " + size_of(bench) + " entries", value, "MiB", "",
                     std::nullopt, "at most 400 MiB at 1 million", value <= 400, ""});
}

// Each signature is verified by itself, on statements and inside of them (a peer's checkpoint, its
// key history, terms that two councils signed), and that is what the limit is in.
void replay_mixed(Bench& bench, Results& results) {
  const MixedHistory& history = bench.mixed_history();
  Replayed replayed;
  const double limit = verifications_per_second_around(
      [&] { replayed = replay_export(history.directory, history.village); });
  const auto entries = static_cast<double>(replayed.counts.entries);
  const auto on = static_cast<double>(replayed.counts.verifications);
  const auto inside = static_cast<double>(replayed.counts.inner);
  const double value = (on + inside) / replayed.seconds;
  results.push_back({"replay of a mixed history, each statement signed alone", value,
                     "signatures/s", "libsodium verifications on all cores", limit,
                     "at least 0.7 of it", value >= 0.7 * limit,
                     remark(replayed) + "; " + format_number(entries_per_second(replayed)) +
                         " statements/s, each with " + format_number(on / entries) +
                         " signatures on it and " + format_number(inside / entries) + " inside"});
}

void replay_mixed_memory(Bench& bench, Results& results) {
  const MixedHistory& history = bench.mixed_history();
  const double value = replay_memory_mib(bench, history.directory, history.village);
  results.push_back({"memory of replay of a mixed history of " + size_of(bench) + " entries", value,
                     "MiB", "", std::nullopt, "at most 500 MiB at 1 million", value <= 500, ""});
}

}  // namespace holdfast::bench
