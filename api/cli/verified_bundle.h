// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "api/cli/context.h"
#include "verifier/source/directory.h"
#include "verifier/verdict.h"

namespace holdfast::cli {

// A bundle, an export in which nothing is withheld, as it was found to be.
struct Bundle {
  verifier::DirectorySource source;
  verifier::Verdict verdict;
  std::string checkpoint;
};
// Verifies all of it, from the village's id alone, as holdfast-verify does. Errors: kNotFound where
// there is no such directory; what refutes it; kUnavailable where something is missing or withheld.
Result<Bundle> verified_bundle(Context& context, const std::string& directory,
                               const StatementId& village);

}  // namespace holdfast::cli
