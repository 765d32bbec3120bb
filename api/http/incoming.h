// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "api/http/head.h"
#include "api/http/message.h"

namespace holdfast::http {

// One request while it comes, in pieces as they were sent. Knows no sockets.
class Incoming {
 public:
  // `client` and `is_local`: see Request.
  Incoming(std::size_t head_bytes_max, const std::string& client, bool is_local);
  ~Incoming();
  Incoming(const Incoming&) = delete;
  Incoming& operator=(const Incoming&) = delete;

  enum class Stage {
    kHead,     // of which more is wanted
    kBody,     // likewise; what the head says is known
    kWhole,    // nothing more belongs to it
    kRefused,  // and what follows on the connection is not known
  };
  Stage stage() const;

  // Takes as much from the front as it can, and returns how many bytes: those it leaves must stand
  // in front the next time. Behind a head it stops, for allow_body(). What it keeps is the request
  // alone: never more than was allowed of it.
  std::size_t take(std::string_view bytes);

  // From the end of the head on; each is then as the head says.
  const Request& head() const;
  unsigned version() const;  // 10, 11
  bool keep_alive() const;
  std::optional<std::uint64_t> content_length() const;  // nothing: chunks, or no body

  // The most bytes of body that are taken: refused with 413 beyond.
  void allow_body(std::uint64_t bytes_max);
  std::uint64_t body_bytes() const;  // that are kept of it

  // Once kWhole: the request with its body.
  Request take_request();
  // Once kRefused; head() is then what is known of it.
  const Refusal& refusal() const;

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace holdfast::http
