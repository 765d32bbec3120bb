// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <iterator>
#include <string>
#include <string_view>

#include "ledger/core/result.h"

// The words of an enumeration in a table, whose first value has the number `first`.
namespace holdfast::model {

template <std::size_t N, typename E>
const char* name_of(const char* const (&names)[N], E value, std::uint16_t first) {
  const auto at = static_cast<std::uint16_t>(value) - first;
  return at >= 0 && static_cast<std::size_t>(at) < N ? names[at] : "unknown";
}

// Errors: kMalformed, with the words that there are.
template <typename E, std::size_t N>
Result<E> parse_name(const char* const (&names)[N], std::string_view name, std::uint16_t first,
                     const char* what) {
  std::string words;
  for (std::size_t i = 0; i < N; ++i) {
    if (name == names[i]) return static_cast<E>(i + first);
    words += std::string(i == 0 ? "" : i + 1 == N ? " or " : ", ") + names[i];
  }
  return Error{Code::kMalformed, "", what, std::string(name), words};
}

}  // namespace holdfast::model
