// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string_view>

namespace holdfast {

// Prints where and what, then aborts. For our own bugs only; stays on in release builds.
[[noreturn]] void check_failed(const char* file, int line, std::string_view what);

}  // namespace holdfast

#define CHECK(condition)                                               \
  do {                                                                 \
    if (!(condition)) [[unlikely]]                                     \
      ::holdfast::check_failed(__FILE__, __LINE__, #condition);        \
  } while (false)
