// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/own_asker.h"

#include "api/cli/agent_key.h"
#include "api/cli/sealing_keys.h"
#include "net/client.h"

namespace holdfast::cli {
namespace {

// The host is nobody's: the socket says who is asked.
constexpr const char* kServer = "http://village.invalid";
constexpr long kConnectMs = 2'000;
constexpr std::size_t kAnswersBytesMax = std::size_t{256} << 20;

std::string text_of(const Json& object, const char* name) {
  return object.is_object() && object.contains(name) && object[name].is_string()
             ? object[name].get<std::string>()
             : std::string();
}

Error refused_by_server(int status, const Json& said) {
  const bool is_away = status == 503;
  return {is_away ? Code::kUnavailable : Code::kInvalid, text_of(said, "rule"),
          text_of(said, "what"), text_of(said, "found"), text_of(said, "want")};
}

}  // namespace

Result<std::optional<Json>> OwnAsker::by_server(const std::string& path, const Json& body) {
  TRY_ASSIGN(const log::VillagePaths paths, context_.village());
  net::Options options;
  options.unix_socket = paths.socket();
  options.connect_ms = kConnectMs;
  // It is silent for as long as peers are.
  options.low_speed_seconds = options.total_ms / 1000;
  net::Client client(options);
  const auto answer = client.send({kServer + path,
                                   {{"Content-Type", "application/json"}},
                                   to_bytes(json::dump(body, -1)),
                                   kAnswersBytesMax});
  if (!answer) return std::optional<Json>();
  Json said = Json::parse(as_text(answer->body), nullptr, false);
  // It has no agent: one may be at hand here.
  if (answer->status == 503 && text_of(said, "what") == "envelopes") return std::optional<Json>();
  if (answer->status != 200) return refused_by_server(answer->status, said);
  if (!said.is_object())
    return Error{Code::kUnavailable, "", "this village's server", "an answer that is none",
                 "what peers told"};
  return std::optional(std::move(said));
}

Result<void> OwnAsker::open() {
  if (asker_) return {};
  TRY_ASSIGN(const log::VillagePaths paths, context_.village());
  TRY_ASSIGN(log::Reader* const reader, context_.reader());
  TRY_ASSIGN(const AgentKey stored, agent_key(context_, agent_name_));
  TRY_ASSIGN(auto key, context_.passphrases().open_signing_key(stored.file.file));
  TRY_ASSIGN(auto sealing, sealing_keys(context_, *reader));
  TRY_ASSIGN(log::Submitter* const submitter, context_.submitter());
  TRY_ASSIGN(readers_, log::Readers::open(paths));
  agent_ = std::make_unique<federation::Agent>(std::move(key), *readers_, *submitter,
                                               context_.clock(), context_.random());
  sealing_keys_.emplace(std::move(sealing.held));
  correspondence_ = std::make_unique<federation::Correspondence>(
      reader->village(), *agent_, *sealing_keys_, context_.clock(), context_.random());
  TRY_ASSIGN(auto keys, store::SealingStore::open(paths.peers()));
  correspondence_->remember_in(std::move(keys));
  TRY(correspondence_->load(*reader));
  federation::AskerOptions options;
  options.post.within = within_;
  asker_ = std::make_unique<federation::Asker>(*readers_, *correspondence_, context_.clock(),
                                               std::move(options));
  return {};
}

Result<Json> OwnAsker::ask(json::AskRequest request) {
  request.within_seconds = static_cast<std::uint32_t>(within_.count());
  TRY_ASSIGN(auto by_it, by_server("/v1/ask", json::to_json(request)));
  if (by_it) return *std::move(by_it);
  TRY(open());
  return json::to_json(
      federation::ask_together(*asker_, *correspondence_, request.questions, request.compose));
}

Result<Json> OwnAsker::refresh(json::FreshnessQuestion question) {
  question.within_seconds = static_cast<std::uint32_t>(within_.count());
  TRY_ASSIGN(auto by_it, by_server("/v1/freshness", json::to_json(question)));
  if (by_it) return *std::move(by_it);
  TRY(open());
  TRY_ASSIGN(const auto found, asker_->refresh(question.village, question.grants));
  return json::freshness_json(found);
}

}  // namespace holdfast::cli
