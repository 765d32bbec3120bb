// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/message.h"
#include "api/json/json.h"
#include "federation/cosigning.h"
#include "ledger/core/position.h"
#include "ledger/core/result.h"
#include "ledger/log/audience.h"
#include "ledger/log/reader.h"

namespace holdfast::routes {

using json::Json;

// The parameters behind the '?', decoded. Source: the URL standard's
// application/x-www-form-urlencoded, without '+' for a space.
class Query {
 public:
  // Errors: kMalformed: a bad escape, a name that stands twice or is not in `allowed`.
  static Result<Query> parse(std::string_view text, const std::vector<std::string>& allowed);

  // "" where it was not given.
  std::string text(const std::string& name) const;
  bool has(const std::string& name) const { return values_.contains(name); }
  // Errors: kMalformed.
  Result<std::uint64_t> number(const std::string& name, std::uint64_t otherwise) const;

 private:
  std::map<std::string, std::string> values_;
};

// One request that reads what the log holds.
struct Call {
  const http::Request& request;
  const std::vector<std::string_view>& args;  // what stood for {..} in the route's path
  const Query& query;
  log::Reader& reader;
  log::Audience& audience;
  const federation::Cosigning* cosigning = nullptr;  // null: no witness is asked
};

// --- answers

http::Response answer_json(const Json& body, unsigned status = 200);
http::Response answer_json_text(std::string body);
http::Response answer_text(std::string body);
http::Response answer_bytes(ByteView body);

// RFC 9457, "application/problem+json": status and title for people, and the refusal's own members.
http::Response problem(const Error& error);
http::Response problem(unsigned status, const std::string& detail);
// The status that an error is answered with.
unsigned status_of(const Error& error);

// --- arguments

// Errors: kMalformed, naming `what`.
Result<std::uint64_t> parse_number(std::string_view text, const char* what);
template <typename D>
Result<D> parse_id(std::string_view text, const char* what) {
  const auto bytes = parse_hex(text);
  if (!bytes || bytes->size() != kDigestBytes || format_hex(*bytes) != text)
    return Error{Code::kMalformed, "", what, "\"" + std::string(text.substr(0, 80)) + "\"",
                 "64 lowercase hex digits"};
  return D::from(*bytes);
}

// Base64 of each.
Json hashes_json(const std::vector<NodeHash>& hashes);

}  // namespace holdfast::routes
