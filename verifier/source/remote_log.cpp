// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/source/remote_log.h"

#include <algorithm>

#include "ledger/crypto/sha256.h"
#include "net/url.h"
#include "verifier/layout.h"
#include "verifier/source/fork_evidence.h"
#include "verifier/source/seen.h"
#include "verifier/source/url.h"

namespace holdfast::verifier {
namespace {

constexpr std::size_t kSeenBytesMax = model::kNoteBytesMax + 4096;

class RemoteLog {
 public:
  RemoteLog(const Trust& trust, const RemoteOptions& options, const Clock& clock,
            std::optional<Cache> cache)
      : trust_(trust), options_(options), clock_(clock), cache_(std::move(cache)) {}

  Verdict verify() {
    recall();
    Run run = replay_once(true);
    std::string again = why_again(run);
    if (!again.empty()) {
      run = replay_once(false);
      drop_withheld(run);
    }
    if (run.verdict.outcome == Outcome::kVerified) remember(run);
    report(run, std::move(again));
    if (run.verdict.error && run.verdict.error->rule == "EXPORT-6" &&
        run.verdict.outcome == Outcome::kRefuted)
      run.verdict.remote->evidence = write_evidence(run);
    if (options_.replay.require_full) require_full(run.verdict);
    return std::move(run.verdict);
  }

 private:
  struct Run {
    std::unique_ptr<UrlSource> source;
    Verdict verdict;
  };

  Run replay_once(bool reuse) {
    Run run;
    run.source = std::make_unique<UrlSource>(
        options_.url,
        UrlSource::Options{options_.net, options_.asker, cache_ ? &*cache_ : nullptr, reuse});
    ReplayOptions replay_options = options_.replay;
    replay_options.require_full = false;  // whether something is withheld decides what is kept
    if (seen_) replay_options.seen = seen_->seen();
    run.verdict = replay(*run.source, trust_, replay_options);
    return run;
  }

  // A file of the cache may be damaged, or be older than what is shown today. So only a log that is
  // verified with nothing withheld is answered for with such files; "" where the answer stands.
  // Whatever did not come over the network leaves no other answer than "cannot tell", by any files.
  std::string why_again(const Run& run) {
    const bool withheld = drop_withheld(run);
    const UrlSource::Traffic traffic = run.source->traffic();
    if (traffic.cached_files == 0) return "";
    if (run.verdict.outcome == Outcome::kVerified)
      return withheld ? "what was withheld when it was cached may be shown by now" : "";
    if (run.verdict.outcome == Outcome::kCannotTell && traffic.failed) return "";
    return std::string(outcome_name(run.verdict.outcome)) +
           " by files that were cached: " + describe(run.verdict.error.value_or(Error{}));
  }

  // Takes from the cache what was not shown in full, so that the next run asks for it. Whether
  // something of it had come from there.
  bool drop_withheld(const Run& run) {
    if (!cache_) return false;
    bool was_cached = false;
    const auto drop = [&](std::uint64_t first, std::uint64_t last) {
      for (std::uint64_t bundle = first; bundle <= last; ++bundle)
        for (const Folder folder : {Folder::kStatements, Folder::kChanges, Folder::kOpenings}) {
          const std::string path = path_of(folder, {bundle, merkle::kTileWidth});
          was_cached = run.source->was_cached(path) || was_cached;
          cache_->remove("files/" + path);
        }
    };
    std::uint64_t listed = 0;
    std::uint64_t last = 0;
    for (const Unchecked& range : run.verdict.unchecked) {
      drop(range.first.value / merkle::kTileWidth, range.last.value / merkle::kTileWidth);
      listed += range.last.value - range.first.value + 1;
      last = range.last.value / merkle::kTileWidth;
    }
    // Of what is counted and not listed all that is known is that it stands further on.
    if (listed < run.verdict.unchecked_entries)
      drop(last, run.verdict.counts.entries / merkle::kTileWidth);
    return was_cached;
  }

  void recall() {
    if (!cache_) {
      nothing_seen_ = "nothing is kept without a cache";
      return;
    }
    const auto bytes = cache_->read(seen_file(trust_), kSeenBytesMax);
    if (!bytes) {
      nothing_seen_ = "no checkpoint of this log was verified here before";
      return;
    }
    auto seen = parse_seen(as_text(*bytes));
    if (seen) seen_ = *std::move(seen);
    if (!seen_)
      nothing_seen_ = "what was remembered of this log is damaged: " + describe(seen.error());
  }

  void remember(const Run& run) {
    if (!cache_ || !run.verdict.operator_key) return;
    SeenCheckpoint now;
    now.time = clock_.now();
    now.operator_key = operator_vkey(run.verdict.origin, *run.verdict.operator_key);
    now.note = run.source->checkpoint();
    cache_->write(seen_file(trust_), as_bytes(format_seen(now)), true);
  }

  // What convicts the key that signed both, beside what it was made from. "" where none can be
  // made: the refutation stands without.
  std::string write_evidence(const Run& run) {
    const Fork fork{seen_->note, seen_->checkpoint.size, run.source->checkpoint(), run.verdict.size,
                    *run.verdict.root_at_seen};
    // With the files that this run has just fetched.
    const UrlSource source(options_.url,
                           {options_.net, options_.asker, cache_ ? &*cache_ : nullptr, true});
    const auto evidence = evidence_of_fork(source, fork);
    if (!evidence) return "";
    const std::string name = "fork-" + std::to_string(fork.seen_size.value) + "-" +
                             std::to_string(fork.size.value) + ".evidence";
    cache_->write(name, *evidence, true);
    return cache_->read(name, evidence->size()) ? cache_->path_of(name) : "";
  }

  void report(Run& run, std::string again) const {
    const UrlSource::Traffic traffic = run.source->traffic();
    Remote remote;
    remote.url = options_.url;
    if (seen_) remote.seen = seen_->seen();
    remote.nothing_seen = nothing_seen_;
    remote.fetched_files = traffic.fetched_files;
    remote.fetched_bytes = traffic.fetched_bytes;
    remote.cached_files = traffic.cached_files;
    remote.again = std::move(again);
    if (cache_) remote.trouble = cache_->trouble();
    run.verdict.remote = std::move(remote);
  }

  const Trust& trust_;
  const RemoteOptions& options_;
  const Clock& clock_;
  std::optional<Cache> cache_;
  std::optional<SeenCheckpoint> seen_;
  std::string nothing_seen_;
};

}  // namespace

Result<Verdict> verify_remote(const Trust& trust, const RemoteOptions& options,
                              const Clock& clock) {
  RemoteOptions exact = options;
  TRY_ASSIGN(exact.url, net::parse_base_url(options.url));
  std::optional<Cache> cache;
  if (!exact.cache_directory.empty()) {
    const std::string folder = format_hex(crypto::sha256(as_bytes(exact.url))).substr(0, 32);
    TRY_ASSIGN(Cache opened, Cache::open(exact.cache_directory + "/" + folder));
    // For people who look what this folder is.
    opened.write("url", as_bytes(exact.url + "\n"));
    cache.emplace(std::move(opened));
  }
  return RemoteLog(trust, exact, clock, std::move(cache)).verify();
}

}  // namespace holdfast::verifier
