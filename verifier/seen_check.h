// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "verifier/findings.h"

namespace holdfast::verifier {

// Holds a log of `size` to a checkpoint that was verified before [EXPORT-6]. `root_then` is the
// log's recomputed root at the size of that checkpoint; nothing where the replay did not come to
// it. What it finds stands behind all else: a log that is wrong by itself is refuted for that.
void compare_with_seen(const Seen& seen, const std::optional<Root>& root_then, TreeSize size,
                       Findings& findings);

}  // namespace holdfast::verifier
