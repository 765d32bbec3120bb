// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>

#include "tests/rules/simple_ledger.h"

namespace holdfast::testing {

// The simple ledger with its trees kept, so that a root costs a few hashes and not all of them; and
// without checking signatures, which who fills it has just made. For histories too long to compute
// everything anew.
class QuickLedger : public SimpleLedger {
 public:
  // From now on each item goes to `to` when it is appended, and all but the first, the last and
  // the turns keep only their entries here: for histories that are larger than memory.
  void hand_on(std::function<void(const Item&)> to) { to_ = std::move(to); }
  bool hands_on() const { return to_ != nullptr; }

  // RFC 6962 PATH(index, D[size]) and PROOF(from, D[size]) of the log as it is.
  std::vector<NodeHash> audit_path(LeafIndex index) const;
  std::vector<NodeHash> consistency_from(TreeSize from) const;

  // Of entries that changed the village or its council, besides the first.
  const std::vector<LeafIndex>& turns() const { return turns_; }

  Root root_of_first(TreeSize size) const override;
  Result<StateRoot> state_root() const override;
  merkle::PrefixProof prove(model::StateClass state_class, ByteView id) const override;

 private:
  bool checks_signatures() const override { return false; }
  void appended(const Item& item) override;
  void pass(const Item& item);

  // A span of leaves [first, first + size).
  struct Range {
    std::uint64_t first;
    std::uint64_t size;
  };
  NodeHash hash_of(Range range) const;
  void add_path(std::uint64_t index, Range range, std::vector<NodeHash>& out) const;
  void add_proof(std::uint64_t size, Range range, bool whole, std::vector<NodeHash>& out) const;

  std::function<void(const Item&)> to_;
  // levels_[k][i] is the hash over the 2^k leaves from i * 2^k on.
  std::vector<std::vector<NodeHash>> levels_;
  mutable merkle::PrefixTree state_;
  std::vector<LeafIndex> turns_;
};

}  // namespace holdfast::testing
