// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

namespace holdfast::testing {

// Does it once, when the next commit of this database of this process ("ledger" or "content")
// becomes durable. Only in a program of its own: it takes the place of the C library's pwrite.
void at_next_commit(const std::string& database, std::function<void()> what);
bool awaits_commit();
void forget_next_commit();

}  // namespace holdfast::testing
