// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "api/cli/context.h"
#include "ledger/log/restore.h"
#include "verifier/source/directory.h"
#include "verifier/verdict.h"

namespace holdfast::cli {

// A bundle, an export in which nothing is withheld, as it was found to be.
struct Bundle {
  verifier::DirectorySource source;
  verifier::Verdict verdict;
  std::string checkpoint;
};
// Verifies all of it, from the village's id alone, as holdfast-verify does. Entries before `known`
// are at hand elsewhere: of these it may withhold statements. Errors: kNotFound where there is no
// such directory; what refutes it; kUnavailable where something is missing or withheld.
Result<Bundle> verified_bundle(Context& context, const std::string& directory,
                               const StatementId& village, TreeSize known = {});

// Its entries from where the restorer stands, into the restorer's database. The root at the end
// says that the files are still those that were verified. Errors: those of the restorer; kInvalid;
// kUnavailable where a file is gone since.
Result<void> add_entries(Context& context, const Bundle& bundle, log::Restorer& restorer);

// The roots that its log has at these sizes, which rise and are not beyond it, as the bundle's
// entries give them. Errors: kUnavailable; kMalformed.
Result<std::vector<Root>> roots_in(const Bundle& bundle, const std::vector<TreeSize>& sizes);

}  // namespace holdfast::cli
