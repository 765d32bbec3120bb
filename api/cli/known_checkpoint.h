// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "api/cli/context.h"

namespace holdfast::cli {

// Checkpoints of this village that people have from elsewhere, against the copy that is here: each
// must lie in this log. Answers how many say what others have seen: not those that an operator
// signed beyond where this log dismissed him, which are void, and not this copy's own, which it was
// opened from; the report says so of each. Errors: kConflict where one is beyond this copy, or of
// another log; kUnauthorised where no operator of the village signed it; those of reading a note.
// Cost: a look at every entry, where there are any.
Result<std::size_t> check_known_checkpoints(Context& context, log::Reader& reader,
                                            const std::vector<std::string>& files);

// The same of what the anchor on this machine remembers. Answers whether there is one.
Result<bool> check_known_anchor(Context& context, log::Reader& reader);

}  // namespace holdfast::cli
