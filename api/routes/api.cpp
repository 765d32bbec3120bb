// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/api.h"

#include <atomic>

#include "api/routes/access.h"
#include "api/routes/consent.h"
#include "api/routes/entries.h"
#include "api/routes/envelopes.h"
#include "api/routes/events.h"
#include "api/routes/metrics.h"
#include "api/routes/openapi.h"
#include "api/routes/proofs.h"
#include "api/routes/representation.h"
#include "api/routes/router.h"
#include "api/routes/submission.h"
#include "api/routes/tiles.h"
#include "api/routes/witnessing.h"
#include "ledger/log/pool.h"
#include "ledger/model/codec.h"

namespace holdfast::routes {
namespace {

constexpr const char* kNoRoute = "none";

// Drafts are decoded, and checkpoints cosigned, beside what answers readers and each other.
constexpr unsigned kPoolThreads = 1;

// What an answer follows from, beside path and query, as long as no token shows more.
enum class Follows : std::uint8_t {
  kNothing,    // what stands in the log stays as it is
  kSize,       // the log up to its newest checkpoint
  kWitnesses,  // what its witnesses have cosigned of it, too
  kMoment,     // the time, or what is held, too
};

using Read = Result<http::Response> (*)(Call& call);

// Plain text, as C2SP has it, refusals too.
http::Response witnessed(federation::Witness::Answer answer) {
  http::Response response = answer_text(std::move(answer.body));
  response.status = answer.status;
  response.headers.front().value = std::move(answer.content_type);
  response.headers.push_back({"Cache-Control", "no-store"});
  if (answer.status == 503) response.headers.push_back({"Retry-After", "1"});
  return response;
}

Json reason_json(const Error& error) {
  Json out = {{"detail", describe(error)}};
  out.update(json::to_json(error));
  return out;
}

http::Response no_witness(bool is_away) {
  return is_away ? problem(503, "this village's witness is away: its key is not on this machine")
                 : problem(404, "this village witnesses for nobody");
}

// Whoever shows a page of another origin to a browser that reaches this server could ask it
// himself: nothing is answered for where the question comes from, or for a cookie.
http::Response for_every_origin(http::Response response) {
  response.headers.push_back({"Access-Control-Allow-Origin", "*"});
  return response;
}

class VillageApi final : public Api {
 public:
  VillageApi(const StatementId& village, log::Readers& readers, log::Sequencer& sequencer,
             const Clock& clock, ApiOptions options)
      : readers_(readers),
        sequencer_(sequencer),
        clock_(clock),
        access_(village, clock),
        options_(std::move(options)),
        events_(std::make_shared<Events>(readers)),
        submission_(readers, sequencer, pool_, options_.submission_bytes_max),
        envelopes_(options_.peering, access_, readers_),
        table_(make_table()),
        pool_(kPoolThreads),
        cosigning_pool_(kPoolThreads) {
    sequencer_.subscribe([events = std::weak_ptr(events_)](const auto&) {
      if (const auto alive = events.lock()) alive->wake();
    });
  }

  void set_server(const http::Server* server) override { server_ = server; }
  void finish() override {
    pool_.wait();
    cosigning_pool_.wait();
    envelopes_.finish();
  }

  Admission admit(const http::Request& head) override;
  void handle(http::Request request, http::Respond respond) override;
  http::Response refuse(unsigned status, const std::string& why) override {
    return for_every_origin(problem(status, why));
  }
  void note(const Served& served) override;

 private:
  std::vector<Route> make_table();
  Route reading(const char* path, std::vector<std::string> parameters, Follows follows, Read read);
  Route doing(const char* method, const char* path, std::uint64_t body_bytes_max,
              void (VillageApi::*answer)(Visit&, const http::Respond&));

  Result<http::Response> read_newest(const Visit& visit, Follows follows, Read read);
  void listen(Visit& visit, const http::Respond& respond);
  void health(Visit& visit, const http::Respond& respond);
  void metrics(Visit& visit, const http::Respond& respond);
  void describe_itself(Visit& visit, const http::Respond& respond);
  void cosign(Visit& visit, const http::Respond& respond);
  void tell_cosigned(Visit& visit, const http::Respond& respond);
  void add(Visit& visit, const http::Respond& respond) { submission_.add(visit, respond); }
  void take(Visit& visit, const http::Respond& respond) { submission_.take(visit, respond); }

