// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/signed_statement.h"

#include <gtest/gtest.h>

#include "ledger/crypto/sha256.h"
#include "tests/model/generate.h"
#include "tests/model/refused.h"

namespace holdfast::model {
namespace {

crypto::SigningKey test_key() { return crypto::SigningKey::from_seed(Bytes(32, std::byte{7})); }

std::vector<StatementId> some_ids(std::size_t count) {
  Generator generator(count);
  std::vector<StatementId> ids;
  for (std::size_t i = 0; i < count; ++i) ids.push_back(generator.digest<StatementId>());
  return ids;
}

TEST(StatementId, IsTheLeafHashOfItsBytes) {
  const Bytes bytes = to_bytes("statement");
  EXPECT_EQ(statement_id(bytes).hex(),
            format_hex(crypto::sha256(to_bytes(std::string("\0statement", 10)))));
  EXPECT_EQ(statement_hash(bytes).hex(), format_hex(crypto::sha256(bytes)));
}

TEST(SignBatch, GivesEachStatementASignatureThatVerifiesAlone) {
  const crypto::SigningKey key = test_key();
  for (const std::size_t count : {1, 2, 3, 7, 8, 64, 65}) {
    const auto ids = some_ids(count);
    const auto signatures = sign_batch(ids, key);
    ASSERT_EQ(signatures.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(signatures[i].key_id, key.id());
      EXPECT_EQ(signatures[i].batch_index.value, i);
      EXPECT_EQ(signatures[i].batch_size.value, count);
      const auto message = signed_message_of(ids[i], signatures[i]);
      ASSERT_TRUE(message) << describe(message.error());
      EXPECT_TRUE(crypto::verify(key.public_key(), *message, signatures[i].signature));
    }
  }
}

TEST(SignBatch, MakesALoneStatementABatchOfOneWithoutAPath) {
  const auto ids = some_ids(1);
  const auto signatures = sign_batch(ids, test_key());
  EXPECT_TRUE(signatures[0].batch_path.empty());
  EXPECT_EQ(*signed_message_of(ids[0], signatures[0]), signed_message({1}, Root::from(ids[0])));
}

TEST(SignedMessage, IsTheDomainLineAndTheHashOfSizeAndRoot) {
  const Bytes message = signed_message({3}, Root{});
  EXPECT_EQ(as_text(ByteView(message).first(22)), "holdfast/statement/v1\n");
  Bytes hashed = Bytes(40);
  hashed[7] = std::byte{3};
  EXPECT_EQ(format_hex(ByteView(message).subspan(22)), format_hex(crypto::sha256(hashed)));
}

TEST(SignedMessage, DiffersForEveryOtherPlaceInTheBatch) {
  const auto ids = some_ids(8);
  auto signatures = sign_batch(ids, test_key());
  const Bytes message = *signed_message_of(ids[3], signatures[3]);
  for (std::size_t other = 0; other < 8; ++other) {
    if (other == 3) continue;
    StatementSignature moved = signatures[3];
    moved.batch_index = {other};
    EXPECT_NE(*signed_message_of(ids[3], moved), message);
    EXPECT_NE(*signed_message_of(ids[other], signatures[3]), message);
  }
}

TEST(SignedMessage, RefusesAPathThatDoesNotFit) {
  const auto ids = some_ids(5);
  const auto signatures = sign_batch(ids, test_key());
  const auto changed = [&](auto change) {
    StatementSignature signature = signatures[2];
    change(signature);
    return signed_message_of(ids[2], signature);
  };
  expect_refused(changed([](auto& s) { s.batch_path.pop_back(); }), "SIG-2");
  expect_refused(changed([](auto& s) { s.batch_path.push_back({}); }), "SIG-2");
  expect_refused(changed([](auto& s) { s.batch_index = {5}; }), "SIG-2");
  expect_refused(changed([](auto& s) { s.batch_size = {0}; }), "SIG-2");
}

}  // namespace
}  // namespace holdfast::model
