// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/core/bytes.h"

// What is asked over HTTP, and what comes back. Source: RFC 9110.
namespace holdfast::net {

struct Header {
  std::string name;  // of an answer: in lowercase
  std::string value;
};

struct Request {
  std::string url;              // http:// or https://, as parse_url lets pass
  std::vector<Header> headers;  // no line breaks in them
  std::optional<Bytes> body;    // sent by POST; without one it is a GET
  // Of the answer's body, counted as it is handed over: unpacked where it came packed.
  std::size_t body_bytes_max = 0;
  bool gzip = false;  // whether the answer may come packed
};

struct Response {
  int status = 0;
  std::vector<Header> headers;
  Bytes body;
  // The first value of a header by its name in lowercase; nothing where there is none.
  std::optional<std::string_view> header(std::string_view name) const;
};

// The answer where it is what was asked for: 200 to 299, or 304 to a conditional request. Errors,
// by who must act: kNotFound of 404 and 410; kUnauthorised of 401, 403 and 407; kUnavailable of
// 5xx, 429 and redirects, which are not followed, and the refusal says where this one pointed;
// kInvalid of any other.
Result<Response> success(Result<Response> answer, const std::string& url);

}  // namespace holdfast::net
