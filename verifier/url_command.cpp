// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <chrono>

#include "verifier/commands.h"
#include "verifier/source/cache.h"
#include "verifier/source/remote_log.h"

// Of holdfast-verify: a log that a server has.
namespace holdfast::verifier {
namespace {

// Threads that wait for a network take no core, and the more of them wait the sooner all is there.
constexpr unsigned kJobsLeast = 6;

Result<std::string> cache_of(const LogFlags& flags) {
  if (flags.no_cache && !flags.cache.empty())
    return Error{Code::kMalformed, "", "--cache and --no-cache", "both", "one of them"};
  if (flags.no_cache) return std::string();
  if (!flags.cache.empty()) return flags.cache;
  return default_cache_directory();
}

}  // namespace

bool reads_urls() { return true; }

int run_log_of_url(const LogFlags& flags, const Trust& trust, Format format) {
  const auto cache = cache_of(flags);
  if (!cache) return print_usage_error(cache.error(), format);
  Progress progress;
  RemoteOptions options;
  options.url = flags.source;
  options.cache_directory = *cache;
  options.net.ca_file = flags.ca_file;
  options.replay = replay_options(flags, progress);
  if (flags.jobs == 0) options.replay.jobs = std::max(kJobsLeast, options.replay.jobs);
  const auto start = std::chrono::steady_clock::now();
  const auto verdict = verify_remote(trust, options, SystemClock());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  progress.clear();
  if (!verdict) return print_usage_error(verdict.error(), format);
  return print(*verdict, took.count(), format);
}

}  // namespace holdfast::verifier
