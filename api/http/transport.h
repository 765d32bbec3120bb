// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <memory>
#include <span>

#include "api/http/tls.h"

namespace holdfast::http {

// The bytes of one connection, plain or over TLS. Nothing here waits: where there is something to
// wait for, it says for what.
class Transport {
 public:
  // `socket` does not block, and is its owner's. Without `tls` it is plain.
  explicit Transport(int socket, std::unique_ptr<TlsConnection> tls = nullptr)
      : socket_(socket), tls_(std::move(tls)) {}

  Io shake_hands() { return tls_ ? tls_->shake_hands() : Io::kDone; }
  Moved read(std::span<char> to);
  // As much of the pieces, in their order, as fits.
  Moved write(std::span<const iovec> pieces);
  bool is_tls() const { return tls_ != nullptr; }
  // Whether there is something to read although the socket has nothing.
  bool has_read_ahead() const { return tls_ && tls_->has_read_ahead(); }
  // Says that nothing more is coming.
  void end_writing();
  // Reads what is not wanted, without a look at what it says.
  Moved drain(std::span<char> into);

 private:
  int socket_;
  std::unique_ptr<TlsConnection> tls_;
};

}  // namespace holdfast::http
