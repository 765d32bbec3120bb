// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "api/json/submission.h"
#include "bench/machine.h"
#include "bench/programs.h"
#include "bench/scenarios.h"
#include "ledger/model/codec.h"

namespace holdfast::bench {
namespace {

constexpr double kSeconds = 5;
constexpr unsigned kConnections = 64;
constexpr const char* kConfig = "[log]\nrequests = false\n";

std::string tile_path(std::uint64_t index) {
  char text[32];
  std::snprintf(text, sizeof text, "/tile/0/x%03u/%03u", static_cast<unsigned>(index / 1000),
                static_cast<unsigned>(index % 1000));
  return index < 1000 ? "/tile/0/" + std::string(text).substr(13) : text;
}

std::string scratch_of(Bench& bench) {
  const std::string path = bench.path("load");
  std::filesystem::create_directories(path);
  return path;
}

constexpr const char* kFilesOfNginx = "nginx, one worker, the same bytes as files";

// Gives the files to nginx as the server has them, each at its own path or at that of `copies`.
void copy_files(std::uint16_t port, const std::vector<std::string>& paths, const std::string& root,
                const std::vector<std::string>& copies) {
  CHECK(paths.size() == copies.size());
  Connection connection(port);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const auto answer = connection.get(paths[i]);
    CHECK(answer.status == 200);
    std::filesystem::create_directories(std::filesystem::path(root + copies[i]).parent_path());
    std::ofstream(root + copies[i], std::ios::binary) << answer.body;
  }
}

double quantile(std::vector<double> values, double part) {
  CHECK(!values.empty());
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1,
                         static_cast<std::size_t>(part * static_cast<double>(values.size())))];
}

std::vector<Bytes> bytes_of(std::vector<log::Admission> admissions) {
  std::vector<Bytes> out;
  for (log::Admission& each : admissions) out.push_back(std::move(each.signed_statement));
  return out;
}

struct Compared {
  double ours = 0;
  double theirs = 0;
};

// Requests a second: in turns with nginx, one thread each, so that what else the machine does
// weighs on both alike.
Compared compare(Bench& bench, const HoldfastServer& server, const std::vector<std::string>& paths,
                 unsigned pipelined, const Nginx& nginx, const std::vector<std::string>& files) {
  std::vector<double> ours;
  std::vector<double> theirs;
  for (int i = 0; i < 3; ++i) {
    Load load;
    load.connections = kConnections;
    load.seconds = kSeconds;
    load.pipelined = pipelined;
    load.paths = paths;
    load.port = server.port();
    const Answered here = bench::load(load, scratch_of(bench));
    load.paths = files;
    load.port = nginx.port();
    const Answered there = bench::load(load, scratch_of(bench));
    if (here.refused != 0 || there.refused != 0)
      check_failed("bench", 0,
                   "refused: " + std::to_string(here.refused) + " by holdfast, " +
                       std::to_string(there.refused) + " by nginx");
    ours.push_back(here.per_second);
    theirs.push_back(there.per_second);
  }
  return {median(ours), median(theirs)};
}

// How long something took, over and over until `done`, in milliseconds.
std::vector<double> times_until(const std::atomic<bool>& done, const std::function<void()>& act) {
  std::vector<double> times;
  while (!done) {
    const Stopwatch watch;
    act();
    times.push_back(watch.seconds() * 1e3);
  }
  return times;
}

}  // namespace

void serve_files(Bench& bench, Results& results) {
  Village& village = bench.served_village();
  village.leave_to_a_server(kConfig);
  const HoldfastServer server(bench.options().program, village.directory(), 1);
  std::vector<std::string> tiles;
  for (std::uint64_t i = 0; i < 200 && (i + 1) * 256 < bench.options().entries / 10; ++i)
    tiles.push_back(tile_path(i));
  std::vector<std::string> all = tiles;
  all.emplace_back("/checkpoint");
  const std::string root = bench.path("files");
  copy_files(server.port(), all, root, all);
  const Nginx nginx(bench.path("nginx"), root, 1);
  const auto measure = [&](const char* what, const std::vector<std::string>& paths) {
    const Compared compared = compare(bench, server, paths, 1, nginx, paths);
    results.push_back({std::string(what) + " over HTTP, one thread", compared.ours, "requests/s",
                       kFilesOfNginx, compared.theirs, "at least 0.7 of it",
                       compared.ours >= 0.7 * compared.theirs,
                       "wrk, one thread, " + std::to_string(kConnections) + " connections"});
  };
  measure("full tiles", tiles);
  measure("checkpoint", {"/checkpoint"});
}

