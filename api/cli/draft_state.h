// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "api/cli/needs.h"
#include "api/cli/words.h"

namespace holdfast::cli {

// Where a draft stands: what is sequenced of it, who has yet to sign, and why it never will be
// sequenced. A guardian may sign on a machine that has no village, or an older copy of it: then
// what cannot be told is said, and the rest holds all the same.
struct DraftState {
  // Whether the ledger of the draft's village is here, as new as what the draft is based on.
  log::Reader* reader = nullptr;
  std::vector<std::string> not_checked;             // whole sentences
  std::vector<model::Statement> statements;         // decoded, by place
  std::vector<std::optional<LeafIndex>> sequenced;  // by place
  std::vector<StatementNeeds> needs;                // of the rest, each distinct one once
  std::set<KeyId> signers;                          // who has signed

  std::size_t sequenced_count() const;
  bool all_sequenced() const { return sequenced_count() == sequenced.size(); }
  // How many of this need have signed, and who could sign that has not.
  std::size_t signed_of(const Need& need) const;
  std::vector<KeyId> unsigned_of(const Need& need) const;
  // "1 more of the guardians of records: 3fa81c90a1b2 (mere) or 77c0aa019bd2"; only what is known.
  std::vector<std::string> missing(const KeyNames& names) const;
  // Whether this key's signature is refused, because it counts for nothing in some statement.
  bool counts_for_nothing(const KeyId& key) const;
};

// Errors: those of the codecs.
Result<DraftState> draft_state(Context& context, const log::Draft& draft);

// What keeps the rest of the draft from being sequenced, whoever signs it: its time is over
// [TIME-2], it was made for another log, or what it is about has changed since. Tried with the
// rules themselves on the state at hand. Errors: those of the rules, in words where there are any.
Result<void> still_possible(Context& context, const log::Draft& draft, const DraftState& state);

}  // namespace holdfast::cli
