// SPDX-License-Identifier: AGPL-3.0-or-later
#include <sys/resource.h>
#include <systemd/sd-daemon.h>

#include <csignal>
#include <mutex>

#include "api/cli/commands.h"
#include "api/cli/ids.h"
#include "api/cli/serve_log.h"
#include "api/cli/serve_peers.h"
#include "api/cli/serve_witnesses.h"
#include "api/cli/visible.h"
#include "api/routes/api.h"

namespace holdfast::cli {
namespace {

constexpr const char* kServeHelp =
    "Serve the village over HTTP: checkpoint, tiles and proofs for whoever asks, and submission "
    "of\n"
    "what guardians have signed. Runs until SIGTERM or SIGINT, then finishes what was accepted.\n"
    "SIGHUP reads the TLS certificate anew. What is set in holdfast.toml, [server] and [log], is\n"
    "overridden by the flags; policy and witnesses are read when it starts. Everybody is served "
    "what\n"
    "people opened to all, and whoever shows who they are what they may see besides";

struct ServeOptions {
  std::vector<std::string> listen;
  std::string certificate;
  std::string key;
  std::string log_format;
  unsigned threads = 0;
};

// Taken off every thread that is started from here on, to be waited for by this one.
sigset_t take_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int each : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set, each);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return set;
}

// Each connection is an open file; the system's soft limit is for programs that use select().
void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

Result<http::ServerOptions> server_options(const ServerConfig& config, const ServeOptions& flags,
                                           const log::VillagePaths& paths) {
  http::ServerOptions options;
  options.listen = flags.listen.empty() ? config.listen : flags.listen;
  options.socket = paths.socket();
  const std::string& certificate =
      flags.certificate.empty() ? config.tls_certificate : flags.certificate;
  const std::string& key = flags.key.empty() ? config.tls_key : flags.key;
  if (certificate.empty() != key.empty())
    return Error{
        Code::kMalformed, "", "TLS",
        certificate.empty() ? "a key without a certificate" : "a certificate without a key",
        "both, or neither: plain HTTP, for behind a proxy"};
  if (!certificate.empty()) options.tls = http::TlsFiles{certificate, key};
  options.threads = flags.threads != 0 ? flags.threads : config.threads;
  options.connections_max = config.connections_max;
  options.connections_per_client_max = config.connections_per_client_max;
  options.idle_limit = std::chrono::seconds(config.idle_seconds);
  options.transfer_limit = std::chrono::seconds(config.transfer_seconds);
  options.stop_limit = std::chrono::seconds(config.stop_seconds);
  options.head_bytes_max = config.head_kib << 10;
  options.body_bytes_in_flight_max = config.bodies_mib << 20;
  options.answer_bytes_waiting_max = config.answers_mib << 20;
  options.stream_bytes_max = config.stream_kib << 10;
  options.bytes_a_second_min = config.kib_a_second << 10;
  return options;
}

void reload(http::Server& server, ServeLog& log) {
  if (const auto done = server.reload_tls(); !done)
    return log.warn("certificate not reloaded", {{"why", describe(done.error())}});
  log.info("certificate reloaded");
}

// Until somebody wants the end.
void wait_for_the_end(const sigset_t& signals, http::Server& server, ServeLog& log) {
  while (true) {
    int caught = 0;
    if (::sigwait(&signals, &caught) != 0) continue;
    if (caught != SIGHUP) return;
    reload(server, log);
  }
}

// Wakes what lives shorter than the subscription, and keeps nothing alive: the last to let go of it
// must not be the thread that commits.
class PeeringWaker {
 public:
  void wakes(federation::Peering* peering) {
    const std::lock_guard lock(mutex_);
    peering_ = peering;
  }
  void wake() {
    const std::lock_guard lock(mutex_);
    if (peering_ != nullptr) peering_->wake();
  }

 private:
  std::mutex mutex_;
  federation::Peering* peering_ = nullptr;
};

// What whoever checks this log must know of it.
struct KnownAs {
  std::string id;
  std::string vkey;
  std::string origin;
  model::PublicKey witness_key;
};
Result<KnownAs> known_as(log::Reader& reader) {
  TRY(reader.prove_state(model::StateClass::kVillage, reader.village()));
  TRY_ASSIGN(std::string vkey, vkey_of(reader));
  TRY_ASSIGN(const VillageState village, village_state(reader));
  TRY_ASSIGN(const model::VerifierKey key, model::parse_vkey(vkey));
  return KnownAs{reader.village().hex(), std::move(vkey), key.name, village.detail.witness_key};
}

