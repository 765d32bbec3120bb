// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <vector>

#include "api/cli/context.h"

namespace holdfast::cli {

// That the statements would not only be stored a second time while nothing is sequenced here: that
// not each of them takes back what the same people have taken back by one that is held, in force,
// and may still be sequenced by then. Another's is no repetition: it stands where the first one's
// key is found to be nobody's any more. Errors: kConflict.
Result<void> not_held_already(Context& context, const std::vector<log::Admission>& admissions);

}  // namespace holdfast::cli