// Entry after entry in no order, as a .tlog-proof, which is a proof with its checkpoint, and as
// JSON, one request at a time on each connection and many. One thread of two cores is the load
// tool's.
void serve_inclusion(Bench& bench, Results& results) {
  Village& village = bench.served_village();
  village.leave_to_a_server(kConfig);
  const HoldfastServer server(bench.options().program, village.directory(), 1);
  std::vector<std::string> as_files;
  std::vector<std::string> as_json;
  std::vector<std::string> copies;
  std::uint64_t state = 88172645463325252u;
  for (int i = 0; i < 2000; ++i) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    const std::string index = std::to_string(state % (bench.options().entries / 10));
    as_files.push_back("/v1/entries/" + index + "/tlog-proof");
    as_json.push_back("/v1/proofs/inclusion?index=" + index);
    copies.push_back("/proof/" + std::to_string(i));
  }
  const std::string root = bench.path("proofs");
  copy_files(server.port(), as_json, root, copies);
  const Nginx nginx(bench.path("nginx-proofs"), root, 1);
  const auto measure = [&](const char* what, const std::vector<std::string>& paths,
                           unsigned pipelined) {
    const Compared compared = compare(bench, server, paths, pipelined, nginx, copies);
    results.push_back({std::string("inclusion proofs over HTTP, ") + what, compared.ours,
                       "requests/s", "nginx, one worker, the JSON of the same proofs as files",
                       compared.theirs, "40,000/s", compared.ours >= 40'000,
                       "one thread, and one of wrk, on two cores"});
  };
  measure("as .tlog-proof", as_files, 1);
  measure("as JSON", as_json, 1);
  measure("as JSON, 16 requests under way on each connection", as_json, 16);
}

void serve_memory(Bench& bench, Results& results) {
  Village& village = bench.served_village();
  village.leave_to_a_server(kConfig);
  const HoldfastServer server(bench.options().program, village.directory(), cores());
  Load load;
  load.paths = {"/checkpoint",        "/tile/0/001",      "/v1/proofs/inclusion?index=7",
                "/v1/entries?from=3", "/v1/statements/2", "/nothing"};
  load.port = server.port();
  load.connections = kConnections;
  load.seconds = kSeconds;
  bench::load(load, scratch_of(bench));
  const double before = server.anonymous_memory_mib();
  double requests = 0;
  while (requests < 1e6) {
    const Answered answered = bench::load(load, scratch_of(bench));
    requests += answered.per_second * kSeconds + static_cast<double>(answered.refused);
  }
  const double after = server.anonymous_memory_mib();
  results.push_back({"memory of a server after a million requests more", after, "MiB",
                     "before them", before, "at most 1.1 times it", after <= 1.1 * before,
                     "anonymous memory"});
}

