// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: bytes that claim to be a SignedStatement.
// Oracle: what decodes encodes to the same bytes; its signers are sorted without duplicates; asking
// for the messages that were signed answers or refuses, and a batch of one has one message only.
#include "fuzz/target.h"
#include "ledger/model/codec.h"

FUZZ_TARGET(signed_statement) {
  using namespace holdfast;
  const auto decoded = model::decode_signed_statement(input);
  if (!decoded) return;
  CHECK(equal(model::encode_signed_statement(*decoded), input));
  const StatementId id = model::statement_id(decoded->statement);
  for (std::size_t i = 0; i < decoded->signatures.size(); ++i) {
    const model::StatementSignature& signature = decoded->signatures[i];
    if (i > 0) CHECK(decoded->signatures[i - 1].key_id < signature.key_id);
    const auto message = model::signed_message_of(id, signature);
    if (message && signature.batch_size.value == 1)
      CHECK(*message == model::signed_message(signature.batch_size, Root::from(id)));
  }
}
