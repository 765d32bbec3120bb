// SPDX-License-Identifier: AGPL-3.0-or-later
#include "net/url.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

namespace holdfast::net {
namespace {

struct CloseUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, CloseUrl>;

// A part of the address; "" where it has none.
std::string part(const Url& url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, 0) != CURLUE_OK) return "";
  std::string out(text);
  curl_free(text);
  return out;
}

std::string lowercase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

Error not_a_base(const std::string& text, const std::string& found) {
  return {Code::kMalformed, "", "\"" + text.substr(0, 200) + "\"", found,
          "http:// or https://, a host, and a path to the folder that has the checkpoint"};
}

// The library would guess what is missing, and knows other schemes.
bool is_http(const std::string& text) {
  const auto host = text.find("://") + 3;
  const std::string scheme = lowercase(text.substr(0, host));
  return (scheme == "http://" || scheme == "https://") && host < text.size() && text[host] != '/';
}

}  // namespace

Result<std::string> parse_base_url(const std::string& text) {
  if (text.size() > kUrlBytesMax)
    return not_a_base(text, std::to_string(text.size()) + " characters");
  if (std::any_of(text.begin(), text.end(), [](char c) { return c <= 0x20 || c == 0x7F; }))
    return not_a_base(text, "white space, or a character beyond ASCII: percent-encode it");
  const Url url(curl_url());
  CHECK(url != nullptr);
  if (!is_http(text) || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK)
    return not_a_base(text, "no address");
  for (const CURLUPart each :
       {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT})
    if (!part(url, each).empty()) return not_a_base(text, "a user, a query or a fragment in it");
  std::string out = part(url, CURLUPART_SCHEME) + "://" + lowercase(part(url, CURLUPART_HOST));
  if (const std::string port = part(url, CURLUPART_PORT); !port.empty()) out += ":" + port;
  out += part(url, CURLUPART_PATH);
  while (out.back() == '/') out.pop_back();
  return out;
}

}  // namespace holdfast::net
