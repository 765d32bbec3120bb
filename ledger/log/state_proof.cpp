// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/state_proof.h"

#include "ledger/model/codec.h"

namespace holdfast::log {

Result<model::StateProofFile> make_state_proof(Reader& reader, model::StateClass state_class,
                                               ByteView id) {
  model::StateProofFile file;
  file.state_class = state_class;
  file.id.assign(id.begin(), id.end());
  TRY_ASSIGN(const auto subject, reader.find(state_class, id));
  if (subject) file.present = {model::encode_state_value(subject->value), subject->detail};
  TRY_ASSIGN(const merkle::PrefixProof proof, reader.prove_state(state_class, id));
  file.proof = merkle::encode_prefix_proof(proof);
  const LeafIndex last{reader.size().value - 1};
  TRY_ASSIGN(file.entry, reader.entry(last));
  TRY_ASSIGN(file.seal, reader.signed_statement(last));
  TRY_ASSIGN(file.genesis, reader.signed_statement(LeafIndex{0}));
  TRY_ASSIGN(const auto path, reader.prove_inclusion(last, reader.size()));
  file.tlog_proof = model::format_tlog_proof({{}, last, path, reader.checkpoint()});
  return file;
}

}  // namespace holdfast::log
