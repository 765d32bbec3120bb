// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/serve_witnesses.h"

#include "api/cli/elsewhere.h"
#include "api/cli/flag.h"
#include "api/cli/own_witness.h"
#include "ledger/store/peers_tables.h"
#include "ledger/store/witness_store.h"

namespace holdfast::cli {
namespace {

Result<std::vector<model::VerifierKey>> logs_of(const WitnessConfig& config) {
  std::vector<model::VerifierKey> logs;
  for (const std::string& text : config.logs) {
    TRY_ASSIGN(model::VerifierKey key,
               value_of("holdfast.toml, witness.logs", text, model::parse_vkey(text)));
    if (key.type != model::NoteKeyType::kEd25519)
      return Error{Code::kMalformed, "", "holdfast.toml, witness.logs", "the key of a witness",
                   "keys of logs"};
    logs.push_back(std::move(key));
  }
  return logs;
}

void log_answer(ServeLog& log, const std::string& witness,
                const federation::WitnessAnswer& answer) {
  const ServeLog::Fields fields = {{"witness", witness},
                                   {"outcome", federation::outcome_name(answer.outcome)},
                                   {"size", std::to_string(answer.size.value)},
                                   {"why", answer.why}};
  if (answer.outcome == federation::WitnessAnswer::Outcome::kCosigned)
    log.info("witness", {fields[0], fields[1], fields[2]});
  else
    log.warn("witness", fields);
}

}  // namespace

Result<std::unique_ptr<federation::Witness>> open_witness(Context& context,
                                                          const WitnessConfig& config,
                                                          const std::string& origin,
                                                          const model::PublicKey& witness_key,
                                                          ServeLog& log) {
  if (config.logs.empty()) return std::unique_ptr<federation::Witness>();
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(std::vector<model::VerifierKey> logs, logs_of(config));
  const std::string name = config.name.empty() ? origin + "/witness" : config.name;
  TRY_ASSIGN(const std::string checked, value_of("holdfast.toml, witness.name", name, [&]() {
               const auto good = model::check_key_name(name);
               return good ? Result<std::string>(name) : Result<std::string>(good.error());
             }()));
  TRY_ASSIGN(const std::vector<StoredKey> stored, list_keys(paths.keys()));
  for (const StoredKey& each : stored) {
    if (each.file.public_key != witness_key) continue;
    TRY_ASSIGN(crypto::SigningKey key, context.passphrases().open_signing_key(each.file));
    TRY_ASSIGN(auto store, store::WitnessStore::open(paths.peers(), store::kPeersMapBytes));
    return std::make_unique<federation::Witness>(std::move(store), checked, std::move(key),
                                                 std::move(logs), context.clock());
  }
  // As after a restore, which has neither this key nor what it cosigned.
  log.warn("not witnessing",
           {{"why", "no file in " + paths.keys() + " has the witness's key " +
                        crypto::format_public_key(witness_key) + "; " + kNoWitness}});
  return std::unique_ptr<federation::Witness>();
}

Result<std::unique_ptr<federation::Cosigning>> start_cosigning(Context& context,
                                                               log::Readers& readers,
                                                               ServeLog& log) {
  TRY_ASSIGN(const std::string path, policy_path(context));
  if (path.empty()) return std::unique_ptr<federation::Cosigning>();
  TRY_ASSIGN(auto policy,
             readers.with_newest([&](log::Reader& reader) { return read_policy(path, reader); }));
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(auto store, store::CosignedStore::open(paths.peers()));
  federation::CosigningOptions options;
  options.on_answer = [&log](const std::string& witness, const auto& answer) {
    log_answer(log, witness, answer);
  };
  options.on_agreement = [&log](const federation::Objection* objection) {
    if (objection == nullptr)
      log.info("witnesses agree");
    else
      log.warn("witnesses do not agree", {{"why", describe(federation::read_only_by(*objection))}});
  };
  options.on_trouble = [&log](const std::string& what, const Error& error) {
    log.warn(what, {{"why", describe(error)}});
  };
  if (context.options().accept_rollback)
    options.accept = [&context](const federation::Objection& objection) {
      return note_accepted(context, objection);
    };
  TRY_ASSIGN(auto cosigning,
             federation::Cosigning::start(own_log(readers), std::move(policy), std::move(store),
                                          context.clock(), std::move(options)));
  context.check_elsewhere_by(cosigning->check());
  return cosigning;
}

}  // namespace holdfast::cli
