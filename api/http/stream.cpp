// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/http/stream.h"

#include <boost/asio/post.hpp>

#include "api/http/session.h"

namespace holdfast::http {

bool OpenStream::send(std::shared_ptr<const std::string> bytes) {
  const auto session = session_.lock();
  if (!session || is_over_) return false;
  asio::io_context& context = session->worker().context();
  if ((waiting_ += bytes->size()) > bytes_max_) {
    is_over_ = true;
    asio::post(context, [session] { session->abort(); });
    return false;
  }
  asio::post(context,
             [session, bytes = std::move(bytes)]() mutable { session->push(std::move(bytes)); });
  return true;
}

}  // namespace holdfast::http
