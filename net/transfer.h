// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>

#include "net/client.h"

namespace holdfast::net {

// One request on a handle of libcurl, with what has come back so far. It stays where it is: the
// library calls back into it.
class Transfer {
 public:
  Transfer();
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Both outlive the transfer. Errors: kMalformed of a request that is none.
  Result<void> prepare(const Request& request, const Options& options);
  CURL* handle() { return handle_; }
  // After the library is done with it.
  Result<Response> finish(CURLcode code);

 private:
  static std::size_t take_body(const char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t take_header(const char* bytes, std::size_t size, std::size_t count,
                                 void* self);
  void set_limits(const Options& options);
  Result<void> set_headers(const Request& request);
  bool add_header(std::string_view line);
  Error refusal(CURLcode code) const;

  CURL* handle_;
  const Request* request_ = nullptr;
  curl_slist* sent_headers_ = nullptr;
  Response response_;
  std::size_t header_bytes_ = 0;
  bool too_large_ = false;
  bool headers_too_large_ = false;
  std::array<char, CURL_ERROR_SIZE> why_{};
};

}  // namespace holdfast::net
