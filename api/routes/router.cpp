// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/router.h"

namespace holdfast::routes {
namespace {

bool fits(std::string_view pattern, std::string_view path, std::vector<std::string_view>& args) {
  args.clear();
  while (true) {
    const std::size_t hole = pattern.find('{');
    if (hole == std::string_view::npos) return pattern == path;
    if (!path.starts_with(pattern.substr(0, hole))) return false;
    path.remove_prefix(hole);
    if (pattern.substr(hole) == "{...}") {
      args.push_back(path);
      return !path.empty();
    }
    const std::string_view segment = path.substr(0, path.find('/'));
    if (segment.empty()) return false;
    args.push_back(segment);
    path.remove_prefix(segment.size());
    pattern.remove_prefix(pattern.find('}') + 1);
  }
}

}  // namespace

Match match(const std::vector<Route>& routes, std::string_view method, std::string_view path) {
  Match found;
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  for (const Route& route : routes) {
    if (!fits(route.path, path, found.args)) continue;
    if (route.method == wanted) {
      found.route = &route;
      return found;
    }
    found.allowed += (found.allowed.empty() ? "" : ", ") + std::string(route.method);
    if (std::string_view(route.method) == "GET") found.allowed += ", HEAD";
  }
  return found;
}

}  // namespace holdfast::routes
