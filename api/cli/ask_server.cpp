// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/ask_server.h"

#include "net/client.h"

namespace holdfast::cli {
namespace {

using json::Json;

constexpr const char* kAsk = "http://village.invalid/v1/ask";
constexpr long kConnectMs = 2'000;
constexpr std::size_t kAnswersBytesMax = std::size_t{256} << 20;

std::string text_of(const Json& object, const char* name) {
  return object.is_object() && object.contains(name) && object[name].is_string()
             ? object[name].get<std::string>()
             : std::string();
}

}  // namespace

Result<std::optional<Json>> ask_server(const std::string& socket, const json::AskRequest& request) {
  net::Options options;
  options.unix_socket = socket;
  options.connect_ms = kConnectMs;
  // It is silent for as long as peers are.
  options.low_speed_seconds = options.total_ms / 1000;
  net::Client client(options);
  const std::string body = json::dump(json::to_json(request), -1);
  const auto answer =
      client.send({kAsk, {{"Content-Type", "application/json"}}, to_bytes(body), kAnswersBytesMax});
  if (!answer || answer->status == 503) return std::optional<Json>();
  Json said = Json::parse(as_text(answer->body), nullptr, false);
  if (answer->status != 200)
    return Error{Code::kInvalid, text_of(said, "rule"), text_of(said, "what"),
                 text_of(said, "found"), text_of(said, "want")};
  if (!said.is_object() || !said.contains("told"))
    return Error{Code::kUnavailable, "", "this village's server", "an answer that is none",
                 "what peers told"};
  return std::optional(std::move(said));
}

}  // namespace holdfast::cli
