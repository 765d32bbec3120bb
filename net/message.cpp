// SPDX-License-Identifier: AGPL-3.0-or-later
#include "net/message.h"

#include <algorithm>

namespace holdfast::net {
namespace {

constexpr std::size_t kShownMax = 300;

// What a stranger wrote, so that a refusal stays one short line.
std::string shown(std::string_view text) {
  std::string out(text.substr(0, kShownMax));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, '?');
  return text.size() > kShownMax ? out + "..." : out;
}

Code code_of(int status) {
  if (status == 404 || status == 410) return Code::kNotFound;
  if (status == 401 || status == 403 || status == 407) return Code::kUnauthorised;
  if (status >= 500 || status == 429) return Code::kUnavailable;
  return Code::kInvalid;
}

}  // namespace

std::optional<std::string_view> Response::header(std::string_view name) const {
  for (const Header& each : headers)
    if (each.name == name) return each.value;
  return std::nullopt;
}

Result<Response> success(Result<Response> answer, const std::string& url) {
  if (!answer) return answer;
  const int status = answer->status;
  if ((status >= 200 && status < 300) || status == 304) return answer;
  if (status >= 300 && status < 400)
    return Error{Code::kUnavailable, "", url,
                 "status " + std::to_string(status) + ", a redirect to " +
                     shown(answer->header("location").value_or("nowhere")),
                 "an answer at this address: redirects are not followed"};
  return Error{code_of(status), "", url, "status " + std::to_string(status), "status 200"};
}

}  // namespace holdfast::net
