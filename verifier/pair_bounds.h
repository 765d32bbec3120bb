// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "verifier/chunk.h"
#include "verifier/replayed_state.h"

namespace holdfast::verifier {

// The pairs of an entry that the rules have not judged: values that follow from its kind and the
// state before it all the same, and the rest.
struct UnjudgedPairs {
  std::vector<rules::SubjectChange> known;
  std::vector<rules::ChangePair> unknown;
};

// Whether an entry of this kind can set these subjects, so that a withheld statement cannot stand
// for what no statement of its kind does. Cost: a look into the state tree for each pair.
// Errors: kInvalid [WITHHELD-2] (how many), [WITHHELD-3] (of which classes), [WITHHELD-4] (to which
// values), [WITHHELD-5] (not what the statement sets, where it is shown). `sure` is what a shown
// statement sets whatever could not be read; `gap`: a domain before it may have been withheld.
// Source: spec/log.md, "Withheld statements".
Result<UnjudgedPairs> bound_pairs(const Item& item, const ReplayedState& before,
                                  std::span<const rules::SubjectChange> sure, bool gap);

}  // namespace holdfast::verifier
