// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/serve_peers.h"

#include <algorithm>

#include "api/cli/agent_key.h"
#include "api/cli/ids.h"
#include "api/cli/made.h"

namespace holdfast::cli {
namespace {

// Whether a village without it is served all the same: its peers are not answered then.
bool is_no_agent(const Error& error) {
  return error.code == Code::kNotFound || error.code == Code::kConflict ||
         error.code == Code::kUnauthorised;
}

struct Voice {
  crypto::SigningKey agent;
  std::vector<crypto::SealingKey> sealing;
  std::string name;
};
Result<Voice> voice_of(Context& context, log::Reader& reader) {
  TRY_ASSIGN(const Config config, context.config());
  TRY_ASSIGN(const AgentKey agent, agent_key(context, config.peers.agent));
  if (!agent.may_act())
    return Error{Code::kUnauthorised, "AGENT-1", "agent " + agent.file.file.name,
                 "one that may only propose",
                 "one that may act: `holdfast key agent KEY --may=act`"};
  TRY_ASSIGN(auto sealing, sealing_keys(context, reader));
  TRY_ASSIGN(auto key, context.passphrases().open_signing_key(agent.file.file));
  return Voice{std::move(key), std::move(sealing), agent.file.file.name};
}

}  // namespace

namespace {

// The sealing key before the one in force, where it was replaced not long ago: what was sealed to
// it may still be on its way. Linear in entries.
Result<std::optional<crypto::PublicKey>> key_before(log::Reader& reader, Seconds now) {
  TRY_ASSIGN(const model::Genesis genesis, genesis_of(reader));
  crypto::PublicKey key = genesis.sealing_key;
  std::optional<crypto::PublicKey> before;
  log::VillageTurns turns;
  TRY(turns.catch_up(reader));
  for (const log::VillageTurns::Turn& turn : turns.all()) {
    TRY_ASSIGN(const Sequenced by, statement_at(reader, turn.index));
    const auto* event = std::get_if<model::KeyEvent>(&by.statement.body);
    const auto* change = event ? std::get_if<model::SealingChange>(&event->which) : nullptr;
    if (change == nullptr) continue;
    TRY_ASSIGN(const Seconds at, time_at(reader, turn.index));
    before = now - at < kDay ? std::optional(key) : std::nullopt;
    key = change->key;
  }
  return before;
}

}  // namespace

Result<std::vector<crypto::SealingKey>> sealing_keys(Context& context, log::Reader& reader) {
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(const VillageState village, village_state(reader));
  TRY_ASSIGN(const std::vector<StoredKey> stored, list_keys(paths.keys()));
  TRY_ASSIGN(const auto before, key_before(reader, context.clock().now()));
  std::vector<crypto::SealingKey> out;
  for (const auto& wanted : {std::optional(village.detail.sealing_key), before}) {
    const auto file = std::find_if(stored.begin(), stored.end(), [&](const StoredKey& one) {
      return wanted && one.file.public_key == *wanted;
    });
    if (file != stored.end()) {
      TRY_ASSIGN(auto key, context.passphrases().open_sealing_key(file->file));
      out.push_back(std::move(key));
    } else if (out.empty()) {
      return Error{Code::kNotFound, "",
                   "the sealing key " + crypto::format_public_key(village.detail.sealing_key),
                   "in no file of " + paths.keys(), "its key file, to open envelopes with"};
    }
  }
  return out;
}

Result<std::unique_ptr<federation::Peering>> start_peering(Context& context, log::Readers& readers,
                                                           log::Submitter& submitter,
                                                           ServeLog& log) {
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  auto voice = voice_of(context, *reader);
  if (!voice && is_no_agent(voice.error())) {
    context.forget_hint();
    TRY_ASSIGN(const Config config, context.config());
    const ServeLog::Fields why = {{"why", describe(voice.error())}};
    // Nobody has to have peers; whoever named an agent has.
    if (config.peers.agent.empty())
      log.info("peers are not answered", why);
    else
      log.warn("peers are not answered", why);
    return std::unique_ptr<federation::Peering>();
  }
  if (!voice) return std::move(voice).error();
  federation::PeeringOptions options;
  options.courier.on_trouble = [&log](const StatementId& peer, const Error& error) {
    log.warn("not told", {{"village", peer.hex()}, {"why", describe(error)}});
  };
  options.courier.on_told = [&log](const StatementId& peer, LeafIndex entry,
                                   const std::string& rejected) {
    log.info(
        "told",
        {{"village", peer.hex()}, {"entry", std::to_string(entry.value)}, {"rejected", rejected}});
  };
  options.on_forked = [&log](const StatementId& peer, const Error& error) {
    log.warn("two histories", {{"village", peer.hex()}, {"what", describe(error)}});
  };
  options.on_trouble = [&log](const Error& error) {
    log.warn("refusals not written down", {{"why", describe(error)}});
  };
  TRY_ASSIGN(auto peering,
             federation::Peering::start(readers, submitter, paths.peers(), std::move(voice->agent),
                                        std::move(voice->sealing), context.clock(),
                                        context.random(), std::move(options)));
  log.info("peers are answered", {{"agent", voice->name}});
  return peering;
}

}  // namespace holdfast::cli
