// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/verifier/large_village.h"

#include <algorithm>

#include "ledger/merkle/hash.h"

namespace holdfast::testing {
namespace {

model::SignedStatement sign_two(Bytes statement, const model::StatementSignature& a,
                                const model::StatementSignature& b) {
  model::SignedStatement out{std::move(statement), {a, b}};
  if (b.key_id < a.key_id) std::swap(out.signatures[0], out.signatures[1]);
  return out;
}

}  // namespace

LargeVillage::LargeVillage(std::uint32_t rules) : village({.rules = rules}) {
  for (const SimpleLedger::Item& item : village.ledger.items()) {
    const auto signed_statement = model::decode_signed_statement(item.signed_statement);
    CHECK(signed_statement.has_value());
    admit(*signed_statement);
  }
}

model::Statement LargeVillage::statement(model::Body body) {
  model::Statement out = village.statement(std::move(body));
  out.basis = basis_;
  const auto salt = u64be(++salt_);
  std::copy(salt.begin(), salt.end(), out.salt.begin() + 8);
  return out;
}

model::Entry LargeVillage::entry_at_end(model::Kind kind, ByteView signed_statement) const {
  model::Entry entry;
  const auto last = state_.last();
  entry.index = LeafIndex{rows_.size()};
  entry.time = village.now;
  entry.kind = kind;
  if (last) entry.previous = last->leaf;
  entry.statement = model::statement_hash(signed_statement);
  return entry;
}

void LargeVillage::append(Bytes signed_statement, model::Kind kind, const ChangesRoot& changes,
                          Bytes pairs) {
  model::Entry entry = entry_at_end(kind, signed_statement);
  entry.changes = changes;
  LogRow row{model::encode_entry(entry), std::move(signed_statement), std::move(pairs)};
  const LeafHash leaf = merkle::leaf_hash(row.entry);
  tree_.append(leaf);
  state_.advance({entry.index, entry.time, leaf});
  rows_.push_back(std::move(row));
  if (kind != model::Kind::kSeal) return;
  basis_ = {tree_.size(), tree_.root()};
  state_.add_seal(basis_.size, basis_.root);
}

void LargeVillage::admit(const model::SignedStatement& statement) {
  auto decoded = model::decode_statement(statement.statement);
  CHECK(decoded.has_value());
  const model::Kind kind = decoded->kind();
  Bytes bytes = model::encode_signed_statement(statement);
  const auto changes = rules::apply(state_, entry_at_end(kind, bytes),
                                    rules::authored(statement, *std::move(decoded)));
  if (!changes) check_failed(__FILE__, __LINE__, describe(changes.error()));
  state_.set(*changes);
  append(std::move(bytes), kind, rules::changes_root(*changes),
         rules::encode_change_pairs(*changes));
}

void LargeVillage::force(const model::Statement& statement, const Keys& keys,
                         const std::vector<rules::ChangePair>& pairs) {
  force_signed(sign(statement, keys), pairs);
}

void LargeVillage::force_signed(const model::SignedStatement& statement,
                                const std::vector<rules::ChangePair>& pairs) {
  const auto decoded = model::decode_statement(statement.statement);
  CHECK(decoded.has_value());
  Bytes encoded;
  for (const rules::ChangePair& pair : pairs) {
    holdfast::append(encoded, pair.key);
    holdfast::append(encoded, pair.value);
  }
  state_.set_unknown(pairs);
  append(model::encode_signed_statement(statement), decoded->kind(), rules::changes_root(pairs),
         std::move(encoded));
}

void LargeVillage::seal() {
  admit(sign(statement(model::Seal{tree_.size(), *state_.state_root()}), {&village.operator_key}));
}

void LargeVillage::add_records(std::size_t count, bool one_by_one) {
  std::vector<Bytes> statements;
  std::vector<StatementId> ids;
  for (std::size_t i = 0; i < count; ++i) {
    const model::Record record = village.record("catch " + std::to_string(records_.size() + i));
    statements.push_back(model::encode_statement(statement(record)));
    ids.push_back(model::statement_id(statements.back()));
  }
  std::vector<model::StatementSignature> first;
  std::vector<model::StatementSignature> second;
  const std::size_t step = one_by_one ? 1 : count;
  for (std::size_t i = 0; i < count; i += step) {
    const auto batch = std::span(ids).subspan(i, step);
    for (auto& signature : model::sign_batch(batch, village.guardian1)) first.push_back(signature);
    for (auto& signature : model::sign_batch(batch, village.guardian2)) second.push_back(signature);
  }
  for (std::size_t i = 0; i < count; ++i)
    admit(sign_two(std::move(statements[i]), first[i], second[i]));
  records_.insert(records_.end(), ids.begin(), ids.end());
  seal();
}

Files LargeVillage::files() const {
  return export_files(rows_, SmallVillage::kOrigin, village.operator_key);
}

}  // namespace holdfast::testing
