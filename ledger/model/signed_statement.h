// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "ledger/merkle/proof.h"
#include "ledger/model/statement.h"

namespace holdfast::model {

// One key's signature over a batch of statements, with this statement's place in it. A lone
// statement is a batch of one: index 0, size 1, no path.
struct StatementSignature {
  KeyId key_id;
  crypto::Signature signature{};
  LeafIndex batch_index;
  TreeSize batch_size{1};
  std::vector<NodeHash> batch_path;
  friend bool operator==(const StatementSignature&, const StatementSignature&) = default;
};

// Statement bytes and signatures, sorted by key id without duplicates.
struct SignedStatement {
  Bytes statement;  // canonical bytes of a Statement
  std::vector<StatementSignature> signatures;
  friend bool operator==(const SignedStatement&, const SignedStatement&) = default;
};

// SHA-256(0x00 || statement bytes): also its leaf hash in the batch that was signed.
StatementId statement_id(ByteView statement);
// SHA-256(canonical bytes of the signed statement).
StatementHash statement_hash(ByteView signed_statement);

// What is signed for a batch: "holdfast/statement/v1\n" || SHA-256(u64be batch size || root).
Bytes signed_message(TreeSize batch_size, const Root& batch_root);
// The message that `signature` over the statement with this id must be a signature of.
// Errors: kMalformed [SIG-2] where the batch path does not fit index and size.
Result<Bytes> signed_message_of(const StatementId& id, const StatementSignature& signature);

// Signs statements as one batch: element i is the signature that belongs to statements[i].
// CHECKs that there is at least one. Cost: one Ed25519 signature and 2n hashes.
std::vector<StatementSignature> sign_batch(std::span<const StatementId> statements,
                                           const crypto::SigningKey& key);

}  // namespace holdfast::model
