// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/call.h"

#include <algorithm>

namespace holdfast::routes {
namespace {

Result<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const auto byte =
        i + 2 < text.size() ? parse_hex(text.substr(i + 1, 2)) : Result<Bytes>(Bytes());
    if (!byte || byte->size() != 1)
      return Error{Code::kMalformed, "", "query", "a % that begins no escape",
                   "%XX, two hex digits"};
    out += static_cast<char>((*byte)[0]);
    i += 2;
  }
  return out;
}

const char* title_of(unsigned status) {
  switch (status) {
    case 400: return "Bad request";
    case 401: return "Credentials wanted";
    case 403: return "Refused";
    case 404: return "Not found";
    case 405: return "Method not allowed";
    case 409: return "Conflict";
    case 413: return "Too large";
    case 415: return "Media type not known";
    case 417: return "Expectation not met";
    case 422: return "Against the rules";
    case 431: return "Head too large";
    case 500: return "Fault of this server";
    case 501: return "Not implemented";
    case 503: return "Not at present";
    case 505: return "HTTP version not spoken";
    default: return "Refused";
  }
}

http::Response problem_of(unsigned status, Json members) {
  http::Response response = answer_json(members, status);
  response.headers.front().value = "application/problem+json";
  response.headers.push_back({"Cache-Control", "no-store"});
  if (status == 503) response.headers.push_back({"Retry-After", "1"});
  return response;
}

}  // namespace

Result<Query> Query::parse(std::string_view text, const std::vector<std::string>& allowed) {
  Query query;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    TRY_ASSIGN(std::string name, decoded(pair.substr(0, equals)));
    TRY_ASSIGN(std::string value, decoded(pair.substr(std::min(pair.size(), equals + 1))));
    if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) {
      std::string all;
      for (const std::string& each : allowed) all += (all.empty() ? "" : ", ") + each;
      return Error{Code::kMalformed, "", "query", "\"" + name.substr(0, 80) + "\"",
                   all.empty() ? "no parameters" : all};
    }
    if (!query.values_.emplace(name, std::move(value)).second)
      return Error{Code::kMalformed, "", "query", name + " twice", "each parameter once"};
  }
  return query;
}

std::string Query::text(const std::string& name) const {
  const auto at = values_.find(name);
  return at == values_.end() ? "" : at->second;
}

Result<std::uint64_t> Query::number(const std::string& name, std::uint64_t otherwise) const {
  const auto at = values_.find(name);
  if (at == values_.end()) return otherwise;
  return parse_number(at->second, name.c_str());
}

http::Response answer_json(const Json& body, unsigned status) {
  http::Response response = answer_json_text(json::dump(body, 2) + "\n");
  response.status = status;
  return response;
}

http::Response answer_json_text(std::string body) {
  http::Response response;
  response.headers = {{"Content-Type", "application/json"}};
  response.body = std::move(body);
  return response;
}

http::Response answer_text(std::string body) {
  http::Response response;
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
  response.body = std::move(body);
  return response;
}

http::Response answer_bytes(ByteView body) {
  http::Response response;
  response.headers = {{"Content-Type", "application/octet-stream"}};
  response.body = as_text(body);
  return response;
}

unsigned status_of(const Error& error) {
  switch (error.code) {
    case Code::kMalformed: return 400;
    case Code::kInvalid: return 422;
    case Code::kUnauthorised: return 403;
    case Code::kNotFound: return 404;
    case Code::kConflict: return 409;
    case Code::kUnavailable: return 503;
    case Code::kUnknownVersion: return 422;
  }
  return 500;
}

http::Response problem(const Error& error) {
  const unsigned status = status_of(error);
  Json members = {{"type", "about:blank"},
                  {"title", title_of(status)},
                  {"status", status},
                  {"detail", describe(error)}};
  members.update(json::to_json(error));
  return problem_of(status, std::move(members));
}

http::Response problem(unsigned status, const std::string& detail) {
  return problem_of(status, {{"type", "about:blank"},
                             {"title", title_of(status)},
                             {"status", status},
                             {"detail", detail}});
}

Result<std::uint64_t> parse_number(std::string_view text, const char* what) {
  const auto number = parse_decimal(text);
  if (number) return *number;
  return Error{Code::kMalformed, "", what, "\"" + std::string(text.substr(0, 80)) + "\"",
               "a whole number below 2^64, without sign or leading zeros"};
}

Json hashes_json(const std::vector<NodeHash>& hashes) {
  Json list = Json::array();
  for (const NodeHash& hash : hashes) list.push_back(format_base64(hash));
  return list;
}

}  // namespace holdfast::routes
