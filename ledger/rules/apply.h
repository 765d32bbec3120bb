// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "ledger/model/entry.h"
#include "ledger/model/signed_statement.h"
#include "ledger/rules/signatures.h"
#include "ledger/rules/state_view.h"
#include "ledger/rules/subject_change.h"

namespace holdfast::rules {

// The rules that this program knows.
inline constexpr std::uint32_t kRulesVersion = 2;

// Whether a statement of this kind can be judged: every one that can be decoded can.
bool has_rules(model::Kind kind);
// The first rules version that has this kind. Source: spec/rules.md [RULES-2].
std::uint32_t rules_with(model::Kind kind);

// A statement whose signatures were checked, or are being checked beside this: its id, its decoded
// body and the key ids that signed it, sorted; and the opening of what it hides, where that is
// shown.
struct Authored {
  StatementId id;
  model::Statement statement;
  std::vector<KeyId> signers;
  std::optional<model::Opening> opening;
};
Authored authored(const model::SignedStatement& signed_statement, model::Statement decoded);

// The state machine: what sequencing this statement as this entry changes, sorted by K, or the
// refusal. Of the entry it reads index, time and kind; the caller has checked the rest or fills it
// in after. Pure: the same view, entry and statement give the same answer, in the sequencer and the
// verifier. Errors: any code, with the id of a rule in spec/rules.md; kUnavailable from the view
// passes through; kUnknownVersion [RULES-1] where the village is under rules that this program does
// not know.
Result<std::vector<SubjectChange>> apply(const StateView& view, const model::Entry& entry,
                                         const Authored& authored);
// The same; where it refuses, `so_far` gets what was set by then, sorted. With kUnavailable that is
// sure, whatever could not be read; with kUnavailable [INFER-10], where nothing is missing but the
// opening of what is hidden, it is all that is set.
Result<std::vector<SubjectChange>> apply(const StateView& view, const model::Entry& entry,
                                         const Authored& authored,
                                         std::vector<SubjectChange>* so_far);
// The same, but signatures inside of the statement are not verified: they are added to `later`, and
// what is answered holds if they verify. Where it refuses, another refusal may come first: that of
// one of them.
Result<std::vector<SubjectChange>> apply(const StateView& view, const model::Entry& entry,
                                         const Authored& authored,
                                         std::vector<SubjectChange>* so_far, InnerChecks* later);

// Where the entry stands: index, previous leaf hash, time. Errors: kInvalid [ENTRY-1] to [ENTRY-3].
Result<void> check_position(const model::Entry& entry, const std::optional<Last>& last);
// What the entry says of its statement and changes. Errors: kInvalid [ENTRY-4] to [ENTRY-6].
Result<void> check_commitments(const model::Entry& entry, model::Kind kind,
                               const StatementHash& statement, const ChangesRoot& changes);

}  // namespace holdfast::rules
