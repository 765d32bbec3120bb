// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>

#include "ledger/log/held_files.h"
#include "ledger/log/held_judgement.h"
#include "ledger/log/prepared.h"

namespace holdfast::log {

inline constexpr std::size_t kHeldOfUnknownPerKeyMax = 64;
inline constexpr std::size_t kHeldPerKeyMax = kHeldStatementsMax / 4;

// Whether the keys that signed `wanted` may have these held besides `present`. Room is limited, and
// what takes back something unknown here costs its signer nothing: one stolen key must not be able
// to keep the withdrawals of everybody else out. So of one key's statements at most kHeldPerKeyMax
// are held, and at most kHeldOfUnknownPerKeyMax but for the first about each grant or record that
// is known here and may still be taken back. `wanted` have been found not to be void. Cost: a look
// into the state for each of those keys' statements. Errors: kUnavailable; those of `find`.
Result<void> check_share(std::span<const HeldStatement> present, std::span<const Prepared> wanted,
                         const FindSubject& find);

}  // namespace holdfast::log
