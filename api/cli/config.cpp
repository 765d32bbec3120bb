// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/config.h"

#include <toml++/toml.h>

#include <optional>

#include "api/cli/visible.h"

namespace holdfast::cli {
namespace {

constexpr std::int64_t kFormat = 1;

Error refuse(const std::string& path, const toml::node& node, std::string found, std::string want) {
  return Error{Code::kMalformed, "", path + " line " + std::to_string(node.source().begin.line),
               std::move(found), std::move(want)};
}

struct Value {
  const std::string& path;
  const std::string& key;
  const toml::node& node;

  Result<std::string> text() const {
    if (const auto value = node.value<std::string>(); value && node.is_string()) return *value;
    return refuse(path, node, key + " is no text", "text in quotes");
  }
  Result<std::string> one_of(const std::vector<std::string>& words) const {
    TRY_ASSIGN(std::string found, text());
    std::string all;
    for (const std::string& word : words) {
      if (found == word) return found;
      all += (all.empty() ? "\"" : " or \"") + word + "\"";
    }
    return refuse(path, node, key + " is \"" + found + "\"", all);
  }
  Result<bool> boolean() const {
    if (node.is_boolean()) return *node.value<bool>();
    return refuse(path, node, key + " is neither true nor false", "true or false");
  }
  Result<std::vector<std::string>> texts() const {
    std::vector<std::string> out;
    const toml::array* const list = node.as_array();
    if (list == nullptr) return refuse(path, node, key + " is no list", "a list of texts");
    for (const toml::node& each : *list) {
      TRY_ASSIGN(std::string found, (Value{path, key, each}.text()));
      out.push_back(std::move(found));
    }
    return out;
  }
  Result<std::uint64_t> number(std::int64_t low, std::int64_t high) const {
    const auto value = node.value<std::int64_t>();
    if (node.is_integer() && *value >= low && *value <= high)
      return static_cast<std::uint64_t>(*value);
    return refuse(path, node, key + " is " + (value ? std::to_string(*value) : "no number"),
                  std::to_string(low) + " to " + std::to_string(high));
  }
};

Result<void> set_server(ServerConfig& server, const Value& value, const std::string& key) {
  const auto number = [&](auto& to, std::int64_t low, std::int64_t high) -> Result<void> {
    TRY_ASSIGN(const std::uint64_t found, value.number(low, high));
    to = static_cast<std::decay_t<decltype(to)>>(found);
    return {};
  };
  if (key == "listen") {
    TRY_ASSIGN(server.listen, value.texts());
  } else if (key == "tls_certificate") {
    TRY_ASSIGN(server.tls_certificate, value.text());
  } else if (key == "tls_key") {
    TRY_ASSIGN(server.tls_key, value.text());
  } else if (key == "threads") {
    return number(server.threads, 0, 1024);
  } else if (key == "connections_max") {
    return number(server.connections_max, 1, 1'000'000);
  } else if (key == "connections_per_client_max") {
    return number(server.connections_per_client_max, 0, 1'000'000);
  } else if (key == "idle_seconds") {
    return number(server.idle_seconds, 1, 86'400);
  } else if (key == "transfer_seconds") {
    return number(server.transfer_seconds, 1, 86'400);
  } else if (key == "stop_seconds") {
    return number(server.stop_seconds, 0, 3'600);
  } else if (key == "submission_mib") {
    return number(server.submission_mib, 1, 256);
  } else if (key == "bodies_mib") {
    return number(server.bodies_mib, 1, 1 << 20);
  } else if (key == "answers_mib") {
    return number(server.answers_mib, 1, 1 << 20);
  } else if (key == "head_kib") {
    return number(server.head_kib, 1, 1024);
  } else if (key == "stream_kib") {
    return number(server.stream_kib, 64, 1 << 20);
  } else if (key == "kib_a_second") {
    return number(server.kib_a_second, 1, 1 << 20);
  } else {
    return refuse(value.path, value.node, "unknown key server." + key,
                  "server.{listen, tls_certificate, tls_key, threads, connections_max, "
                  "connections_per_client_max, idle_seconds, transfer_seconds, kib_a_second, "
                  "stop_seconds, submission_mib, bodies_mib, answers_mib, head_kib, stream_kib}");
  }
  return {};
}

Result<void> set_log(LogConfig& log, const Value& value, const std::string& key) {
  if (key == "format") {
    TRY_ASSIGN(log.format, value.one_of({"text", "json"}));
  } else if (key == "level") {
    TRY_ASSIGN(log.level, value.one_of({"info", "warn"}));
  } else if (key == "requests") {
    TRY_ASSIGN(log.requests, value.boolean());
  } else {
    return refuse(value.path, value.node, "unknown key log." + key,
                  "log.{format, level, requests}");
  }
  return {};
}

Result<void> set(Config& config, const Value& value) {
  const std::string& key = value.key;
  if (key.starts_with("server.")) return set_server(config.server, value, key.substr(7));
  if (key == "witness.logs") {
    TRY_ASSIGN(config.witness.logs, value.texts());
    return {};
  }
  if (key == "witness.name") {
    TRY_ASSIGN(config.witness.name, value.text());
    return {};
  }
  if (key == "peers.agent") {
    TRY_ASSIGN(config.peers.agent, value.text());
    return {};
  }
  if (key == "witness.policy") {
    TRY_ASSIGN(config.witness.policy, value.text());
    return {};
  }
  if (key.starts_with("log.")) return set_log(config.log, value, key.substr(4));
  if (key == "format") {
    const auto format = value.node.value<std::int64_t>().value_or(0);
    if (format != kFormat)
      return Error{Code::kUnknownVersion, "", value.path + " format", std::to_string(format),
                   std::to_string(kFormat)};
  } else if (key == "defaults.domain") {
    TRY_ASSIGN(config.default_domain, value.text());
  } else if (key == "defaults.visibility") {
    TRY_ASSIGN(config.default_visibility, value.text());
  } else if (key == "defaults.sequence_days") {
    TRY_ASSIGN(const std::uint64_t days, value.number(1, 366));
    config.sequence_days = static_cast<std::uint32_t>(days);
  } else if (key == "sequencer.jobs") {
    TRY_ASSIGN(const std::uint64_t jobs, value.number(0, 1024));
    config.jobs = static_cast<unsigned>(jobs);
  } else if (key == "sequencer.map_mib") {
    TRY_ASSIGN(config.map_mib, value.number(1, std::int64_t{1} << 24));
  } else if (key == "anchor.directory") {
    TRY_ASSIGN(config.anchor_directory, value.text());
    // Else it would be another one for each directory that a command is started in.
    if (!config.anchor_directory.empty() && !config.anchor_directory.starts_with('/'))
      return refuse(value.path, value.node, key + " is \"" + config.anchor_directory + "\"",
                    "a path that begins with /, or \"\"");
  } else {
    return refuse(
        value.path, value.node, "unknown key " + key,
        "format, defaults.{domain, visibility, sequence_days}, sequencer.{jobs, map_mib}, "
        "anchor.directory, server.{...}, log.{...}, witness.{logs, name, policy}, peers.agent");
  }
  return {};
}

Result<void> walk(Config& config, const std::string& path, const std::string& prefix,
                  const toml::table& table) {
  for (const auto& [name, node] : table) {
    const std::string key = prefix + std::string(name.str());
    if (const toml::table* inner = node.as_table(); inner && prefix.empty()) {
      TRY(walk(config, path, key + ".", *inner));
    } else {
      TRY(set(config, Value{path, key, node}));
    }
  }
  return {};
}

// A TOML basic string.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace

Result<Config> read_config(const std::string& path) {
  try {
    const toml::table table = toml::parse_file(path);
    Config config;
    TRY(walk(config, path, "", table));
    return config;
  } catch (const toml::parse_error& error) {
    const auto line = error.source().begin.line;
    if (line == 0)
      return Error{Code::kUnavailable, "", path, std::string(error.description()),
                   "a readable file"};
    return Error{Code::kMalformed, "", path + " line " + std::to_string(line),
                 std::string(error.description()), "TOML"};
  }
}

std::string new_config_text(const std::string& village_name, const std::string& village_id,
                            const std::string& origin, const std::string& default_domain) {
  return "# The village " + visible_line(village_name) +
         ".\n"
         "#   id:     " +
         village_id +
         "\n"
         "#   origin: " +
         visible_line(origin) +
         "\n"
         "#\n"
         "# This file holds preferences only: nothing in it can change what the ledger says. "
         "Name,\n"
         "# origin and keys are in the genesis and in the key events after it (see: holdfast "
         "log).\n"
         "\n"
         "format = 1\n"
         "\n"
         "[defaults]\n"
         "# The domain that commands use where --domain is not given.\n"
         "domain = " +
         quoted(default_domain) +
         "\n"
         "# Who may see new statements: open, peers, parties or guardians. Statements never hold "
         "what a\n"
         "# record says, only its commitment, labels, notices and tikanga.\n"
         "visibility = \"open\"\n"
         "# A signed statement that is not sequenced within so many days is void.\n"
         "sequence_days = 30\n"
         "\n"
         "[sequencer]\n"
         "# Threads that check signatures; 0 is one for each core.\n"
         "jobs = 0\n"
         "# How far the database may grow, in MiB. Only address space: the file takes what it "
         "holds.\n"
         "map_mib = 1048576\n"
         "\n"
         "[anchor]\n"
         "# Where the newest checkpoint is kept outside of the village's directory, so that an "
         "older\n"
         "# copy put back is noticed. Empty: $XDG_STATE_HOME/holdfast/anchors.\n"
         "directory = \"\"\n"
         "\n"
         "[server]\n"
         "# Where `holdfast serve` listens. Only programs on this machine reach 127.0.0.1.\n"
         "listen = [\"127.0.0.1:8462\"]\n"
         "# A chain of certificates and its key, PEM; both empty: plain HTTP, for behind a proxy.\n"
         "tls_certificate = \"\"\n"
         "tls_key = \"\"\n"
         "# Also threads, connections_max, connections_per_client_max, idle_seconds,\n"
         "# transfer_seconds, kib_a_second, stop_seconds, submission_mib, bodies_mib, "
         "answers_mib,\n"
         "# head_kib and stream_kib.\n"
         "\n"
         "[witness]\n"
         "# Verifier keys of the logs whose checkpoints this village cosigns, such as its peers'.\n"
         "logs = []\n"
         "# The policy that names this village's own witnesses, which are asked to cosign its\n"
         "# checkpoints (docs/serving.md); empty: none are.\n"
         "policy = \"\"\n"
         "\n"
         "[peers]\n"
         "# The key of the agent that answers other villages; empty: the only one at hand.\n"
         "agent = \"\"\n"
         "\n"
         "[log]\n"
         "# What it says on standard error: text or json; with or without every request.\n"
         "format = \"text\"\n"
         "level = \"info\"\n"
         "requests = true\n";
}

}  // namespace holdfast::cli
