// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/merkle/compact_range.h"
#include "tests/verifier/small_village.h"
#include "verifier/replayed_state.h"

namespace holdfast::testing {

// A fictional village with as many records as wanted, made at the speed of the real parts: for logs
// of more than one bundle, and for measuring.
class LargeVillage {
 public:
  explicit LargeVillage(std::uint32_t rules = 1);

  // Appends `count` records, signed as one batch by two guardians (or each alone), then a seal.
  void add_records(std::size_t count, bool one_by_one = false);
  // Appends a statement without asking the rules, with these pairs as its changes.
  void force(const model::Statement& statement, const Keys& keys,
             const std::vector<rules::ChangePair>& pairs);
  // The same with the signatures that it has.
  void force_signed(const model::SignedStatement& statement,
                    const std::vector<rules::ChangePair>& pairs);
  // Appends it by the rules. CHECKs that they admit it.
  void admit(const model::SignedStatement& statement);
  void seal();

  model::Statement statement(model::Body body);
  const std::vector<LogRow>& rows() const { return rows_; }
  Files files() const;
  verifier::Trust trust() const { return {village.village, std::nullopt}; }
  const std::vector<StatementId>& records() const { return records_; }

  FoundedVillage village;

 private:
  void append(Bytes signed_statement, model::Kind kind, const ChangesRoot& changes, Bytes pairs);
  model::Entry entry_at_end(model::Kind kind, ByteView signed_statement) const;

  std::vector<LogRow> rows_;
  std::vector<StatementId> records_;
  verifier::ReplayedState state_;
  merkle::CompactRange tree_;
  model::Basis basis_;
  std::uint64_t salt_ = 0;
};

}  // namespace holdfast::testing