void submit_alone(Bench& bench, Results& results) {
  Village village(bench.path("submit-alone"));
  const std::uint64_t count = std::max<std::uint64_t>(bench.options().entries / 10, 1000);
  Load load;
  load.bodies = bytes_of(village.signed_grants(count));
  village.leave_to_a_server(kConfig);
  const HoldfastServer server(bench.options().program, village.directory(), cores());
  load.port = server.port();
  load.target = "/add";
  load.connections = 512;
  Answered answered;
  const double limit = verifications_per_second_around([&] {
    // As long as the statements last: known ones would be answered faster.
    load.seconds = std::max(1.0, static_cast<double>(count) / 30'000);
    answered = bench::load(load, scratch_of(bench));
  });
  results.push_back({"submission over HTTP, each statement signed and on its own",
                     answered.per_second, "statements/s", "libsodium verifications on all cores",
                     limit, "at least 0.4 of it", answered.per_second >= 0.4 * limit,
                     "512 connections, durable"});
}

void submit_together(Bench& bench, Results& results) {
  constexpr std::size_t kTogether = 256;
  Village village(bench.path("submit-together"));
  const std::uint64_t count = std::max<std::uint64_t>(bench.options().entries / 10, kTogether * 8);
  std::vector<log::Admission> grants = village.signed_grants(count);
  Load load;
  for (std::size_t at = 0; at + kTogether <= grants.size(); at += kTogether)
    load.bodies.push_back(to_bytes(
        json::format_submission({grants.begin() + static_cast<std::ptrdiff_t>(at),
                                 grants.begin() + static_cast<std::ptrdiff_t>(at + kTogether)})));
  village.leave_to_a_server(kConfig);
  const HoldfastServer server(bench.options().program, village.directory(), cores());
  load.port = server.port();
  load.target = "/v1/statements";
  load.connections = 16;
  load.seconds = std::max(1.0, static_cast<double>(count) / 30'000);
  Answered answered;
  const double limit =
      verifications_per_second_around([&] { answered = bench::load(load, scratch_of(bench)); });
  const double value = answered.per_second * kTogether;
  results.push_back({"submission over HTTP, each statement signed, 256 in a request", value,
                     "statements/s", "libsodium verifications on all cores", limit,
                     "at least 0.5 of it", value >= 0.5 * limit, "16 connections, durable"});
}

// A watcher asks whether a grant is live, over and over, while another submits and a third loads
// the server with statements of others.
void revocation_to_refusal(Bench& bench, Results& results) {
  constexpr int kRounds = 300;
  Village village(bench.path("revoke"));
  std::vector<log::Admission> grants = village.signed_grants(kRounds);
  std::vector<log::Admission> lone = village.signed_grants(kRounds);
  std::vector<log::Admission> revocations;
  for (const log::Admission& grant : grants) revocations.push_back(village.revocation_of(grant));
  Load load;
  load.bodies =
      bytes_of(village.signed_grants(std::max<std::uint64_t>(bench.options().entries / 10, 1000)));
  village.leave_to_a_server(kConfig);
  const HoldfastServer server(bench.options().program, village.directory(), cores());
  load.port = server.port();
  load.target = "/add";
  load.connections = 16;
  load.seconds = 8;
  std::vector<double> commits;
  std::vector<double> refusals;
  std::thread others([&] { bench::load(load, scratch_of(bench)); });
  Connection submitting(server.port(), "127.0.0.2");
  Connection watching(server.port(), "127.0.0.3");
  for (int i = 0; i < kRounds; ++i) {
    const auto submit = [&](const log::Admission& admission) {
      CHECK(submitting.post("/add", admission.signed_statement).status == 200);
    };
    submit(grants[i]);
    const Stopwatch commit;
    submit(lone[i]);
    commits.push_back(commit.seconds() * 1e3);
    const auto parts = must(model::decode_signed_statement(grants[i].signed_statement));
    const std::string target = "/v1/grants/" + model::statement_id(parts.statement).hex();
    const Stopwatch watch;
    std::thread revoking([&] { submit(revocations[i]); });
    while (watching.get(target).body.find("\"live\": true") != std::string::npos) {
    }
    refusals.push_back(watch.seconds() * 1e3);
    revoking.join();
  }
  others.join();
  const double value = quantile(refusals, 0.99);
  const double limit = quantile(commits, 0.99);
  results.push_back({"from submitting a revocation to the first refusal, 99th percentile", value,
                     "ms", "a lone submission under the same load, 99th percentile", limit,
                     "at most 4 times it", value <= 4 * limit,
                     "beside 16 connections that submit"});
}

void flood_beside_another(Bench& bench, Results& results) {
  Village& village = bench.served_village();
  village.leave_to_a_server(kConfig);
  const HoldfastServer server(bench.options().program, village.directory(), cores());
  const auto ask = [&](Connection& connection) {
    return [&connection] { CHECK(connection.get("/v1/proofs/inclusion?index=5").status == 200); };
  };
  Connection other(server.port(), "127.0.0.2");
  std::atomic<bool> done = false;
  std::thread pause([&] {
    std::this_thread::sleep_for(std::chrono::seconds(2));
    done = true;
  });
  const double idle = median(times_until(done, ask(other)));
  pause.join();
  done = false;
  Load load;
  load.port = server.port();
  load.connections = 512;
  load.paths = {"/v1/proofs/inclusion?index=7"};
  load.seconds = kSeconds;
  std::thread flood([&] {
    bench::load(load, scratch_of(bench));
    done = true;
  });
  const double value = median(times_until(done, ask(other)));
  flood.join();
  results.push_back({"one client's answer while another floods with 512 connections, median", value,
                     "ms", "with nobody else", idle, "at most 3 times it", value <= 3 * idle,
                     "the flood's load tool has a core of the two"});
}

}  // namespace holdfast::bench
