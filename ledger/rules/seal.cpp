// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/signers.h"
#include "ledger/rules/steps.h"

namespace holdfast::rules {

// A seal changes no subject: the state root that it signs is the state before and after it.
Result<void> step(Transition& transition, const Village& village, const model::Seal& seal) {
  const LeafIndex index = transition.entry().index;
  if (seal.covered_size != index.size_before())
    return Error{Code::kInvalid, "SEAL-2", "seal.coveredSize",
                 std::to_string(seal.covered_size.value),
                 std::to_string(index.value) + ", the number of entries before it"};
  TRY(require_only(transition.signers(), village.detail->operator_key, "the operator in force"));
  TRY_ASSIGN(const StateRoot root, transition.view().state_root());
  if (seal.state_root != root)
    return Error{Code::kInvalid, "SEAL-3", "seal.stateRoot", seal.state_root.hex(), root.hex()};
  return {};
}

}  // namespace holdfast::rules
