// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "verifier/answer.h"
#include "verifier/trust.h"

namespace holdfast::verifier {

// A .state-proof file, as far as `trust` reaches: by a vkey, its key must have signed checkpoint
// and seal; by a village's id, the operator's key of the genesis in the file, whose id that is, and
// "cannot tell" where another key signed, because the operator may have been changed since. With
// both, the vkey signs and the genesis is the village's.
// Then: the seal's entry is the last of the checkpoint's tree, the seal is what that entry commits
// to, and under its state root the subject has this state, or is not there.
Answer check_state_proof(ByteView file, const Trust& trust);

}  // namespace holdfast::verifier
