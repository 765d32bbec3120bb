// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/representation.h"

#include <zlib.h>

#include <algorithm>
#include <optional>

#include "ledger/crypto/sha256.h"

namespace holdfast::routes {
namespace {

constexpr std::size_t kWorthCompressing = 1024;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

bool is_json(const http::Response& response) {
  if (response.headers.empty()) return false;
  const std::string& type = response.headers.front().value;
  return type.starts_with("application/") && type.ends_with("json");
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

std::string entity_tag(std::string_view tag) { return "\"" + std::string(tag) + "\""; }

http::Response not_modified(http::Response response, std::string tag) {
  response.status = 304;
  response.body.clear();
  response.headers.erase(response.headers.begin());  // the type of what is not sent
  response.headers.push_back({"ETag", std::move(tag)});
  return response;
}

}  // namespace

Holds for_ever() { return {"public, max-age=31536000, immutable", "1"}; }
Holds while_tagged(std::string tag) { return {"no-cache", std::move(tag)}; }
std::string digest_tag(std::string_view body) {
  constexpr std::size_t kTagDigits = 16;
  return format_hex(crypto::sha256(as_bytes(body))).substr(0, kTagDigits);
}
Holds for_this_moment() { return {"no-store", ""}; }
Holds for_this_asker() { return {"private, no-store", ""}; }

bool names_tag(std::string_view list, std::string_view tag) {
  while (true) {
    list = trimmed(list);
    if (list == "*") return true;
    if (list.starts_with("W/")) list.remove_prefix(2);
    if (!list.starts_with('"')) return false;
    const std::size_t end = list.find('"', 1);
    if (end == std::string_view::npos) return false;
    if (list.substr(0, end + 1) == tag) return true;
    list = trimmed(list.substr(end + 1));
    if (!list.starts_with(',')) return false;
    list.remove_prefix(1);
  }
}

bool accepts_gzip(const http::Request& request) {
  std::string_view list = request.header("Accept-Encoding").value_or("");
  while (!list.empty()) {
    std::string item(list.substr(0, list.find(',')));
    list.remove_prefix(std::min(list.size(), item.size() + 1));
    std::erase_if(item, [](char c) { return c == ' ' || c == '\t'; });
    const std::size_t weight = std::min(item.find(';'), item.size());
    if (!http::equal_names(std::string_view(item).substr(0, weight), "gzip")) continue;
    const std::string q = item.substr(weight);
    return q.find_first_not_of("0.", std::min<std::size_t>(q.size(), 3)) != std::string::npos ||
           !q.starts_with(";q=");
  }
  return false;
}

http::Response represent(http::Response response, const http::Request& request, Holds holds) {
  response.headers.push_back({"Cache-Control", std::move(holds.cache_control)});
  const bool may_be_compressed = is_json(response);
  // Each coding has a tag of its own; either says that its holder has what holds now.
  const std::string plain_tag = entity_tag(holds.tag);
  const std::string gzip_tag = entity_tag(holds.tag + "-gzip");
  if (!holds.tag.empty()) {
    response.headers.push_back(
        {"Vary", may_be_compressed ? "Authorization, Accept-Encoding" : "Authorization"});
    const std::string_view known = request.header("If-None-Match").value_or("");
    if (names_tag(known, plain_tag)) return not_modified(std::move(response), plain_tag);
    if (may_be_compressed && names_tag(known, gzip_tag))
      return not_modified(std::move(response), gzip_tag);
  }
  std::optional<std::string> smaller;
  if (may_be_compressed && response.body.size() >= kWorthCompressing && accepts_gzip(request))
    smaller = gzipped(response.body);
  if (!holds.tag.empty()) response.headers.push_back({"ETag", smaller ? gzip_tag : plain_tag});
  if (!smaller) return response;
  response.body = *std::move(smaller);
  response.headers.push_back({"Content-Encoding", "gzip"});
  return response;
}

}  // namespace holdfast::routes
