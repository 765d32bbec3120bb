// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>
#include <string>

#include "ledger/core/digest.h"
#include "ledger/core/position.h"
#include "ledger/core/result.h"
#include "ledger/store/environment.h"

namespace holdfast::store {

// Makes `to`, a file of keys as SlotFile has them, of what is in `from`: those of entries below
// `size`, but zeros in the place of `without` (rising), which are so never written there. Answers
// with the SHA-256 of all of `from`. Not on disk yet when it returns. Errors: kConflict where `to`
// is there; kNotFound; kInvalid for what is no regular file; kUnavailable.
Result<BytesDigest> copy_slots(const std::string& from, const std::string& to, TreeSize size,
                               std::span<const LeafIndex> without, const CopyProgress& progress);

}  // namespace holdfast::store
