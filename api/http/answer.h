// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>

#include "api/http/message.h"

namespace holdfast::http {

// What the connection adds to a response.
struct Framing {
  unsigned version = 11;  // 10 or 11
  bool keep_alive = true;
  bool is_chunked = false;
  std::optional<std::uint64_t> length;  // of the body, whether it is sent or not
};

// The head of a response, empty line included. Source: RFC 9112, sections 4 and 6.
std::string format_head(const Response& response, const Framing& framing, std::time_t now);

// What stands before the bytes of a chunk; "\r\n" stands behind them. RFC 9112, 7.1.
std::string format_chunk_head(std::size_t bytes);

}  // namespace holdfast::http
