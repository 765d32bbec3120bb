// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_set>

#include "api/http/server.h"

namespace holdfast::http {

namespace asio = boost::asio;

// TCP and UNIX sockets alike, so that what reads and writes them is compiled once.
using Socket =
    asio::basic_stream_socket<asio::generic::stream_protocol, asio::io_context::executor_type>;

// One connection, as whoever stops the server sees it. Threads: its worker's.
class Session {
 public:
  virtual ~Session() = default;
  // Closes at once where nothing is being answered, else behind the response.
  virtual void finish() = 0;
  // Closes whatever it is doing.
  virtual void abort() = 0;
};

// One thread with its own sockets.
struct Worker {
  std::unordered_set<Session*> sessions;  // the thread's own; outlives what `context` still holds
  bool stopping = false;                  // likewise the thread's
  asio::io_context context{1};
  std::thread thread;
};

// What all connections of a server share. Threads: any.
class Shared {
 public:
  Shared(const ServerOptions& options_in, Handler& handler_in)
      : options(options_in), handler(handler_in) {}

  const ServerOptions options;
  Handler& handler;

  // Whether there is room for one more from this address; it then counts until leave().
  bool enter(const std::string& client);
  void leave(const std::string& client);
  ServerFigures figures() const;

  // Counts bytes of a body that are about to be kept. Those of a small body find room where those
  // of large ones do not any more, so that these cannot keep a revocation out.
  bool take_body_bytes(std::uint64_t bytes, bool is_small);
  void give_back_body_bytes(std::uint64_t bytes) { body_bytes_ -= bytes; }

  std::shared_ptr<asio::ssl::context> tls() const;
  void set_tls(std::shared_ptr<asio::ssl::context> context);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::size_t> by_client_;
  ServerFigures figures_;
  std::shared_ptr<asio::ssl::context> tls_;
  std::atomic<std::uint64_t> body_bytes_{0};
};

// Takes over an accepted connection, on the worker's thread. `client`: see Request; it has entered.
void start_session(std::shared_ptr<Shared> shared, Worker& worker, Socket socket,
                   std::string client, bool is_local, bool is_tls);

}  // namespace holdfast::http
