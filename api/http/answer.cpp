// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/http/answer.h"

#include <boost/beast/http/status.hpp>
#include <charconv>

namespace holdfast::http {
namespace {

constexpr std::size_t kUsualHeadBytes = 512;

// "Tue, 03 Mar 2026 09:30:00 GMT", made once a second.
const std::string& format_date(std::time_t now) {
  thread_local std::time_t of = -1;
  thread_local std::string text;
  if (now != of) {
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char buffer[40];
    const std::size_t length =
        std::strftime(buffer, sizeof buffer, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    text.assign(buffer, length);
    of = now;
  }
  return text;
}

void append_number(std::string& to, std::uint64_t number, int base) {
  char digits[24];
  to.append(digits, std::to_chars(std::begin(digits), std::end(digits), number, base).ptr);
}

void append_field(std::string& to, std::string_view name, std::string_view value) {
  to.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string format_head(const Response& response, const Framing& framing, std::time_t now) {
  std::string out;
  out.reserve(kUsualHeadBytes);
  out += framing.version == 10 ? "HTTP/1.0 " : "HTTP/1.1 ";
  append_number(out, response.status, 10);
  out += ' ';
  const auto reason =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(response.status));
  out.append(reason.data(), reason.size()).append("\r\n");
  append_field(out, "Server", "holdfast");
  append_field(out, "Date", format_date(now));
  for (const Header& header : response.headers) append_field(out, header.name, header.value);
  if (framing.version == 11 && !framing.keep_alive) append_field(out, "Connection", "close");
  if (framing.version == 10 && framing.keep_alive) append_field(out, "Connection", "keep-alive");
  if (framing.is_chunked) append_field(out, "Transfer-Encoding", "chunked");
  if (framing.length) {
    out += "Content-Length: ";
    append_number(out, *framing.length, 10);
    out += "\r\n";
  }
  return out += "\r\n";
}

std::string format_chunk_head(std::size_t bytes) {
  std::string out;
  append_number(out, bytes, 16);
  return out += "\r\n";
}

}  // namespace holdfast::http