  log::Readers& readers_;
  log::Sequencer& sequencer_;
  const Clock& clock_;
  Access access_;
  const ApiOptions options_;
  std::shared_ptr<Events> events_;
  Submission submission_;
  Envelopes envelopes_;
  const std::vector<Route> table_;
  Metrics metrics_;
  std::atomic<const http::Server*> server_{nullptr};
  log::Pool pool_;
  log::Pool cosigning_pool_;  // it waits for the disk
};

std::vector<Route> VillageApi::make_table() {
  using enum Follows;
  return {
      reading("/checkpoint", {}, kWitnesses, get_checkpoint),
      reading("/tile/{...}", {}, kNothing, get_tile),
      reading("/statements/{...}", {}, kSize, get_statement_bundle),
      reading("/changes/{...}", {}, kNothing, get_change_bundle),
      reading("/openings/{...}", {}, kSize, get_opening_bundle),
      doing("POST", "/add", model::kSignedStatementBytesMax, &VillageApi::add),
      doing("POST", "/witness/add-checkpoint", federation::kAddCheckpointBytesMax,
            &VillageApi::cosign),
      doing("GET", "/witness/{origin}/checkpoint", 0, &VillageApi::tell_cosigned),
      reading("/v1/checkpoint", {}, kWitnesses, get_checkpoint_json),
      reading("/v1/entries", {"from", "limit"}, kSize, get_entries),
      reading("/v1/entries/{index}", {}, kNothing, get_entry),
      reading("/v1/entries/{index}/bytes", {}, kNothing, get_entry_bytes),
      reading("/v1/entries/{index}/changes", {}, kNothing, get_changes),
      reading("/v1/entries/{index}/tlog-proof", {}, kWitnesses, get_tlog_proof),
      reading("/v1/statements/{statement}", {}, kSize, get_statement),
      reading("/v1/statements/{statement}/bytes", {}, kSize, get_signed_statement),
      doing("POST", "/v1/statements", options_.submission_bytes_max, &VillageApi::take),
      {"POST",
       "/v1/envelopes",
       {},
       model::kSealedEnvelopeBytesMax,
       [this](Visit& v, const auto& r) { envelopes_.take(v, r); }},
      {"POST",
       "/v1/ask",
       {"body"},
       kAskBytesMax,
       [this](Visit& v, const auto& r) { envelopes_.ask(v, r); }},
      {"POST",
       "/v1/freshness",
       {"body"},
       kAskBytesMax,
       [this](Visit& v, const auto& r) { envelopes_.refresh(v, r); }},
      reading("/v1/proofs/inclusion", {"index", "size"}, kSize, get_inclusion),
      reading("/v1/proofs/consistency", {"from", "to"}, kSize, get_consistency),
      reading("/v1/state/{class}/{id}", {}, kSize, get_state),
      reading("/v1/state/{class}/{id}/state-proof", {}, kSize, get_state_proof),
      reading("/v1/grants/{grant}", {}, kMoment, get_grant),
      reading("/v1/grantees/{grantee}", {}, kSize, get_grantee),
      reading("/v1/records/{record}/verification", {}, kMoment, get_verification),
      {"GET", "/v1/events", {"from"}, 0, [this](Visit& v, const auto& r) { listen(v, r); }},
      doing("GET", "/healthz", 0, &VillageApi::health),
      doing("GET", "/metrics", 0, &VillageApi::metrics),
      doing("GET", "/openapi.yaml", 0, &VillageApi::describe_itself),
  };
}

Route VillageApi::doing(const char* method, const char* path, std::uint64_t body_bytes_max,
                        void (VillageApi::*answer)(Visit&, const http::Respond&)) {
  return {method, path, {}, body_bytes_max, [this, answer](Visit& visit, const auto& respond) {
            (this->*answer)(visit, respond);
          }};
}

Route VillageApi::reading(const char* path, std::vector<std::string> parameters, Follows follows,
                          Read read) {
  return {"GET", path, std::move(parameters), 0,
          [this, follows, read](Visit& visit, const auto& respond) {
            auto answer = read_newest(visit, follows, read);
            respond(answer ? *std::move(answer) : problem(answer.error()));
          }};
}

http::Handler::Admission VillageApi::admit(const http::Request& head) {
  // Of the server as a whole. RFC 9110, 9.3.7.
  if (head.path == "*")
    return {0, http::Response{204, {{"Allow", "GET, HEAD, POST, OPTIONS"}}, {}, {}}};
  const Match found = match(table_, head.method, head.path);
  if (found.route != nullptr) return {found.route->body_bytes_max, std::nullopt};
  if (found.allowed.empty()) return {0, refuse(404, "nothing is at " + head.path.substr(0, 200))};
  http::Response response;
  if (head.method == "OPTIONS") {
    // What a browser asks before it sends a page's request elsewhere.
    response.status = 204;
    response.headers = {{"Access-Control-Allow-Methods", found.allowed},
                        {"Access-Control-Allow-Headers", "Authorization, Content-Type"},
                        {"Access-Control-Max-Age", "86400"}};
  } else {
    response = problem(405, head.method.substr(0, 20) + " at " + head.path.substr(0, 200) +
                                ", want " + found.allowed);
  }
  response.headers.push_back({"Allow", found.allowed + ", OPTIONS"});
  return {0, for_every_origin(std::move(response))};
}

void VillageApi::handle(http::Request request, http::Respond respond) {
  const http::Respond answer = [respond = std::move(respond)](http::Response response) {
    respond(for_every_origin(std::move(response)));
  };
  guarded(answer, [&] {
    Match found = match(table_, request.method, request.path);
    auto query = Query::parse(request.query, found.route->parameters);
    if (!query) return answer(problem(query.error()));
    Visit visit{request, std::move(found.args), *std::move(query)};
    found.route->answer(visit, answer);
  });
}

Result<http::Response> VillageApi::read_newest(const Visit& visit, Follows follows, Read read) {
  TRY_ASSIGN(const log::Asker asker, access_.asker(visit.request, readers_));
  const bool shows_more = asker.key || asker.is_owner;
  const auto answer = [&](log::Reader& reader) -> Result<http::Response> {
    log::Audience audience(reader, asker, clock_.now());
    Call call{visit.request, visit.args, visit.query, reader, audience, options_.cosigning};
    TRY_ASSIGN(http::Response response, read(call));
    const auto holds = [&] {
      if (shows_more) return for_this_asker();
      if (follows == Follows::kNothing) return for_ever();
      if (follows == Follows::kMoment) return for_this_moment();
      // Cosignatures come while the log stays as it is.
      if (follows == Follows::kWitnesses && options_.cosigning != nullptr)
        return while_tagged(digest_tag(response.body));
      return while_tagged(std::to_string(reader.size().value));
    };
    return represent(std::move(response), visit.request, holds());
  };
  const bool follows_from_held = shows_more || follows == Follows::kMoment;
  return readers_.with_newest(
      answer, follows_from_held ? log::HeldStatements::kSeen : log::HeldStatements::kLeft);
}

void VillageApi::health(Visit& visit, const http::Respond& respond) {
  const auto reader = readers_.newest();
  if (!reader) return respond(problem(reader.error()));
  Json out = {{"status", "ok"}, {"size", (*reader)->size().value}};
  const auto read_only = sequencer_.read_only();
  const auto full = sequencer_.disk_full();
  out["signing"] = !read_only && !full;
  if (read_only) out["readOnly"] = reason_json(*read_only);
  if (full) out["diskFull"] = reason_json(*full);
  respond(represent(answer_json(out), visit.request, for_this_moment()));
}

void VillageApi::metrics(Visit& visit, const http::Respond& respond) {
  const auto reader = readers_.newest();
  if (!reader) return respond(problem(reader.error()));
  const http::Server* const server = server_;
  http::Response response = answer_text(
      metrics_.text((*reader)->size(), sequencer_,
                    server ? server->figures() : http::ServerFigures{}, events_->listeners()) +
      witnessing_metrics(options_.cosigning) + envelopes_.metrics());
  response.headers.front().value = "text/plain; version=0.0.4; charset=utf-8";
  respond(represent(std::move(response), visit.request, for_this_moment()));
}

// Source: RFC 9512 (the media type).
void VillageApi::describe_itself(Visit& visit, const http::Respond& respond) {
  const std::string_view description = openapi_description();
  http::Response response = answer_text(std::string(description));
  response.headers.front().value = "application/yaml";
  respond(represent(std::move(response), visit.request, while_tagged(digest_tag(description))));
}

void VillageApi::listen(Visit& visit, const http::Respond& respond) {
  const auto reader = readers_.newest();
  if (!reader) return respond(problem(reader.error()));
  const std::uint64_t size = (*reader)->size().value;
  Result<std::uint64_t> from = visit.query.number("from", size);
  // A browser that lost its connection says what it has seen.
  if (const auto last = visit.request.header("Last-Event-ID"); last && !visit.query.has("from")) {
    from = parse_number(*last, "Last-Event-ID");
    if (from && *from < size) from = *from + 1;
  }
  if (!from) return respond(problem(from.error()));
  http::Response response;
  response.headers = {{"Content-Type", "text/event-stream"},
                      {"Cache-Control", "no-store"},
                      {"X-Accel-Buffering", "no"}};
  response.body = ":\n\n";
  response.stream = [events = events_, first = LeafIndex{std::min(*from, size)}](auto stream) {
    events->add(std::move(stream), first);
  };
  respond(std::move(response));
}

void VillageApi::cosign(Visit& visit, const http::Respond& respond) {
  if (options_.witness == nullptr) return respond(no_witness(options_.witness_is_away));
  cosigning_pool_.run([this, body = std::move(visit.request.body), respond] {
    guarded(respond, [&] { respond(witnessed(options_.witness->add_checkpoint(body))); });
  });
}

void VillageApi::tell_cosigned(Visit& visit, const http::Respond& respond) {
  if (options_.witness == nullptr) return respond(no_witness(options_.witness_is_away));
  respond(witnessed(options_.witness->latest(visit.args.front())));
}

void VillageApi::note(const Served& served) {
  const Match found = match(table_, served.method, served.path);
  metrics_.count(found.route != nullptr ? found.route->path : kNoRoute, served.status,
                 static_cast<double>(served.microseconds) / 1e6);
  if (options_.log) options_.log(served);
}

}  // namespace

Result<std::unique_ptr<Api>> Api::make(log::Readers& readers, log::Sequencer& sequencer,
                                       const Clock& clock, ApiOptions options) {
  TRY_ASSIGN(const auto reader, readers.newest());
  return std::unique_ptr<Api>(std::make_unique<VillageApi>(reader->village(), readers, sequencer,
                                                           clock, std::move(options)));
}

}  // namespace holdfast::routes
