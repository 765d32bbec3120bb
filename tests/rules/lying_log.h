// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>

#include "ledger/model/evidence.h"
#include "tests/rules/founded_village.h"

namespace holdfast::testing {

// A village's log as it goes on under an operator who sequences, seals and signs whatever he likes:
// nothing is judged. Starts as the honest one.
class LyingLog {
 public:
  explicit LyingLog(FoundedVillage& village);

  // An entry of that statement, whatever it is.
  LeafIndex sequence(const model::SignedStatement& statement);
  LeafIndex sequence(model::Body body, const Keys& keys);
  // A leaf of those bytes, and what it commits to, if anything.
  LeafIndex put(Bytes leaf, Bytes signed_statement = {});
  // A seal of the state as it is told, by the key.
  LeafIndex seal(const crypto::SigningKey& by);
  LeafIndex seal() { return seal(village_.operator_key); }

  // What the state says of a subject from here on.
  void tell(model::StateClass state_class, ByteView id, model::Status status);

  TreeSize size() const { return {leaves_.size()}; }
  Root root() const { return root_of_first(size()); }
  Root root_of_first(TreeSize size) const;
  model::Entry entry(LeafIndex index) const;
  const Bytes& leaf(LeafIndex index) const { return leaves_[index.value]; }
  const Bytes& statement(LeafIndex index) const { return statements_[index.value]; }

  std::string checkpoint(const crypto::SigningKey& by) const { return checkpoint(by, size()); }
  std::string checkpoint() const { return checkpoint(village_.operator_key); }
  std::string checkpoint(const crypto::SigningKey& by, TreeSize size) const;
  std::vector<NodeHash> path(LeafIndex index) const;  // under the whole log
  model::ProvenEntry proven(LeafIndex index) const;
  std::vector<NodeHash> consistency(TreeSize from) const;
  // Under the state as it is told now.
  model::ProvenValue value(model::StateClass state_class, ByteView id) const;

 private:
  StateRoot state_root() const;
  merkle::PrefixTree tree() const;
  model::Entry next_entry(model::Kind kind, ByteView signed_statement) const;

  FoundedVillage& village_;
  std::vector<Bytes> leaves_;
  std::vector<Bytes> statements_;
  std::map<StateKey, model::StateValue> state_;
};

// A checkpoint of whatever root.
std::string signed_checkpoint(const std::string& origin, TreeSize size, const Root& root,
                              const crypto::SigningKey& by);

// A council's event for a new operator from the last seal on, signed by both.
model::SignedStatement operator_event(FoundedVillage& village, const crypto::SigningKey& key);
model::SignedStatement operator_event(FoundedVillage& village, const crypto::SigningKey& key,
                                      std::uint64_t expected, const model::Basis& from,
                                      const Keys& council);

}  // namespace holdfast::testing
