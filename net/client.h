// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <span>

#include "net/message.h"

namespace holdfast::net {

struct Options {
  // A request fails that has no connection by then, is not done by then, or moves fewer than
  // low_speed_bytes a second for low_speed_seconds on end.
  long connect_ms = 10'000;
  long total_ms = 600'000;
  long low_speed_bytes = 256;
  long low_speed_seconds = 20;
  // Certificates to believe in place of the system's, a PEM file; "" = the system's.
  std::string ca_file;
  // The socket to connect to whatever host the URL names; "" = that host.
  std::string unix_socket;
  long connections_max = 8;  // at a time to one host
};

// Asks over HTTP/1.1, and over HTTP/2 where TLS agrees on it. Connections are kept for the next
// request. Only http and https; no redirect is followed; no proxy is taken from the environment, no
// password from a file, no cookie kept. Certificates are verified. Of an answer no more is held
// than its request allows, and 64 KiB of headers. Threads: one at a time.
class Client {
 public:
  explicit Client(Options options = {});
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  // Whatever status the server answers, it is an answer. Errors: kUnavailable where there is none
  // (no connection, no trust in the certificate, too slow, broken off, not HTTP); kMalformed where
  // its body is larger than the request allows, or the request is none.
  Result<Response> send(const Request& request);
  // Several at once; answers in the order of the requests.
  std::vector<Result<Response>> send_all(std::span<const Request> requests);

  // The same, and the status says that it went well. Errors: also those of success().
  Result<Response> get(const Request& request) { return success(send(request), request.url); }
  std::vector<Result<Response>> get_all(std::span<const Request> requests);

 private:
  class Transfers;
  std::unique_ptr<Transfers> transfers_;
};

}  // namespace holdfast::net
