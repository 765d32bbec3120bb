// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/batch_memo.h"

#include <gtest/gtest.h>

#include "ledger/merkle/hash.h"

namespace holdfast::rules {
namespace {

std::vector<StatementId> some_ids(std::size_t count) {
  std::vector<StatementId> ids(count);
  for (std::size_t i = 0; i < count; ++i)
    ids[i] = model::statement_id(as_bytes("statement " + std::to_string(i)));
  return ids;
}

crypto::SigningKey key_of(unsigned seed) {
  return crypto::SigningKey::from_seed(Bytes(32, static_cast<std::byte>(seed)));
}

TEST(BatchMemo, KnowsTheWholeBatchOnceOneOfItWasVerified) {
  for (const std::size_t count : {2U, 3U, 7U, 8U, 9U, 100U}) {
    const auto ids = some_ids(count);
    const auto signatures = model::sign_batch(ids, key_of(1));
    BatchMemo memo;
    EXPECT_FALSE(memo.knows(ids[0], signatures[0]));
    memo.add(ids[0], signatures[0]);
    for (std::size_t i = 0; i < count; ++i) EXPECT_TRUE(memo.knows(ids[i], signatures[i])) << i;
  }
}

TEST(BatchMemo, DoesNotKnowAStatementThatIsNotInTheBatch) {
  const auto ids = some_ids(8);
  const auto signatures = model::sign_batch(ids, key_of(1));
  BatchMemo memo;
  memo.add(ids[0], signatures[0]);
  const StatementId other = model::statement_id(as_bytes("forged"));
  for (const auto& signature : signatures) EXPECT_FALSE(memo.knows(other, signature));
  EXPECT_FALSE(memo.knows(ids[3], signatures[4]));
}

TEST(BatchMemo, DoesNotKnowWhatDiffersInAnythingThatTheSignatureCovers) {
  const auto ids = some_ids(8);
  const auto signatures = model::sign_batch(ids, key_of(1));
  BatchMemo memo;
  memo.add(ids[0], signatures[0]);
  const auto changed = [&](auto change) {
    model::StatementSignature signature = signatures[1];
    change(signature);
    return memo.knows(ids[1], signature);
  };
  EXPECT_TRUE(changed([](auto&) {}));
  EXPECT_FALSE(changed([](auto& s) { s.signature[0] ^= std::byte{1}; }));
  EXPECT_FALSE(changed([](auto& s) { s.key_id.bytes[0] ^= std::byte{1}; }));
  EXPECT_FALSE(changed([](auto& s) { s.batch_size.value = 9; }));
  EXPECT_FALSE(changed([](auto& s) { s.batch_index.value = 2; }));
  EXPECT_FALSE(changed([](auto& s) { s.batch_index.value = 8; }));
  EXPECT_FALSE(changed([](auto& s) { s.batch_path.pop_back(); }));
  EXPECT_FALSE(changed([](auto& s) { s.batch_path.push_back({}); }));
  for (std::size_t step = 0; step < signatures[1].batch_path.size(); ++step)
    EXPECT_FALSE(changed([&](auto& s) { s.batch_path[step].bytes[31] ^= std::byte{1}; })) << step;
  EXPECT_TRUE(changed([](auto&) {}));
}

TEST(BatchMemo, DoesNotTakeAnotherKeysSignatureForKnown) {
  const auto ids = some_ids(4);
  const auto by1 = model::sign_batch(ids, key_of(1));
  const auto by2 = model::sign_batch(ids, key_of(2));
  BatchMemo memo;
  memo.add(ids[0], by1[0]);
  EXPECT_FALSE(memo.knows(ids[1], by2[1]));
  memo.add(ids[1], by2[1]);
  EXPECT_TRUE(memo.knows(ids[2], by1[2]));
  EXPECT_TRUE(memo.knows(ids[2], by2[2]));
}

}  // namespace
}  // namespace holdfast::rules
