// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/server_submitter.h"

#include "api/json/submission.h"
#include "ledger/log/pool.h"
#include "net/client.h"

namespace holdfast::cli {
namespace {

using json::Json;

// The host is nobody's: the socket says who is asked.
constexpr const char* kHealth = "http://village.invalid/healthz";
constexpr const char* kStatements = "http://village.invalid/v1/statements";
constexpr long kConnectMs = 2'000;
constexpr long kHealthMs = 10'000;
constexpr std::size_t kAnswerBytesMax = std::size_t{64} << 20;
constexpr int kTooLarge = 413;

std::optional<Code> parse_code(const std::string& name) {
  for (const Code code : {Code::kMalformed, Code::kInvalid, Code::kUnauthorised, Code::kNotFound,
                          Code::kConflict, Code::kUnavailable, Code::kUnknownVersion})
    if (name == code_name(code)) return code;
  return std::nullopt;
}

// What a problem says of a refusal (RFC 9457, spec/http.md); the status' own words where it has no
// members of ours.
Error error_of(const net::Response& response) {
  const Json problem = Json::parse(as_text(response.body), nullptr, false);
  const auto text = [&](const char* name) -> std::string {
    return problem.is_object() && problem.contains(name) && problem[name].is_string()
               ? problem[name].get<std::string>()
               : std::string();
  };
  const auto code = parse_code(text("code"));
  if (code) return {*code, text("rule"), text("what"), text("found"), text("want")};
  Error error{Code::kUnavailable, "", "this village's server",
              "status " + std::to_string(response.status) + " " + text("detail"),
              "an answer to what was submitted"};
  if (response.status == kTooLarge)
    error = {Code::kInvalid, "", "submission to this village's server", text("detail"),
             "less, a larger submission_mib, or the server stopped meanwhile"};
  return error;
}

class ServerSubmitter final : public log::Submitter {
 public:
  explicit ServerSubmitter(net::Options options)
      : client_(options), health_client_(quickly(options)), pool_(1) {}

  using log::Submitter::submit;
  void submit(std::vector<log::Admission> admissions, Answer answer) override {
    pool_.run([this, admissions = std::move(admissions), answer = std::move(answer)] {
      answer(send(json::format_submission(admissions), admissions.size()));
    });
  }
  std::optional<Error> read_only() const override { return reason("readOnly"); }
  std::optional<Error> disk_full() const override { return reason("diskFull"); }

  // Errors: nobody there.
  Result<Json> health() const {
    net::Request request;
    request.url = kHealth;
    request.body_bytes_max = 64 * 1024;
    const std::lock_guard lock(mutex_);
    TRY_ASSIGN(const net::Response response, health_client_.get(request));
    return Json::parse(as_text(response.body), nullptr, false);
  }

 private:
  // What it says of itself it says at once, or is no server that goes on.
  static net::Options quickly(net::Options options) {
    options.total_ms = kHealthMs;
    return options;
  }
  static Error unsure(const std::string& why) {
    return {Code::kUnavailable, "", "this village's server", why,
            "an answer to what was submitted: submit it again to see what became of it"};
  }

  Result<log::Receipt> send(const std::string& text, std::size_t count) {
    net::Request request;
    request.url = kStatements;
    request.headers = {{"Content-Type", "application/json"}};
    request.body = to_bytes(text);
    request.body_bytes_max = kAnswerBytesMax;
    const std::lock_guard lock(mutex_);
    const auto response = client_.send(request);
    // It may have been sequenced whatever is wrong with the answer.
    if (!response) return unsure("it went away, or broke off its answer");
    if (response->status != 200 && response->status != 202) return error_of(*response);
    auto receipt = json::parse_receipt(as_text(response->body));
    if (!receipt) return unsure(describe(receipt.error()));
    if (!receipt->held && receipt->positions.size() != count)
      return unsure("the places of " + std::to_string(receipt->positions.size()) +
                    " statements for " + std::to_string(count));
    return receipt;
  }

  std::optional<Error> reason(const char* name) const {
    const auto said = health();
    if (!said) return said.error();
    if (!said->is_object() || !said->contains(name)) return std::nullopt;
    net::Response as_problem;
    as_problem.body = to_bytes((*said)[name].dump());
    return error_of(as_problem);
  }

  mutable std::mutex mutex_;
  mutable net::Client client_;
  mutable net::Client health_client_;
  log::Pool pool_;
};

}  // namespace

std::unique_ptr<log::Submitter> find_server(const std::string& socket) {
  net::Options options;
  options.unix_socket = socket;
  options.connect_ms = kConnectMs;
  // It is silent for as long as it sequences.
  options.low_speed_seconds = options.total_ms / 1000;
  auto server = std::make_unique<ServerSubmitter>(options);
  if (!server->health()) return nullptr;
  return server;
}

}  // namespace holdfast::cli
