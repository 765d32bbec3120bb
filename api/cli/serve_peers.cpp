// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/serve_peers.h"

#include "api/cli/agent_key.h"
#include "api/cli/ids.h"

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

Result<std::vector<crypto::SealingKey>> sealing_keys(Context& context, log::Reader& reader) {
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(const VillageState village, village_state(reader));
  TRY_ASSIGN(const std::vector<StoredKey> stored, list_keys(paths.keys()));
  std::vector<crypto::SealingKey> out;
  for (const StoredKey& one : stored) {
    if (one.file.public_key != village.detail.sealing_key) continue;
    TRY_ASSIGN(auto key, context.passphrases().open_sealing_key(one.file));
    out.push_back(std::move(key));
    return out;
  }
  return Error{Code::kNotFound, "",
               "the sealing key " + crypto::format_public_key(village.detail.sealing_key),
               "in no file of " + paths.keys(), "its key file, to open envelopes with"};
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
