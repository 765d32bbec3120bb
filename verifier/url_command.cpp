// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <chrono>

#include "ledger/crypto/key_file.h"
#include "ledger/crypto/passphrase_file.h"
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

Result<StatementId> grant_of(const std::string& text) {
  const auto bytes = parse_hex(text);
  if (bytes && bytes->size() == kDigestBytes) return StatementId::from(*bytes);
  return Error{Code::kMalformed, "", "--grant", "\"" + text + "\"", "64 hex digits"};
}

// The key of a file with a passphrase, or of one that was made without.
Result<crypto::SigningKey> open_key(const LogFlags& flags) {
  TRY_ASSIGN(const crypto::KeyFile file, crypto::read_key_file(flags.key));
  crypto::Secret passphrase;
  if (!flags.passphrase_file.empty()) {
    TRY_ASSIGN(passphrase, crypto::read_passphrase_file(flags.passphrase_file));
  }
  auto key = crypto::open_signing_key(file, passphrase.view());
  if (!key && key.error().code == Code::kUnauthorised && flags.passphrase_file.empty())
    return Error{Code::kUnauthorised, "", "--key " + flags.key, "a key file with a passphrase",
                 "--passphrase-file as well, a file whose first line it is"};
  return key;
}

// Nobody where no flag says who asks.
Result<std::optional<Asker>> asker_of(const LogFlags& flags, const Trust& trust, const Clock& clock,
                                      crypto::Random& random) {
  if (!shows_who_asks(flags)) return std::optional<Asker>();
  if (flags.key.empty())
    return Error{Code::kMalformed, "", "--passphrase-file, --grant", "one of them without --key",
                 "the key file of who asks"};
  if (!trust.village)
    return Error{Code::kMalformed, "", "--key", "without --village",
                 "the id of the village that is asked: a token is for one village alone"};
  TRY(check_unheard(flags.source));
  std::vector<StatementId> grants;
  for (const std::string& text : flags.grants) {
    TRY_ASSIGN(const StatementId grant, grant_of(text));
    grants.push_back(grant);
  }
  TRY_ASSIGN(crypto::SigningKey key, open_key(flags));
  TRY_ASSIGN(Asker asker,
             Asker::make(std::move(key), *trust.village, std::move(grants), clock, random));
  return std::optional<Asker>(std::move(asker));
}

}  // namespace

bool reads_urls() { return true; }

int run_log_of_url(const LogFlags& flags, const Trust& trust, Format format) {
  const auto cache = cache_of(flags);
  if (!cache) return print_usage_error(cache.error(), format);
  const SystemClock clock;
  crypto::SystemRandom random;
  const auto asker = asker_of(flags, trust, clock, random);
  if (!asker) return print_usage_error(asker.error(), format);
  Progress progress;
  RemoteOptions options;
  options.url = flags.source;
  options.cache_directory = *cache;
  options.net.ca_file = flags.ca_file;
  options.asker = *asker ? &**asker : nullptr;
  options.replay = replay_options(flags, progress);
  if (flags.jobs == 0) options.replay.jobs = std::max(kJobsLeast, options.replay.jobs);
  const auto start = std::chrono::steady_clock::now();
  const auto verdict = verify_remote(trust, options, clock);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  progress.clear();
  if (!verdict) return print_usage_error(verdict.error(), format);
  return print(*verdict, took.count(), format);
}

}  // namespace holdfast::verifier