Result<void> serve(Context& context, const ServeOptions& flags) {
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(const Config config, context.config());
  TRY_ASSIGN(const http::ServerOptions options, server_options(config.server, flags, paths));
  LogConfig log_config = config.log;
  if (!flags.log_format.empty()) log_config.format = flags.log_format;
  const sigset_t signals = take_signals();
  raise_file_limit();
  ServeLog log(log_config);
  TRY_ASSIGN(const auto readers, log::Readers::open(paths));
  TRY_ASSIGN(const std::shared_ptr<federation::Cosigning> cosigning,
             start_cosigning(context, *readers, log));
  TRY_ASSIGN(log::Sequencer* const sequencer, context.sequencer());
  // The state tree is built before anybody waits for a proof.
  TRY_ASSIGN(const auto known, readers->with_newest(known_as));
  TRY_ASSIGN(const auto witness,
             open_witness(context, config.witness, known.origin, known.witness_key, log));
  routes::ApiOptions api_options;
  api_options.witness = witness.get();
  api_options.witness_is_away = !witness && !config.witness.logs.empty();
  api_options.cosigning = cosigning.get();
  TRY_ASSIGN(std::unique_ptr<federation::Peering> peering,
             start_peering(context, *readers, *sequencer, log));
  api_options.peering = peering.get();
  api_options.submission_bytes_max = config.server.submission_mib << 20;
  if (log_config.requests) api_options.log = [&log](const auto& served) { log.request(served); };
  TRY_ASSIGN(const auto api,
             routes::Api::make(*readers, *sequencer, context.clock(), std::move(api_options)));
  TRY_ASSIGN(const auto server, http::Server::start(options, *api));
  api->set_server(server.get());
  // Two villages that are each other's witnesses may be started at once: each answers by now.
  if (cosigning) {
    sequencer->subscribe([asking = std::weak_ptr(cosigning)](const auto&) {
      if (const auto alive = asking.lock()) alive->wake();
    });
    cosigning->wait_for_first_round();
  }
  const auto waker = std::make_shared<PeeringWaker>();
  // Keys that the council names later are opened by what was given now.
  context.passphrases().stop_asking();
  if (peering) {
    peering->begin();
    waker->wakes(peering.get());
    sequencer->subscribe([waker](const auto&) { waker->wake(); });
  }
  log.info("village", {{"id", known.id}, {"vkey", known.vkey}});
  if (witness) log.info("witnessing", {{"as", witness->vkey()}});
  for (const std::string& address : server->addresses()) log.info("listening", {{"at", address}});
  if (const auto reason = sequencer->read_only())
    log.warn("nothing is signed at present", {{"why", describe(*reason)}});
  log.flush();
  ::sd_notify(0, "READY=1");
  wait_for_the_end(signals, *server, log);
  ::sd_notify(0, "STOPPING=1");
  log.info("stopping");
  if (peering) peering->stop_asking();
  server->stop();
  api->finish();
  // It signs through the sequencer.
  waker->wakes(nullptr);
  peering.reset();
  // What was accepted is sequenced and answered before it goes; the server outlives that.
  context.close();
  log.info("stopped");
  log.flush();
  return {};
}

}  // namespace

void add_serve_command(CLI::App& app, Context& context) {
  CLI::App* const command = app.add_subcommand("serve", kServeHelp);
  auto options = std::make_shared<ServeOptions>();
  command
      ->add_option(
          "--listen", options->listen,
          "Where: 127.0.0.1:8462, 0.0.0.0:8462, [::1]:8462; port 0 is any free one. May be "
          "repeated")
      ->type_name("ADDRESS:PORT")
      ->allow_extra_args(false);
  command->add_option("--tls-certificate", options->certificate, "Chain of certificates, PEM")
      ->type_name("FILE");
  command->add_option("--tls-key", options->key, "The certificate's private key, PEM")
      ->type_name("FILE");
  command->add_option("--threads", options->threads, "Threads that answer; 0 is one a core");
  command->add_option("--log-format", options->log_format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  context.on_run(*command, [&context, options] { return serve(context, *options); });
}

}  // namespace holdfast::cli
