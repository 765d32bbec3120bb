// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/model/note.h"
#include "verifier/answer.h"

namespace holdfast::verifier {

// Whose signature makes a checkpoint trusted: a verifier key, or the operator's key of a village's
// genesis, whose id is the village's.
// Errors: kUnauthorised [EXPORT-5] where the genesis is another village's; those of the codecs.
Result<model::VerifierKey> vkey_of_genesis(const StatementId& village, ByteView signed_genesis);

// What is known of the entry that a proof is about.
struct ProofSubject {
  std::optional<Bytes> entry;    // its bytes
  std::optional<LeafHash> leaf;  // or only its leaf hash
};

// A c2sp.org/tlog-proof@v1 file: its checkpoint is signed by `key`, and the entry is in the tree.
// `by_genesis`: the key is a genesis's, so that a checkpoint by another key is "cannot tell": the
// operator may have been changed since.
Answer check_proof(ByteView file, const model::VerifierKey& key, bool by_genesis,
                   const ProofSubject& subject);

// A signed note: signed by `key`. Says what its checkpoint states, where it is one.
Answer check_note(ByteView file, const model::VerifierKey& key);

}  // namespace holdfast::verifier
