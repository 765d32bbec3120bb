// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/signed_statement.h"

#include "ledger/crypto/sha256.h"
#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/hash.h"

namespace holdfast::model {

StatementId statement_id(ByteView statement) {
  return StatementId::from(merkle::leaf_hash(statement));
}

StatementHash statement_hash(ByteView signed_statement) {
  return {crypto::sha256(signed_statement)};
}

Bytes signed_message(TreeSize batch_size, const Root& batch_root) {
  Bytes message = to_bytes("holdfast/statement/v1\n");
  append(message, crypto::sha256({u64be(batch_size.value), batch_root}));
  return message;
}

Result<Bytes> signed_message_of(const StatementId& id, const StatementSignature& signature) {
  auto root = merkle::root_from_inclusion_proof(signature.batch_index, signature.batch_size,
                                                LeafHash::from(id), signature.batch_path);
  if (!root) {
    Error error = std::move(root).error();
    error.rule = "SIG-2";
    error.what = "signature.batchPath: " + error.what;
    return error;
  }
  return signed_message(signature.batch_size, *root);
}

std::vector<StatementSignature> sign_batch(std::span<const StatementId> statements,
                                           const crypto::SigningKey& key) {
  CHECK(!statements.empty());
  std::vector<LeafHash> leaves;
  leaves.reserve(statements.size());
  for (const StatementId& id : statements) leaves.push_back(LeafHash::from(id));
  const TreeSize size{statements.size()};
  auto paths = merkle::all_inclusion_paths(leaves);
  const Root root = merkle::root_from_inclusion_proof({0}, size, leaves[0], paths[0]).value();
  const crypto::Signature signature = key.sign(signed_message(size, root));

  std::vector<StatementSignature> out;
  out.reserve(statements.size());
  for (std::size_t i = 0; i < statements.size(); ++i)
    out.push_back({key.id(), signature, {i}, size, std::move(paths[i])});
  return out;
}

}  // namespace holdfast::model
