// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "ledger/core/digest.h"
#include "ledger/model/state.h"
#include "ledger/model/statement.h"
#include "ledger/rules/state_view.h"

// What may still be said while nothing is signed. A ledger that was put back to an older state may
// know neither the checkpoint that a statement builds on nor what it takes back, so that the rules
// cannot decide; what can be told without them is told here, alike for writers and readers.
namespace holdfast::log {

using FindSubject =
    std::function<Result<std::optional<rules::Subject>>(model::StateClass, ByteView)>;

using KnowsKey = std::function<Result<bool>(const KeyId&)>;

// Why this statement, which takes something back, takes nothing back as far as this ledger knows;
// nothing if it does, or if what it names is unknown here. kInvalid: it names what is another
// domain's, or is of another class; kUnauthorised: every signer's key is known here, and none is a
// guardian's of the domain. A key that is not known may be a guardian's of a newer copy. The
// Result's own error is that of `find` or `knows`.
Result<std::optional<Error>> why_void(const model::Statement& statement,
                                      std::span<const KeyId> signers, const FindSubject& find,
                                      const KnowsKey& knows);

// The status of what it takes back; nothing where there is none here.
Result<std::optional<model::Status>> status_of_target(const model::Statement& statement,
                                                      const FindSubject& find);

// Whether there is nothing left for it to take back from what has this status.
bool nothing_is_left(const model::Statement& statement, model::Status status);

// Whether a held statement that the rules refused with `refusal` can be sequenced later, because
// something is not known here yet. `is_target_known`: what it takes back is in this ledger.
bool may_wait(const Error& refusal, bool is_target_known);

}  // namespace holdfast::log
