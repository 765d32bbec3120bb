// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/cli/author.h"
#include "ledger/log/draft.h"
#include "ledger/log/import.h"

namespace holdfast::cli {

// An import whose records need more signatures than the keys at hand give: its statements are
// gathered into a draft instead of being sequenced.
class ImportDraft {
 public:
  // Takes admissions apart; answers at once. Lives as long as this object.
  log::SubmitAdmissions collector();

  // Signs what was gathered, as one batch, with the keys that count, has the import key vouch for
  // the import rows, and writes it. Nothing where
  // nothing was gathered. Errors: those of create_draft.
  Result<void> write(Context& context, const std::string& directory,
                     const log::ImportKey& import_key, const Signers& signers);

 private:
  Result<log::Receipt> take(std::vector<log::Admission> admissions);
  log::Draft draft_;
};

}  // namespace holdfast::cli
