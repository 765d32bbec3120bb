// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/measurement.h"
#include "bench/village.h"

namespace holdfast::bench {

struct Options {
  std::uint64_t entries = 1'000'000;  // of the large village; the others follow from it
  std::string directory;              // for everything; gone afterwards
  std::string program;                // this one, to measure memory in a process of its own
};

// How appending went.
struct Appended {
  double per_second = 0;  // statements
  double cpu_us = 0;      // each, all threads
};

// An export of a made-up history, with statements of every kind, each signed alone.
struct MixedHistory {
  std::string directory;
  StatementId village;
  std::uint64_t entries = 0;
};
// Of about so many entries, the last of them a seal.
MixedHistory write_mixed_history(const std::string& directory, std::uint64_t entries);

// What scenarios share, made when the first of them asks for it.
class Bench {
 public:
  explicit Bench(Options options) : options_(std::move(options)) {}

  const Options& options() const { return options_; }
  std::string path(const std::string& name) const { return options_.directory + "/" + name; }

  // options().entries records of up to 256 bytes, imported in signed batches, and how that went.
  Village& batch_village();
  const Village::Imported& batch_import();
  // A tenth of it, each record signed alone and appended by many callers at once.
  Village& single_village();
  const Appended& single_appended();
  double single_limit();  // verifications/s around it

  // A tenth of it again, imported, for a server to serve.
  Village& served_village();

  // Of options().entries entries.
  const MixedHistory& mixed_history();

  // The village's export with all statements. Made once.
  std::string export_of(const std::string& name, Village& village);

 private:
  Options options_;
  std::unique_ptr<Village> batch_;
  Village::Imported batch_import_;
  std::unique_ptr<Village> single_;
  std::unique_ptr<Village> served_;
  Appended single_appended_;
  double single_limit_ = 0;
  std::optional<MixedHistory> mixed_;
};

// Submits each alone, a few thousand at a time without waiting, and waits for all.
Appended append_by_many_callers(Village& village, std::uint64_t count);

using Results = std::vector<Measurement>;
void append_signed_many_callers(Bench& bench, Results& results);
void append_one_by_one(Bench& bench, Results& results);
void append_beside_many_entries(Bench& bench, Results& results);
void import_small(Bench& bench, Results& results);
void import_two_kib(Bench& bench, Results& results);
void replay_signed_alone(Bench& bench, Results& results);
void replay_batch_signed(Bench& bench, Results& results);
void replay_memory(Bench& bench, Results& results);
void replay_mixed(Bench& bench, Results& results);
void replay_mixed_memory(Bench& bench, Results& results);
void apply_rules(Bench& bench, Results& results);
void prove_inclusion(Bench& bench, Results& results);
void open_village(Bench& bench, Results& results);
void serve_files(Bench& bench, Results& results);
void serve_inclusion(Bench& bench, Results& results);
void serve_memory(Bench& bench, Results& results);
void submit_alone(Bench& bench, Results& results);
void submit_together(Bench& bench, Results& results);
void revocation_to_refusal(Bench& bench, Results& results);
void flood_beside_another(Bench& bench, Results& results);

void ask_round_trip(Bench& bench, Results& results);
void ask_many_at_once(Bench& bench, Results& results);
void check_cited_answer(Bench& bench, Results& results);
void compose_over_five(Bench& bench, Results& results);
void tell_none_from_two(Bench& bench, Results& results);
void ask_beside_agreements(Bench& bench, Results& results);

// What the process that replay_memory starts does: replays and prints its peak in MiB.
int replay_and_print_memory(const std::string& directory, const std::string& village);

}  // namespace holdfast::bench
