// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/vectors/history.h"

#include "ledger/merkle/hash.h"

namespace holdfast::vectors {

Json answer(const SimpleLedger& ledger, const Result<LeafIndex>& result) {
  if (!result) return refusal(result.error());
  const auto& item = ledger.items().back();
  return accept({{"index", result->value},
                 {"leaf", merkle::leaf_hash(item.entry_bytes).hex()},
                 {"pairs", hex(rules::encode_change_pairs(item.changes))},
                 {"stateRoot", ledger.state_root()->hex()}});
}

Chronicle::Chronicle(FoundedVillage& village) : village_(village), founded_at_(village.now) {
  for (const auto& item : village.ledger.items()) founding_.push_back(hex(item.signed_statement));
}

Json Chronicle::take(std::string_view name) {
  Json steps = std::move(steps_);
  Json expect = std::move(expect_);
  return vector(name, {{"founding", founding_}, {"foundedAt", founded_at_}, {"steps", steps}},
                {{"steps", expect}});
}

void Chronicle::step(std::string_view what, const model::SignedStatement& statement,
                     std::string_view rule, std::string_view code,
                     const std::optional<model::Opening>& opening) {
  const Bytes bytes = model::encode_signed_statement(statement);
  steps_.push_back({{"what", what}, {"time", village_.now}, {"signedStatement", hex(bytes)}});
  if (opening) steps_.back()["opening"] = hex(model::encode_opening(*opening));
  const auto result = village_.ledger.append(statement, village_.now, opening);
  if (rule.empty()) {
    if (!result) check_failed(__FILE__, __LINE__, std::string(what) + describe(result.error()));
    expect_.push_back(answer(village_.ledger, result));
  } else {
    expect_.push_back(refuse(code, rule));
  }
}

StatementId Chronicle::ok(std::string_view what, model::Body body, const Keys& keys) {
  const auto statement = testing::sign(village_.statement(std::move(body)), keys);
  step(what, statement, "", "");
  return model::statement_id(statement.statement);
}

void Chronicle::no(std::string_view what, std::string_view rule, std::string_view code,
                   model::Body body, const Keys& keys) {
  step(what, testing::sign(village_.statement(std::move(body)), keys), rule, code);
}

void Chronicle::no(std::string_view what, std::string_view rule, std::string_view code,
                   const model::Statement& statement, const Keys& keys) {
  step(what, testing::sign(statement, keys), rule, code);
}

void Chronicle::seal() {
  ok("seal", model::Seal{village_.ledger.size(), *village_.ledger.state_root()},
     {&village_.operator_key});
}

}  // namespace holdfast::vectors
