// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/verifier/rows.h"

#include <algorithm>

#include "ledger/crypto/sha256.h"
#include "ledger/merkle/hash.h"
#include "ledger/model/codec.h"

namespace holdfast::testing {
namespace {

template <typename Change>
void rewrite(LogRow& row, const Change& change) {
  auto entry = model::decode_entry(row.entry);
  CHECK(entry.has_value());
  change(*entry);
  row.entry = model::encode_entry(*entry);
}

}  // namespace

LogRow row_of(const SimpleLedger::Item& item) {
  return {item.entry_bytes, item.signed_statement, rules::encode_change_pairs(item.changes),
          item.opening ? model::encode_opening(*item.opening) : Bytes()};
}

std::vector<LogRow> rows_of(const SimpleLedger& ledger) {
  std::vector<LogRow> out;
  for (const SimpleLedger::Item& item : ledger.items()) out.push_back(row_of(item));
  return out;
}

rules::ChangePair some_pair(const std::string& name) {
  return {StateKey::from(crypto::sha256(as_bytes("key " + name))),
          ValueHash::from(crypto::sha256(as_bytes("value " + name)))};
}

std::vector<rules::ChangePair> sorted(std::vector<rules::ChangePair> pairs) {
  std::sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  return pairs;
}

void set_kind(LogRow& row, model::Kind kind) {
  rewrite(row, [&](model::Entry& entry) { entry.kind = kind; });
}

void set_pairs(LogRow& row, const std::vector<rules::ChangePair>& pairs) {
  row.pairs.clear();
  for (const rules::ChangePair& pair : pairs) {
    append(row.pairs, pair.key);
    append(row.pairs, pair.value);
  }
  rewrite(row, [&](model::Entry& entry) { entry.changes = rules::changes_root(pairs); });
}

void link(std::vector<LogRow>& rows, std::size_t first) {
  for (std::size_t i = first; i < rows.size(); ++i)
    rewrite(rows[i],
            [&](model::Entry& entry) { entry.previous = merkle::leaf_hash(rows[i - 1].entry); });
}

}  // namespace holdfast::testing
