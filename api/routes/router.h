// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/routes/call.h"

namespace holdfast::routes {

// One path and what is done there. In `path`, "{}" stands for one segment, and "{...}" at the end
// for all that is left. Paths are matched as they are sent: no escape in them is decoded, and none
// is ever needed.
struct Route {
  const char* method;  // "GET" answers HEAD too
  const char* path;
  std::vector<std::string> parameters;  // behind the '?'
  std::uint64_t body_bytes_max = 0;
  Result<http::Response> (*read)(Call& call) = nullptr;  // null: see Api
};

struct Match {
  const Route* route = nullptr;
  std::vector<std::string_view> args;
  // Where there is such a path with other methods: those, for Allow.
  std::string allowed;
};

// `path` is borrowed by the answer.
Match match(const std::vector<Route>& routes, std::string_view method, std::string_view path);

}  // namespace holdfast::routes
