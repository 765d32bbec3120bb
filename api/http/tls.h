// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "api/http/server.h"
#include "ledger/core/result.h"

struct ssl_ctx_st;
struct ssl_st;

namespace holdfast::http {

enum class Io {
  kDone,
  kWantsRead,   // nothing before there is something to read
  kWantsWrite,  // nothing before there is room
  kEnd,         // the other side has gone, or is not to be understood
};
struct Moved {
  Io state = Io::kDone;
  std::size_t bytes = 0;
};

// One connection over TLS, on a socket that does not block. Nothing here waits, see Transport.
class TlsConnection {
 public:
  explicit TlsConnection(ssl_st* tls) : tls_(tls) {}
  ~TlsConnection();
  TlsConnection(const TlsConnection&) = delete;
  TlsConnection& operator=(const TlsConnection&) = delete;

  Io shake_hands();
  Moved read(std::span<char> to);
  Moved write(std::string_view bytes);
  bool has_read_ahead() const;
  void end_writing();

 private:
  Io state_of(int result);
  ssl_st* const tls_;
  bool is_broken_ = false;  // after which nothing more may be said
};

// A certificate and its key. TLS 1.2 and later. Threads: any.
class TlsContext {
 public:
  // Errors: kMalformed (a file that cannot be read, is no PEM, or belongs to another one).
  static Result<std::shared_ptr<const TlsContext>> load(const TlsFiles& files);
  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  // Null where there is no memory for it.
  std::unique_ptr<TlsConnection> accept(int socket) const;

 private:
  ssl_ctx_st* const context_;
};

}  // namespace holdfast::http
