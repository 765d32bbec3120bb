// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/core/result.h"

namespace holdfast::cli {

// [server]: how `holdfast serve` answers. Limits are those of http::ServerOptions.
struct ServerConfig {
  std::vector<std::string> listen = {"127.0.0.1:8462"};
  std::string tls_certificate;  // "" with tls_key: plain HTTP, for behind a proxy
  std::string tls_key;
  unsigned threads = 0;  // 0 = one a core
  std::size_t connections_max = 16'384;
  std::size_t connections_per_client_max = 0;  // 0 = no bound of its own
  std::uint32_t idle_seconds = 75;
  std::uint32_t transfer_seconds = 20;
  std::uint32_t stop_seconds = 10;
  std::uint64_t submission_mib = 64;
  std::uint64_t bodies_mib = 256;    // being read, all together
  std::uint64_t answers_mib = 1024;  // waiting to be read by those who asked, all together
  std::size_t head_kib = 16;
  std::size_t stream_kib = 1024;  // that wait for one listener
  std::uint64_t kib_a_second = 16;
};

// [witness]: whose checkpoints it cosigns, and who cosigns its own.
struct WitnessConfig {
  std::vector<std::string> logs;  // vkeys; none: nobody's
  std::string name;               // of the cosigner; "": the village's origin and "/witness"
  std::string policy;             // a file, from the village's directory; "": no witness is asked
};

// [peers]: how it meets other villages.
struct PeersConfig {
  std::string agent;  // the key of the agent that answers them; "": the only one at hand
};

// [log]: what it says on standard error.
struct LogConfig {
  std::string format = "text";  // or "json"
  std::string level = "info";   // or "warn": neither requests nor what goes well
  bool requests = true;
};

// What holdfast.toml may say: preferences of this installation, never facts of the ledger. Facts
// (name, origin, keys) are in the genesis and its key events.
struct Config {
  std::string default_domain;               // [defaults] domain: where --domain is not given
  std::string default_visibility = "open";  // [defaults] visibility: of new statements
  std::uint32_t sequence_days = 30;  // [defaults] sequence_days: sequenceBy = issuedAt + this
  unsigned jobs = 0;                 // [sequencer] jobs: threads, 0 = one a core
  std::uint64_t map_mib = std::uint64_t{1} << 20;  // [sequencer] map_mib: the database's limit
  std::string anchor_directory;                    // [anchor] directory: "" = under $XDG_STATE_HOME
  ServerConfig server;
  LogConfig log;
  WitnessConfig witness;
  PeersConfig peers;
};

// Errors: kMalformed (not TOML, a key this program does not know, a value out of range: names the
// line), kUnavailable (unreadable), kUnknownVersion (its `format` is newer).
Result<Config> read_config(const std::string& path);

// The commented file that `init` writes.
std::string new_config_text(const std::string& village_name, const std::string& village_id,
                            const std::string& origin, const std::string& default_domain);

}  // namespace holdfast::cli
