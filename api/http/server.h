// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "api/http/message.h"
#include "ledger/core/result.h"

namespace holdfast::http {

struct TlsFiles {
  std::string certificate;  // PEM, the chain
  std::string key;          // PEM
};

struct ServerOptions {
  // "127.0.0.1:8462", "[::1]:8462"; port 0: any free one.
  std::vector<std::string> listen;
  std::string socket;  // path of a UNIX socket, made with mode 0600; "": none
  std::optional<TlsFiles> tls;
  unsigned threads = 0;  // 0: one a core

  std::size_t connections_max = 16'384;
  std::size_t connections_per_client_max = 0;  // by address; 0: no bound of its own
  std::size_t head_bytes_max = 16 * 1024;
  // Bodies being read, all together.
  std::uint64_t body_bytes_in_flight_max = std::uint64_t{256} << 20;
  // Large answers that whoever asked has not read yet, all together; a quarter for one client.
  std::uint64_t answer_bytes_waiting_max = std::uint64_t{1} << 30;
  std::size_t stream_bytes_max = 1 << 20;  // that wait for one reader of a stream
  // For a whole head, from the last response on; for a body or a response besides its
  // bytes at bytes_a_second_min; for a TLS handshake.
  std::chrono::seconds idle_limit{75};
  std::chrono::seconds transfer_limit{20};
  std::uint64_t bytes_a_second_min = 16 * 1024;
  std::chrono::seconds stop_limit{10};  // for what was accepted, when stopping
};

struct ServerFigures {
  std::uint64_t connections_open = 0;
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_refused = 0;  // beyond a bound
};

// Serves HTTP/1.0 and 1.1 on threads of its own. Source: RFC 9110, RFC 9112.
class Server {
 public:
  // `handler` outlives it. Errors: kMalformed (an address, a certificate or key file);
  // kUnavailable (an address in use, no permission, no socket).
  static Result<std::unique_ptr<Server>> start(const ServerOptions& options, Handler& handler);
  // Stops if stop() has not.
  virtual ~Server() = default;

  // "http://127.0.0.1:8462", in the order of options.listen, with the ports that were taken.
  virtual std::vector<std::string> addresses() const = 0;
  // Accepts nothing more, answers what was accepted, closes. Waits for all of it, up to
  // options.stop_limit.
  virtual void stop() = 0;
  // Reads the certificate and key anew, for connections from now on. Errors: as above, and the
  // ones in use stay.
  virtual Result<void> reload_tls() = 0;
  virtual ServerFigures figures() const = 0;
};

}  // namespace holdfast::http
