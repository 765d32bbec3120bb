// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "api/http/message.h"

namespace holdfast::http {

class Session;

// Hands what is sent, from whatever thread, to its session while that lives. Counts what waits, and
// cuts off who lets more wait than is allowed.
class OpenStream final : public Stream {
 public:
  OpenStream(std::weak_ptr<Session> session, std::size_t bytes_max)
      : session_(std::move(session)), bytes_max_(bytes_max) {}

  bool send(std::shared_ptr<const std::string> bytes) override;
  std::size_t waiting() const override { return waiting_; }

  // Of the session: what it has written, and that it is over.
  void written(std::size_t bytes) { waiting_ -= bytes; }
  void end() { is_over_ = true; }

 private:
  const std::weak_ptr<Session> session_;
  const std::size_t bytes_max_;
  std::atomic<std::size_t> waiting_{0};
  std::atomic<bool> is_over_{false};
};

}  // namespace holdfast::http
