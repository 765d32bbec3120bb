// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/http/message.h"

// What no head may say, whatever is asked for with it. Source: RFC 9110, RFC 9112.
namespace holdfast::http {

struct Refusal {
  unsigned status = 400;
  std::string why;  // for people
};

// The path and query of a target. RFC 9112, 3.2: origin-form, or absolute-form, which proxies send.
// Nothing where it is neither.
std::optional<std::string_view> origin_form(std::string_view target);

// A host and perhaps a port, as a Host field has them; nothing at all is one too. RFC 9110, 7.2.
bool is_host(std::string_view value);

// Whether a field goes on in a second line. `lines`: any number of whole ones. RFC 9112, 5.2.
bool has_fold(std::string_view lines);

// What would let two readers of one connection see different requests, and what no request may
// lack. `version`: 10 or 11. Source: RFC 9112, sections 3.2 and 6.
std::optional<Refusal> refusal_of(const Request& head, unsigned version, std::string_view target);

}  // namespace holdfast::http
