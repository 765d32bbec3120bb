// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/http/transport.h"

#include <sys/socket.h>

#include <cerrno>

namespace holdfast::http {
namespace {

Moved moved(ssize_t bytes, Io wanted) {
  if (bytes > 0) return {Io::kDone, static_cast<std::size_t>(bytes)};
  const bool must_wait = bytes < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
  return {must_wait ? wanted : Io::kEnd, 0};
}

}  // namespace

Moved Transport::drain(std::span<char> into) {
  return moved(::recv(socket_, into.data(), into.size(), 0), Io::kWantsRead);
}

Moved Transport::read(std::span<char> to) { return tls_ ? tls_->read(to) : drain(to); }

Moved Transport::write(std::span<const iovec> pieces) {
  if (tls_)
    return tls_->write({static_cast<const char*>(pieces.front().iov_base), pieces.front().iov_len});
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(pieces.data());
  message.msg_iovlen = pieces.size();
  return moved(::sendmsg(socket_, &message, MSG_NOSIGNAL), Io::kWantsWrite);
}

void Transport::end_writing() {
  if (tls_) tls_->end_writing();
  ::shutdown(socket_, SHUT_WR);
}

}  // namespace holdfast::http
