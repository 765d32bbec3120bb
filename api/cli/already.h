// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/cli/ids.h"
#include "ledger/log/reader.h"
#include "ledger/model/statement.h"

namespace holdfast::cli {

// Whether what a statement is to bring about is the case already, or what it is about has changed
// since it was written, said in words for people, with the entry and its date: "already revoked by
// entry #9 on 2026-03-01". The rules would refuse it too, in the terms of the state. Anything else
// is left to them.
// Errors: kConflict or kInvalid with the rule's id [STATE-1, CHANGE-2, CHANGE-3, CHANGE-5, KEY-1].
Result<void> not_done_already(log::Reader& reader, const model::Body& body);

// "by entry #9 on 2026-03-01T08:00:00Z", where the village has ended; else "".
std::string ending_in_words(log::Reader& reader, const VillageState& village);

// "entry #9 on 2026-03-01T08:00:00Z".
std::string entry_in_words(log::Reader& reader, LeafIndex index);

}  // namespace holdfast::cli
