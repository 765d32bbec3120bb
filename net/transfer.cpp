// SPDX-License-Identifier: AGPL-3.0-or-later
#include "net/transfer.h"

#include <algorithm>

namespace holdfast::net {
namespace {

constexpr std::size_t kHeaderBytesMax = 64 * 1024;

template <typename Value>
void set(CURL* handle, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(handle, option, value);
  CHECK(code == CURLE_OK);
}

bool breaks_a_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// What the library says, in the words of somebody who waits for an answer.
std::string words_for(CURLcode code) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT: return "no answer in time, or too slow a one";
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR: return "the connection broke off";
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY: return "what answers there does not speak HTTP";
    case CURLE_BAD_CONTENT_ENCODING: return "a packed body that cannot be unpacked";
    case CURLE_PEER_FAILED_VERIFICATION: return "a certificate that is not to be trusted";
    case CURLE_COULDNT_RESOLVE_HOST: return "no host of this name";
    case CURLE_COULDNT_CONNECT: return "no connection";
    default: return curl_easy_strerror(code);
  }
}

}  // namespace

Transfer::Transfer() : handle_(curl_easy_init()) { CHECK(handle_ != nullptr); }

Transfer::~Transfer() {
  curl_easy_cleanup(handle_);
  curl_slist_free_all(sent_headers_);
}

Result<void> Transfer::prepare(const Request& request, const Options& options) {
  curl_easy_reset(handle_);
  request_ = &request;
  response_ = {};
  header_bytes_ = 0;
  too_large_ = headers_too_large_ = false;
  why_.fill('\0');
  if (breaks_a_line(request.url))
    return Error{Code::kMalformed, "", "URL", "a line break in it", "none"};
  set(handle_, CURLOPT_URL, request.url.c_str());
  set(handle_, CURLOPT_ERRORBUFFER, why_.data());
  set(handle_, CURLOPT_WRITEFUNCTION, &Transfer::take_body);
  set(handle_, CURLOPT_WRITEDATA, this);
  set(handle_, CURLOPT_HEADERFUNCTION, &Transfer::take_header);
  set(handle_, CURLOPT_HEADERDATA, this);
  set(handle_, CURLOPT_PRIVATE, this);
  set_limits(options);
  if (request.gzip) set(handle_, CURLOPT_ACCEPT_ENCODING, "gzip");
  if (request.body) {
    set(handle_, CURLOPT_POST, 1L);
    set(handle_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body->size()));
    set(handle_, CURLOPT_POSTFIELDS, reinterpret_cast<const char*>(request.body->data()));
  }
  return set_headers(request);
}

void Transfer::set_limits(const Options& options) {
  set(handle_, CURLOPT_PROTOCOLS_STR, "http,https");
  set(handle_, CURLOPT_FOLLOWLOCATION, 0L);
  set(handle_, CURLOPT_PROXY, "");  // not even where the environment names one
  set(handle_, CURLOPT_NOSIGNAL, 1L);
  set(handle_, CURLOPT_USERAGENT, "holdfast/" HOLDFAST_VERSION);
  set(handle_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(handle_, CURLOPT_PIPEWAIT, 1L);  // one connection of HTTP/2 rather than several
  set(handle_, CURLOPT_CONNECTTIMEOUT_MS, options.connect_ms);
  set(handle_, CURLOPT_TIMEOUT_MS, options.total_ms);
  set(handle_, CURLOPT_LOW_SPEED_LIMIT, options.low_speed_bytes);
  set(handle_, CURLOPT_LOW_SPEED_TIME, options.low_speed_seconds);
  if (!options.ca_file.empty()) {
    set(handle_, CURLOPT_CAINFO, options.ca_file.c_str());
    // The system's folder of certificates would be believed beside it.
    set(handle_, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  if (!options.unix_socket.empty())
    set(handle_, CURLOPT_UNIX_SOCKET_PATH, options.unix_socket.c_str());
}

Result<void> Transfer::set_headers(const Request& request) {
  curl_slist_free_all(sent_headers_);
  sent_headers_ = nullptr;
  std::vector<std::string> lines;
  for (const Header& header : request.headers) {
    if (header.name.empty() || breaks_a_line(header.name) || breaks_a_line(header.value) ||
        header.name.find(':') != std::string::npos)
      return Error{Code::kMalformed, "", "header to send", "a line break, or no name",
                   "a name and a value on one line"};
    // With a semicolon the library sends a header that has no value.
    lines.push_back(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
  }
  if (request.body) {
    lines.push_back("Expect:");  // not to wait for leave to send
    // Nor to say that it is a form.
    const bool named = std::any_of(
        request.headers.begin(), request.headers.end(),
        [](const Header& each) { return curl_strequal(each.name.c_str(), "content-type") != 0; });
    if (!named) lines.push_back("Content-Type: application/octet-stream");
  }
  for (const std::string& line : lines) {
    curl_slist* longer = curl_slist_append(sent_headers_, line.c_str());
    CHECK(longer != nullptr);
    sent_headers_ = longer;
  }
  set(handle_, CURLOPT_HTTPHEADER, sent_headers_);
  return {};
}

std::size_t Transfer::take_body(const char* bytes, std::size_t size, std::size_t count,
                                void* self) {
  Transfer& transfer = *static_cast<Transfer*>(self);
  const std::size_t length = size * count;
  Bytes& body = transfer.response_.body;
  if (length > transfer.request_->body_bytes_max - body.size()) {
    transfer.too_large_ = true;
    return 0;  // which ends the transfer
  }
  append(body, as_bytes({bytes, length}));
  return length;
}

std::size_t Transfer::take_header(const char* bytes, std::size_t size, std::size_t count,
                                  void* self) {
  Transfer& transfer = *static_cast<Transfer*>(self);
  const std::size_t length = size * count;
  return transfer.add_header({bytes, length}) ? length : 0;
}

bool Transfer::add_header(std::string_view line) {
  header_bytes_ += line.size();
  headers_too_large_ = header_bytes_ > kHeaderBytesMax;
  if (headers_too_large_) return false;
  // Those of an answer that announces another are not the answer's.
  if (line.starts_with("HTTP/")) response_.headers.clear();
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  Header header{std::string(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))};
  std::transform(header.name.begin(), header.name.end(), header.name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  response_.headers.push_back(std::move(header));
  return true;
}

Error Transfer::refusal(CURLcode code) const {
  const std::string& url = request_->url;
  if (too_large_) {
    const std::string most = std::to_string(request_->body_bytes_max) + " bytes";
    return {Code::kMalformed, "", url, "more than " + most, "at most " + most};
  }
  if (headers_too_large_)
    return {Code::kUnavailable, "", url,
            "more than " + std::to_string(kHeaderBytesMax) + " bytes of headers", "fewer"};
  std::string found = words_for(code);
  if (why_.front() != '\0') found += " (" + std::string(why_.data()) + ")";
  return {Code::kUnavailable, "", url, std::move(found), "an answer"};
}

Result<Response> Transfer::finish(CURLcode code) {
  if (code != CURLE_OK) return refusal(code);
  long status = 0;
  CHECK(curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK);
  response_.status = static_cast<int>(status);
  return std::move(response_);
}

}  // namespace holdfast::net
