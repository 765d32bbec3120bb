// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/rules/founded_village.h"

namespace holdfast::testing {
namespace {

TEST(Signatures, AreRefusedWhenTheyDoNotVerify) {
  FoundedVillage v;
  model::SignedStatement made = sign(v.statement(v.record("a")), {&v.guardian1, &v.guardian2});
  made.signatures[0].signature[10] ^= std::byte{1};
  EXPECT_EQ(rule_of(v.ledger.append(made, v.now)), "SIG-4");
}

TEST(Signatures, OfAnotherStatementOfTheBatchDoNotCount) {
  FoundedVillage v;
  const Bytes first = model::encode_statement(v.statement(v.record("a")));
  const Bytes second = model::encode_statement(v.statement(v.record("b")));
  const std::vector<StatementId> ids{model::statement_id(first), model::statement_id(second)};
  const auto by1 = model::sign_batch(ids, v.guardian1);
  const auto by2 = model::sign_batch(ids, v.guardian2);
  const auto signed_as = [&](const Bytes& statement, std::size_t place) {
    model::SignedStatement out{statement, {by1[place], by2[place]}};
    if (out.signatures[1].key_id < out.signatures[0].key_id)
      std::swap(out.signatures[0], out.signatures[1]);
    return out;
  };
  EXPECT_EQ(rule_of(v.ledger.append(signed_as(first, 1), v.now)), "SIG-4");
  EXPECT_EQ(rule_of(v.ledger.append(signed_as(first, 0), v.now)), "admitted");
  EXPECT_EQ(rule_of(v.ledger.append(signed_as(second, 1), v.now)), "admitted");
}

TEST(Signatures, WithABatchPathThatIsTooLongAreRefused) {
  FoundedVillage v;
  model::SignedStatement made = sign(v.statement(v.record("a")), {&v.guardian1, &v.guardian2});
  made.signatures[0].batch_path.push_back({});
  EXPECT_EQ(rule_of(v.ledger.append(made, v.now)), "SIG-2");
}

TEST(Signatures, ByAKeyThatNobodyMadeKnownAreRefused) {
  FoundedVillage v;
  EXPECT_EQ(rule_of(v.append(v.record("a"), {&v.guardian1, &v.guardian2, &v.stranger})), "SIG-3");
}

}  // namespace
}  // namespace holdfast::testing
