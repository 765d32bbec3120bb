// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/http/head.h"

#include "ledger/core/bytes.h"

namespace holdfast::http {
namespace {

constexpr std::size_t kShownBytes = 100;  // of what is refused
constexpr std::uint64_t kPortMax = 65'535;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Source: RFC 3986, 3.2.2: unreserved, sub-delims, and escapes.
bool is_registered_name(std::string_view name) {
  constexpr std::string_view kOthers = "-._~!$&'()*+,;=";
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '%') {
      if (i + 2 >= name.size() || !is_hex(name[i + 1]) || !is_hex(name[i + 2])) return false;
      i += 2;
    } else if (!is_alphanumeric(name[i]) && kOthers.find(name[i]) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

// An IPv6 address as it stands between brackets. It is compared with nothing here: that its letters
// are allowed is enough. No address of a later kind than that exists.
bool is_ipv6(std::string_view inside) {
  if (inside.size() < 2 || inside.find(':') == std::string_view::npos) return false;
  for (const char c : inside)
    if (!is_hex(c) && c != ':' && c != '.') return false;
  return true;
}

// "" is a port as well: the usual one.
bool is_port(std::string_view digits) {
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  if (digits.empty()) return true;
  const auto port = parse_decimal(digits);
  return port && *port <= kPortMax;
}

}  // namespace

std::optional<std::string_view> origin_form(std::string_view target) {
  if (target.starts_with('/')) return target;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equal_names(target.substr(0, scheme.size()), scheme)) continue;
    const std::size_t slash = target.find('/', scheme.size());
    return slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
  }
  return std::nullopt;
}

bool is_host(std::string_view value) {
  if (value.starts_with('[')) {
    const std::size_t end = value.find(']');
    if (end == std::string_view::npos || !is_ipv6(value.substr(1, end - 1))) return false;
    value.remove_prefix(end + 1);
    return value.empty() || (value.front() == ':' && is_port(value.substr(1)));
  }
  const std::size_t colon = value.find(':');
  if (!is_registered_name(value.substr(0, colon))) return false;
  return colon == std::string_view::npos || is_port(value.substr(colon + 1));
}

bool is_number(std::string_view value) {
  return !value.empty() && value.find_first_not_of("0123456789") == std::string_view::npos;
}

bool has_fold(std::string_view lines) {
  for (std::size_t at = lines.find('\n'); at != std::string_view::npos;
       at = lines.find('\n', at + 1))
    if (at + 1 < lines.size() && (lines[at + 1] == ' ' || lines[at + 1] == '\t')) return true;
  return false;
}

std::optional<Refusal> refusal_of(const Request& head, unsigned version, std::string_view target) {
  if (version != 10 && version != 11) return Refusal{505, "HTTP/1.0 and HTTP/1.1 are spoken here"};
  const std::size_t hosts = head.count("Host");
  if (hosts > 1 || (hosts == 0 && version == 11))
    return Refusal{400, std::to_string(hosts) + " Host fields, want one"};
  if (const auto host = head.header("Host"); host && !is_host(*host))
    return Refusal{400, "the Host field is \"" + std::string(host->substr(0, kShownBytes)) +
                            "\", want a host, or <host>:<port>"};
  // A list of equal lengths would be taken by some readers and refused by others.
  if (const auto length = head.header("Content-Length"); length && !is_number(*length))
    return Refusal{400, "a Content-Length that is no number"};
  for (const char* const once : {"Content-Length", "Transfer-Encoding", "Authorization", "Expect"})
    if (head.count(once) > 1)
      return Refusal{400, std::string("more than one ") + once + " field, want one at most"};
  if (const auto coding = head.header("Transfer-Encoding")) {
    if (version == 10 || head.header("Content-Length"))
      return Refusal{400, version == 10 ? "Transfer-Encoding in HTTP/1.0"
                                        : "both Transfer-Encoding and Content-Length"};
    if (!equal_names(*coding, "chunked"))
      return Refusal{501, "a Transfer-Encoding other than chunked"};
  }
  if (const auto expect = head.header("Expect"); expect && !equal_names(*expect, "100-continue"))
    return Refusal{417, "an Expect other than 100-continue"};
  if (!origin_form(target) && !(target == "*" && head.method == "OPTIONS"))
    return Refusal{400, "the target is no path, want one that begins with /"};
  return std::nullopt;
}

}  // namespace holdfast::http
