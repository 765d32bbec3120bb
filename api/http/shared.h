// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>

#include "api/http/server.h"
#include "api/http/share.h"
#include "api/http/tls.h"

namespace holdfast::http {

// What all connections of a server share. Threads: any.
class Shared {
 public:
  Shared(const ServerOptions& options_in, Handler& handler_in)
      : options(options_in), handler(handler_in) {}

  const ServerOptions options;
  Handler& handler;

  // One more connection from this address ("": over the UNIX socket), which then counts until
  // leave(). Null where there is no room for it.
  std::shared_ptr<Share> enter(const std::string& client);
  void leave(Share& share);
  ServerFigures figures() const;

  // Counts bytes of a body that are about to be kept. Those of a small body find room where those
  // of large ones do not any more, and one client takes a part only, so that neither keeps a
  // revocation out. The village's own socket always finds room.
  bool take_body_bytes(Share& share, std::uint64_t bytes, bool is_small);
  void give_back_body_bytes(Share& share, std::uint64_t bytes);
  // The same for bytes of an answer that whoever asked has not read yet.
  bool take_answer_bytes(Share& share, std::uint64_t bytes);
  void give_back_answer_bytes(Share& share, std::uint64_t bytes);

  std::shared_ptr<const TlsContext> tls() const;
  void set_tls(std::shared_ptr<const TlsContext> context);

 private:
  void forget_who_has_gone();

  mutable std::mutex mutex_;
  // Also of whoever has gone while what they took was not paid off: who comes anew for each request
  // is no new client.
  std::map<std::string, std::shared_ptr<Share>> shares_;
  ServerFigures figures_;
  std::shared_ptr<const TlsContext> tls_;
  std::atomic<std::uint64_t> body_bytes_{0};
  std::atomic<std::uint64_t> answer_bytes_{0};
};

}  // namespace holdfast::http
