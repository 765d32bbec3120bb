// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/serve_peers.h"

#include "api/cli/agent_key.h"
#include "api/cli/ids.h"
#include "api/cli/made.h"
#include "api/cli/sealing_keys.h"

namespace holdfast::cli {
namespace {

// Whether a village without it is served all the same: its peers are not answered then.
bool is_no_agent(const Error& error) {
  return error.code == Code::kNotFound || error.code == Code::kConflict ||
         error.code == Code::kUnauthorised;
}

// What the server holds of the village's sealing keys, having destroyed those that are over.
Result<federation::SealingKeys::Keys> own_sealing_keys(Context& context, log::Reader& reader,
                                                       ServeLog& log) {
  TRY_ASSIGN(auto keys, sealing_keys(context, reader));
  for (const std::string& path : keys.destroyed)
    log.info("a sealing key that was replaced is destroyed", {{"file", path}});
  for (const Error& error : keys.troubles)
    log.warn("a sealing key that was replaced", {{"why", describe(error)}});
  return std::move(keys.held);
}

std::string names_of(const federation::SealingKeys::Keys& keys) {
  std::string out;
  for (const federation::HeldSealingKey& held : keys) {
    out += (out.empty() ? "" : ", ") + crypto::format_public_key(held.key.public_key());
    if (held.until) out += " until " + format_time(*held.until);
  }
  return out;
}

struct Voice {
  crypto::SigningKey agent;
  federation::SealingKeys::Keys sealing;
  std::string name;
};
Result<Voice> voice_of(Context& context, log::Reader& reader, ServeLog& log) {
  TRY_ASSIGN(const Config config, context.config());
  TRY_ASSIGN(const AgentKey agent, agent_key(context, config.peers.agent));
  if (!agent.may_act())
    return Error{Code::kUnauthorised, "AGENT-1", "agent " + agent.file.file.name,
                 "one that may only propose",
                 "one that may act: `holdfast key agent KEY --may=act`"};
  TRY_ASSIGN(auto sealing, own_sealing_keys(context, reader, log));
  TRY_ASSIGN(auto key, context.passphrases().open_signing_key(agent.file.file));
  return Voice{std::move(key), std::move(sealing), agent.file.file.name};
}

}  // namespace

Result<std::unique_ptr<federation::Peering>> start_peering(Context& context, log::Readers& readers,
                                                           log::Submitter& submitter,
                                                           ServeLog& log) {
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  auto voice = voice_of(context, *reader, log);
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
  options.sealing_keys_anew = [&context, &log](log::Reader& newest) {
    auto keys = own_sealing_keys(context, newest, log);
    if (keys) log.info("sealing key", {{"opens", names_of(*keys)}});
    return keys;
  };
  options.on_closed = [&log](const Error& error) {
    log.warn("what is sealed to the village now cannot be opened", {{"why", describe(error)}});
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
