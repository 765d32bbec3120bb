// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "api/routes/call.h"

namespace holdfast::routes {

// One request that has come to its route. Borrowed for the call: what is to outlive it is moved or
// copied out.
struct Visit {
  http::Request& request;
  std::vector<std::string_view> args;  // what stood for {..} in the route's path
  Query query;
};

// One path and what is done there. In `path`, "{}" stands for one segment, and "{...}" at the end
// for all that is left. Paths are matched as they are sent: no escape in them is decoded, and none
// is ever needed.
struct Route {
  const char* method;  // "GET" answers HEAD too
  const char* path;
  std::vector<std::string> parameters;  // behind the '?'
  std::uint64_t body_bytes_max = 0;
  // Must not block: the response may come later.
  std::function<void(Visit&, const http::Respond&)> answer;
};

// What is thrown, want of memory above all, costs the request that it came of and nothing else.
template <typename Work>
void guarded(const http::Respond& respond, const Work& work) {
  try {
    work();
  } catch (const std::exception& failed) {
    respond(problem(503, std::string("this machine: ") + failed.what()));
  }
}

struct Match {
  const Route* route = nullptr;
  std::vector<std::string_view> args;
  // Where there is such a path with other methods: those, for Allow.
  std::string allowed;
};

// `path` is borrowed by the answer.
Match match(const std::vector<Route>& routes, std::string_view method, std::string_view path);

}  // namespace holdfast::routes
