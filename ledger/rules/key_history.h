// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "ledger/model/note.h"
#include "ledger/model/peer_state.h"
#include "ledger/rules/signatures.h"
#include "ledger/rules/transition.h"

// Who signs for another village, followed from its genesis by its own council's events. What peers
// and evidence stand on.
namespace holdfast::rules {

// What is known of another village: who signs for it. Followed from its genesis through what
// changed its village and its council, so that no operator and no registry is believed.
struct PeerFacts {
  StatementId village;
  std::string origin;
  Found<model::VillageDetail> self;
  Found<model::AuthorityDetail> council;
};

// What follows takes signatures for good that it leaves in `later`, where that is given.

// Errors: kInvalid [PEER-1] where it is no genesis, or that of another village; what the rules of a
// genesis refuse.
Result<PeerFacts> peer_of_genesis(ByteView signed_genesis, const StatementId& village,
                                  InnerChecks* later = nullptr);

// A statement with the entry that commits to it.
struct Placed {
  model::Entry entry;
  LeafHash leaf;
  model::SignedStatement signed_statement;
  Authored authored;
  // Of its log before it, where it was shown in one; then an operator's `from` must name it.
  std::optional<Root> root_before;
};
// Errors: kInvalid [PEER-3] where the entry commits to another statement or kind; of decoding.
Result<Placed> place(const model::ProvenEntry& proven);
// Errors: kInvalid [`rule`] where the entry is not in the checkpoint's tree at its index.
Result<void> check_in_tree(const Placed& placed, const model::ProvenEntry& proven,
                           const model::Checkpoint& checkpoint, const char* rule);
// Every signature on the statement, by keys of `book` or that it introduces itself.
// Errors: [SIG-2] to [SIG-4].
Result<void> check_signatures(const Placed& placed, const KeyBook& book,
                              InnerChecks* later = nullptr);

// One event further, as the village's own rules judge it: it changes the village or its council.
// `facts` are as before where it is refused. Errors: kInvalid [PEER-3]; what the rules refuse.
Result<void> follow(PeerFacts& facts, const Placed& placed, InnerChecks* later = nullptr);

}  // namespace holdfast::rules
