// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "api/cli/author.h"

namespace holdfast::cli {

// Who must sign one statement. The rules decide; this says beforehand what they will count.
struct StatementNeeds {
  std::vector<Need> needs;
  // Those needs, by `who`, of which everyone signs: whom a rule names key by key [SIGN-3].
  std::set<std::string> everyone;
  // What cannot be said because no ledger of this village is at hand, in words.
  std::vector<std::string> unknown;
  // An agent or the operator signs, alone; which one, the statement does not say.
  bool by_machine = false;

  // Whether this key's signature counts for any of them.
  bool counts(const KeyId& key) const;
};

// `reader`: the village's ledger, or nullptr where it is not at hand. `records`: domains of records
// that are made by the same draft. Errors: those of the reader.
using RecordDomains = std::map<StatementId, StatementId>;
Result<StatementNeeds> needs_of(const model::Statement& statement, log::Reader* reader,
                                const RecordDomains& records);

}  // namespace holdfast::cli
