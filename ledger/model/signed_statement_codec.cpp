// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/codec.h"
#include "ledger/model/parts_codec.h"

namespace holdfast::model {
namespace {

StatementSignature read_signature(Reading& in, wire::Signature::Reader from) {
  StatementSignature out;
  out.key_id = in.part("keyId").digest<KeyId>(from.getKeyId());
  out.signature = in.part("bytes").fixed<crypto::kSignatureBytes>(from.getBytes());
  out.batch_index = {from.getBatchIndex()};
  out.batch_size = {from.getBatchSize()};
  out.batch_path = read_hashes(in.part("batchPath"), from.getBatchPath(), bounds::kBatchPath);
  return out;
}

void write(wire::Signature::Builder to, const StatementSignature& signature) {
  to.setKeyId(wire_data(signature.key_id));
  to.setBytes(wire_data(signature.signature));
  to.setBatchIndex(signature.batch_index.value);
  to.setBatchSize(signature.batch_size.value);
  if (!signature.batch_path.empty())
    to.setBatchPath(wire_data(std::as_bytes(std::span(signature.batch_path))));
}

SignedStatement read_signed_statement(Reading& in, wire::SignedStatement::Reader from) {
  check_version(in, "signedStatement", from.getVersion());
  SignedStatement out;
  const auto statement = in.at("signedStatement", "statement").data(from.getStatement());
  if (statement.size() > kStatementBytesMax)
    if (const auto version = newer_version(statement))
      throw Refused{refusal_of_newer("statement", *version)};
  if (statement.empty() || statement.size() > kStatementBytesMax)
    in.refuse("BYTES-4", std::to_string(statement.size()) + " bytes",
              "1 to " + std::to_string(kStatementBytesMax));
  out.statement.assign(statement.begin(), statement.end());
  out.signatures = in.at("signedStatement", "signatures")
                       .sorted_list(
                           from.getSignatures(), bounds::kSignatures,
                           [&](auto signature) { return read_signature(in, signature); },
                           [](const StatementSignature& s) -> const KeyId& { return s.key_id; });
  return out;
}

}  // namespace

Bytes encode_signed_statement(const SignedStatement& statement) {
  return encode_root<wire::SignedStatement>([&](wire::SignedStatement::Builder to) {
    to.setVersion(1);
    if (!statement.statement.empty()) to.setStatement(wire_data(statement.statement));
    if (statement.signatures.empty()) return;
    auto signatures = to.initSignatures(count_of(statement.signatures));
    for (unsigned i = 0; i < signatures.size(); ++i) write(signatures[i], statement.signatures[i]);
  });
}

Result<SignedStatement> decode_signed_statement(ByteView bytes) {
  return decode_root<wire::SignedStatement>("signedStatement", bytes, kSignedStatementBytesMax,
                                            read_signed_statement, encode_signed_statement);
}

Result<SignedStatement> decode_own_signed_statement(ByteView bytes) {
  return read_root<wire::SignedStatement>("signedStatement", bytes, kSignedStatementBytesMax,
                                          read_signed_statement);
}

}  // namespace holdfast::model
