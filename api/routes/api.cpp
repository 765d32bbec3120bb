// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/api.h"

#include <zlib.h>

#include <atomic>

#include "api/routes/access.h"
#include "api/routes/consent.h"
#include "api/routes/entries.h"
#include "api/routes/events.h"
#include "api/routes/metrics.h"
#include "api/routes/proofs.h"
#include "api/routes/router.h"
#include "api/routes/submission.h"
#include "api/routes/tiles.h"
#include "api/routes/witnessing.h"
#include "ledger/log/pool.h"
#include "ledger/model/codec.h"

namespace holdfast::routes {
namespace {

constexpr std::size_t kWorthCompressing = 1024;
constexpr const char* kNoRoute = "none";

// Drafts are decoded, and checkpoints cosigned, beside what answers readers.
constexpr unsigned kPoolThreads = 1;

std::vector<Route> make_table(const ApiOptions& options) {
  return {
      {"GET", "/checkpoint", {}, 0, get_checkpoint},
      {"GET", "/tile/{...}", {}, 0, get_tile},
      {"GET", "/statements/{...}", {}, 0, get_statement_bundle},
      {"GET", "/changes/{...}", {}, 0, get_change_bundle},
      {"GET", "/openings/{...}", {}, 0, get_opening_bundle},
      {"POST", "/add", {}, model::kSignedStatementBytesMax},
      {"POST", "/witness/add-checkpoint", {}, federation::kAddCheckpointBytesMax},
      {"GET", "/witness/{origin}/checkpoint", {}, 0},
      {"GET", "/v1/checkpoint", {}, 0, get_checkpoint_json},
      {"GET", "/v1/entries", {"from", "limit"}, 0, get_entries},
      {"GET", "/v1/entries/{index}", {}, 0, get_entry},
      {"GET", "/v1/entries/{index}/bytes", {}, 0, get_entry_bytes},
      {"GET", "/v1/entries/{index}/changes", {}, 0, get_changes},
      {"GET", "/v1/entries/{index}/tlog-proof", {}, 0, get_tlog_proof},
      {"GET", "/v1/statements/{statement}", {}, 0, get_statement},
      {"GET", "/v1/statements/{statement}/bytes", {}, 0, get_signed_statement},
      {"POST", "/v1/statements", {}, options.submission_bytes_max},
      {"GET", "/v1/proofs/inclusion", {"index", "size"}, 0, get_inclusion},
      {"GET", "/v1/proofs/consistency", {"from", "to"}, 0, get_consistency},
      {"GET", "/v1/state/{class}/{id}", {}, 0, get_state},
      {"GET", "/v1/state/{class}/{id}/state-proof", {}, 0, get_state_proof},
      {"GET", "/v1/grants/{grant}", {}, 0, get_grant},
      {"GET", "/v1/grantees/{grantee}", {}, 0, get_grantee},
      {"GET", "/v1/records/{record}/verification", {}, 0, get_verification},
      {"GET", "/v1/events", {"from"}, 0},
      {"GET", "/healthz", {}, 0},
      {"GET", "/metrics", {}, 0},
  };
}

// Source: RFC 9110, section 12.5.3. Of weights only zero matters: there is one coding to choose.
bool accepts_gzip(const http::Request& request) {
  std::string_view list = request.header("Accept-Encoding").value_or("");
  while (!list.empty()) {
    std::string item(list.substr(0, list.find(',')));
    list.remove_prefix(std::min(list.size(), item.size() + 1));
    std::erase_if(item, [](char c) { return c == ' ' || c == '\t'; });
    const std::size_t weight = std::min(item.find(';'), item.size());
    if (!http::equal_names(item.substr(0, weight), "gzip")) continue;
    const std::string q = item.substr(weight);
    return q.find_first_not_of("0.", std::min<std::size_t>(q.size(), 3)) != std::string::npos ||
           !q.starts_with(";q=");
  }
  return false;
}

// Nothing where it does not get smaller.
std::optional<std::string> gzipped(const std::string& text) {
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    return std::nullopt;
  std::string out(text.size(), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int done = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (done != Z_STREAM_END) return std::nullopt;
  return out;
}

void compress(const http::Request& request, http::Response& response) {
  const bool is_json = !response.headers.empty() &&
                       response.headers.front().value.starts_with("application/") &&
                       response.headers.front().value.ends_with("json");
  if (!is_json) return;
  response.headers.push_back({"Vary", "Accept-Encoding"});
  if (response.body.size() < kWorthCompressing || !accepts_gzip(request)) return;
  auto smaller = gzipped(response.body);
  if (!smaller) return;
  response.body = *std::move(smaller);
  response.headers.push_back({"Content-Encoding", "gzip"});
}

std::optional<std::string_view> header_of(const http::Response& response, std::string_view name) {
  for (const http::Header& header : response.headers)
    if (http::equal_names(header.name, name)) return header.value;
  return std::nullopt;
}

// Whether a list of entity tags, or "*", has this one. Source: RFC 9110, section 13.1.2.
bool names_tag(std::string_view list, std::string_view tag) {
  if (list == "*") return true;
  return list.find(tag) != std::string_view::npos;
}

// What was told to one asker is not told to another out of a cache.
http::Response for_this_asker(http::Response response) {
  std::erase_if(response.headers, [](const http::Header& header) {
    return http::equal_names(header.name, "Cache-Control") ||
           http::equal_names(header.name, "ETag");
  });
  response.headers.push_back({"Cache-Control", "private, no-store"});
  return response;
}

// Plain text, as C2SP has it, refusals too.
http::Response witnessed(federation::Witness::Answer answer) {
  http::Response response = answer_text(std::move(answer.body));
  response.status = answer.status;
  response.headers.front().value = std::move(answer.content_type);
  mark_not_cached(response);
  if (answer.status == 503) response.headers.push_back({"Retry-After", "1"});
  return response;
}

// What is sequenced without its content never gets one: nobody could read it.
Error without_content(const std::string& what) {
  return {Code::kInvalid, "", what, "a statement that has a content, without it",
          "POST /v1/statements with the draft's contents"};
}

bool wants_content(ByteView signed_statement) {
  const auto parts = model::decode_signed_statement(signed_statement);
  if (!parts) return false;
  const auto statement = model::decode_statement(parts->statement);
  return statement && model::content_root_in(statement->body).has_value();
}

http::Response no_witness() { return problem(404, "this village witnesses for nobody"); }

// What is thrown, want of memory above all, costs the request that it came of and nothing else.
template <typename Work>
void guarded(const http::Respond& respond, const Work& work) {
  try {
    work();
  } catch (const std::exception& failed) {
    respond(problem(503, std::string("this machine: ") + failed.what()));
  }
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
        table_(make_table(options_)),
        events_(std::make_shared<Events>(readers)),
        pool_(kPoolThreads) {
    sequencer_.subscribe([events = std::weak_ptr(events_)](const auto&) {
      if (const auto alive = events.lock()) alive->wake();
    });
  }

  void set_server(const http::Server* server) override { server_ = server; }

  Admission admit(const http::Request& head) override;
  void handle(http::Request request, http::Respond respond) override;
  http::Response refuse(unsigned status, const std::string& why) override {
    return problem(status, why);
  }
  void note(const Served& served) override;

 private:
  http::Response read(const Route& route, const std::vector<std::string_view>& args,
                      const http::Request& request);
  Result<http::Response> read_newest(const Route& route, const std::vector<std::string_view>& args,
                                     const Query& query, const http::Request& request);
  http::Response health();
  http::Response listen(const Query& query, const http::Request& request);
  void add(http::Request request, http::Respond respond);
  Result<void> check_contents(const log::Draft& draft);
  void take_draft(http::Request request, http::Respond respond);
  void submit_draft(std::string body, const http::Respond& respond);
  void witness(http::Request request, http::Respond respond);

  log::Readers& readers_;
  log::Sequencer& sequencer_;
  const Clock& clock_;
  Access access_;
  const ApiOptions options_;
  const std::vector<Route> table_;
  std::shared_ptr<Events> events_;
  Metrics metrics_;
  std::atomic<const http::Server*> server_{nullptr};
  log::Pool pool_;
};

http::Handler::Admission VillageApi::admit(const http::Request& head) {
  const Match found = match(table_, head.method, head.path);
  if (found.route != nullptr) return {found.route->body_bytes_max, std::nullopt};
  if (found.allowed.empty()) return {0, problem(404, "nothing is at " + head.path.substr(0, 200))};
  http::Response response;
  if (head.method == "OPTIONS") {
    // What a browser asks before it sends a page's request elsewhere.
    response.status = 204;
    response.headers = {{"Access-Control-Allow-Origin", "*"},
                        {"Access-Control-Allow-Methods", found.allowed},
                        {"Access-Control-Allow-Headers", "Authorization, Content-Type"},
                        {"Access-Control-Max-Age", "86400"}};
  } else {
    response = problem(405, head.method.substr(0, 20) + " at " + head.path.substr(0, 200) +
                                ", want " + found.allowed);
  }
  response.headers.push_back({"Allow", found.allowed + ", OPTIONS"});
  return {0, std::move(response)};
}

void VillageApi::handle(http::Request request, http::Respond respond) {
  const Match found = match(table_, request.method, request.path);
  const std::string_view path = found.route->path;
  if (path == "/add") return add(std::move(request), std::move(respond));
  if (path == "/v1/statements") return take_draft(std::move(request), std::move(respond));
  if (path == "/witness/add-checkpoint") return witness(std::move(request), std::move(respond));
  guarded(respond, [&] {
    http::Response response = read(*found.route, found.args, request);
    if (response.status == 200) compress(request, response);
    respond(std::move(response));
  });
}

http::Response VillageApi::read(const Route& route, const std::vector<std::string_view>& args,
                                const http::Request& request) {
  const auto query = Query::parse(request.query, route.parameters);
  if (!query) return problem(query.error());
  const std::string_view path = route.path;
  if (path == "/healthz") return health();
  if (path == "/metrics") {
    const auto reader = readers_.newest();
    if (!reader) return problem(reader.error());
    const http::Server* const server = server_;
    http::Response response = answer_text(
        metrics_.text((*reader)->size(), sequencer_,
                      server ? server->figures() : http::ServerFigures{}, events_->listeners()) +
        witnessing_metrics(options_.cosigning));
    response.headers.front().value = "text/plain; version=0.0.4; charset=utf-8";
    mark_not_cached(response);
    return response;
  }
  if (path == "/v1/events") return listen(*query, request);
  if (path == "/witness/{origin}/checkpoint")
    return options_.witness ? witnessed(options_.witness->latest(args.front())) : no_witness();
  auto answer = read_newest(route, args, *query, request);
  return answer ? *std::move(answer) : problem(answer.error());
}

// What everybody is told follows from path, query and the log up to its size alone.
Result<http::Response> VillageApi::read_newest(const Route& route,
                                               const std::vector<std::string_view>& args,
                                               const Query& query, const http::Request& request) {
  TRY_ASSIGN(const log::Asker asker, access_.asker(request, readers_));
  return readers_.with_newest([&](log::Reader& reader) -> Result<http::Response> {
    log::Audience audience(reader, asker, clock_.now());
    Call call{request, args, query, reader, audience, options_.cosigning};
    TRY_ASSIGN(http::Response response, route.read(call));
    if (asker.key || asker.is_owner) return for_this_asker(std::move(response));
    // What time alone may change has no tag.
    if (header_of(response, "Cache-Control") == "no-store") return response;
    const bool is_immutable =
        header_of(response, "Cache-Control").value_or("").ends_with("immutable");
    std::string tag = is_immutable ? "\"1\"" : "\"" + std::to_string(reader.size().value) + "\"";
    if (const auto own_tag = header_of(response, "ETag"))
      tag = *own_tag;
    else
      response.headers.push_back({"ETag", tag});
    response.headers.push_back({"Vary", "Authorization"});
    if (!header_of(response, "Cache-Control"))
      response.headers.push_back({"Cache-Control", "no-cache"});
    const auto known = request.header("If-None-Match");
    if (!known || !names_tag(*known, tag)) return response;
    response.status = 304;
    response.body.clear();
    return response;
  });
}

http::Response VillageApi::health() {
  const auto reader = readers_.newest();
  if (!reader) return problem(reader.error());
  Json out = {{"status", "ok"}, {"size", (*reader)->size().value}};
  const auto read_only = sequencer_.read_only();
  const auto full = sequencer_.disk_full();
  out["signing"] = !read_only && !full;
  if (read_only) out["readOnly"] = describe(*read_only);
  if (full) out["diskFull"] = describe(*full);
  http::Response response = answer_json(out);
  mark_not_cached(response);
  return response;
}

http::Response VillageApi::listen(const Query& query, const http::Request& request) {
  const auto reader = readers_.newest();
  if (!reader) return problem(reader.error());
  Result<std::uint64_t> from = query.number("from", (*reader)->size().value);
  // A browser that lost its connection says what it has seen.
  if (const auto last = request.header("Last-Event-ID"); last && !query.has("from")) {
    from = parse_number(*last, "Last-Event-ID");
    if (from && *from < (*reader)->size().value) from = *from + 1;
  }
  if (!from) return problem(from.error());
  from = std::min(*from, (*reader)->size().value);
  http::Response response;
  response.headers = {{"Content-Type", "text/event-stream"},
                      {"Cache-Control", "no-store"},
                      {"Access-Control-Allow-Origin", "*"},
                      {"X-Accel-Buffering", "no"}};
  response.body = ":\n\n";
  response.stream = [events = events_, from = LeafIndex{*from}](auto stream) {
    events->add(std::move(stream), from);
  };
  return response;
}

void VillageApi::add(http::Request request, http::Respond respond) {
  log::Admission admission;
  admission.signed_statement = to_bytes(request.body);
  if (wants_content(admission.signed_statement)) return respond(problem(without_content("body")));
  std::vector<log::Admission> admissions;
  admissions.push_back(std::move(admission));
  sequencer_.submit(std::move(admissions), [respond = std::move(respond)](const auto& receipt) {
    respond(added(receipt));
  });
}

// What is in the log already needs none.
Result<void> VillageApi::check_contents(const log::Draft& draft) {
  for (const std::size_t place : log::places_without_content(draft)) {
    TRY_ASSIGN(const auto reader, readers_.newest());
    const StatementId id = model::statement_id(draft.statements[place]);
    TRY_ASSIGN(const auto known, reader->index_of(id));
    if (!known) return without_content("contents/" + id.hex());
  }
  return {};
}

void VillageApi::submit_draft(std::string body, const http::Respond& respond) {
  auto draft = [&]() -> Result<log::Draft> {
    TRY_ASSIGN(log::DraftFiles files, parse_draft_json(body));
    body = {};
    TRY_ASSIGN(log::Draft parsed, log::parse_draft(std::move(files), ""));
    if (!parsed.imports.empty())
      return Error{Code::kInvalid, "", "imports", "import rows",
                   "a draft without: they are taken where the village's import key is"};
    TRY(check_contents(parsed));
    return parsed;
  }();
  if (!draft) return respond(problem(draft.error()));
  auto shared = std::make_shared<const log::Draft>(*std::move(draft));
  sequencer_.submit(log::admissions(*shared), [shared, respond](const auto& receipt) {
    respond(submitted(*shared, receipt));
  });
}

void VillageApi::take_draft(http::Request request, http::Respond respond) {
  auto work = [this, body = std::move(request.body), respond = std::move(respond)]() mutable {
    guarded(respond, [&] { submit_draft(std::move(body), respond); });
  };
  pool_.run(std::move(work));
}

// Beside what answers readers: it waits for the disk.
void VillageApi::witness(http::Request request, http::Respond respond) {
  if (options_.witness == nullptr) return respond(no_witness());
  pool_.run([this, body = std::move(request.body), respond = std::move(respond)] {
    guarded(respond, [&] { respond(witnessed(options_.witness->add_checkpoint(body))); });
  });
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
