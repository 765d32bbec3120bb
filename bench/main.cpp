// SPDX-License-Identifier: AGPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "bench/machine.h"
#include "bench/scenarios.h"

namespace holdfast::bench {
namespace {

struct Scenario {
  const char* name;
  void (*run)(Bench&, Results&);
};

// Those that need the village as its import left it come before the one that appends to it.
constexpr Scenario kScenarios[] = {
    {"append_signed_many_callers", append_signed_many_callers},
    {"append_one_by_one", append_one_by_one},
    {"import_small", import_small},
    {"import_two_kib", import_two_kib},
    {"replay_signed_alone", replay_signed_alone},
    {"replay_batch_signed", replay_batch_signed},
    {"replay_memory", replay_memory},
    {"replay_mixed", replay_mixed},
    {"replay_mixed_memory", replay_mixed_memory},
    {"apply_rules", apply_rules},
    {"prove_inclusion", prove_inclusion},
    {"open_village", open_village},
    {"append_beside_many_entries", append_beside_many_entries},
    {"serve_files", serve_files},
    {"ask_round_trip", ask_round_trip},
    {"ask_many_at_once", ask_many_at_once},
    {"check_cited_answer", check_cited_answer},
    {"compose_over_five", compose_over_five},
    {"tell_none_from_two", tell_none_from_two},
    {"ask_beside_agreements", ask_beside_agreements},
    {"serve_inclusion", serve_inclusion},
    {"serve_memory", serve_memory},
    {"submit_alone", submit_alone},
    {"submit_together", submit_together},
    {"revocation_to_refusal", revocation_to_refusal},
    {"flood_beside_another", flood_beside_another},
};

constexpr const char* kAbout =
    "Scenarios beside what this machine can do at all, measured in the same run. A bar that is "
    "not\n"
    "met is said, and is no failure: machines differ, and ratios are what counts.";

// A directory of this run, gone with it.
class Workplace {
 public:
  explicit Workplace(const std::string& below) : path_(below + "/holdfast-bench.XXXXXX") {
    CHECK(::mkdtemp(path_.data()) != nullptr);
  }
  ~Workplace() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Results run_scenarios(const Options& options, const std::vector<std::string>& only) {
  Bench bench(options);
  Results results;
  for (const Scenario& scenario : kScenarios) {
    if (!only.empty() && std::find(only.begin(), only.end(), scenario.name) == only.end()) continue;
    std::fprintf(stderr, "%s ...\n", scenario.name);
    scenario.run(bench, results);
  }
  return results;
}

int run(int argc, char** argv) {
  crypto::start();
  CLI::App app(kAbout, "holdfast-bench");
  Options options;
  options.program = std::filesystem::read_symlink("/proc/self/exe").string();
  std::string below = std::filesystem::temp_directory_path().string();
  std::vector<std::string> only;
  std::vector<std::string> names;
  for (const Scenario& scenario : kScenarios) names.emplace_back(scenario.name);
  std::string format = "text";
  std::string replay_memory_of;
  std::string village;
  app.add_option("--entries", options.entries,
                 "Records of the large village; the bars are for 1000000")
      ->check(CLI::Range(std::uint64_t{1000}, std::uint64_t{100'000'000}))
      ->capture_default_str();
  app.add_option("--only", only, "Only these scenarios; may be repeated")
      ->check(CLI::IsMember(names));
  app.add_option("--directory", below,
                 "Where to put the villages: on the disk that is to be measured")
      ->check(CLI::ExistingDirectory)
      ->capture_default_str();
  app.add_option("--format", format, "text: a Markdown table; json")
      ->check(CLI::IsMember({"text", "json"}));
  app.add_option("--replay-memory", replay_memory_of)->group("");
  app.add_option("--village", village)->group("");
  CLI11_PARSE(app, argc, argv);
  if (!replay_memory_of.empty()) return replay_and_print_memory(replay_memory_of, village);

  const Workplace workplace(below);
  options.directory = workplace.path();
  const std::string machine = describe_machine(below);
  const Results results = run_scenarios(options, only);
  if (format == "json")
    std::fputs(format_json(results, machine).c_str(), stdout);
  else
    std::printf("%s\n\n%s", machine.c_str(), format_table(results).c_str());
  return 0;
}

}  // namespace
}  // namespace holdfast::bench

int main(int argc, char** argv) { return holdfast::bench::run(argc, argv); }
