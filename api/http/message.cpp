// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/http/message.h"

#include <algorithm>

namespace holdfast::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool equal_names(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const Header& each : headers)
    if (equal_names(each.name, name)) return each.value;
  return std::nullopt;
}

std::size_t Request::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(headers.begin(), headers.end(),
                    [&](const Header& each) { return equal_names(each.name, name); }));
}

}  // namespace holdfast::http
