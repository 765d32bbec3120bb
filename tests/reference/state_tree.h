// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>

#include "ledger/core/digest.h"
#include "ledger/merkle/prefix_proof.h"

// The state tree by its definition, slow and obvious: the whole tree is hashed anew for each
// answer.
namespace holdfast::reference {

using State = std::map<StateKey, ValueHash>;

StateRoot state_root(const State& state);
// Inclusion where the key is in the state, else absence.
merkle::PrefixProof prove(const State& state, const StateKey& key);

}  // namespace holdfast::reference
