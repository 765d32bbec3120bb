// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "ledger/merkle/prefix_tree.h"
#include "ledger/model/codec.h"
#include "ledger/rules/apply.h"
#include "ledger/rules/signatures.h"

namespace holdfast::testing {

// The simplest thing that could be the ledger: vectors and a map, every root computed anew from all
// there is. For tests of the rules and as the model that real parts are compared with.
class SimpleLedger : public rules::StateView {
 public:
  struct Item {
    model::Entry entry;
    Bytes entry_bytes;
    Bytes signed_statement;
    std::vector<rules::SubjectChange> changes;
    std::optional<model::Opening> opening;
  };

  // Checks signatures and rules, then appends. Nothing changes where it refuses.
  virtual Result<LeafIndex> append(const model::SignedStatement& statement, Seconds time,
                                   std::optional<model::Opening> opening = std::nullopt);

  const std::vector<Item>& items() const { return items_; }
  TreeSize size() const { return {items_.size()}; }
  Root root() const;
  virtual Root root_of_first(TreeSize size) const;
  // The last sealed size with its root; zeros where there is none.
  model::Basis basis() const;
  virtual merkle::PrefixProof prove(model::StateClass state_class, ByteView id) const;
  // The state of a subject that the test knows to be there.
  template <typename D>
  std::pair<model::StateValue, D> get(ByteView id) const {
    const auto subject = find(D::kClass, id);
    CHECK(subject && subject->has_value());
    auto detail = model::decode_own_detail<D>((*subject)->detail);
    CHECK(detail.has_value());
    return {(*subject)->value, *std::move(detail)};
  }

  Result<std::optional<rules::SubjectView>> find(model::StateClass state_class,
                                                 ByteView id) const override;
  Result<std::optional<Root>> root_at(TreeSize size) const override;
  Result<StateRoot> state_root() const override;
  std::optional<rules::Last> last() const override;

 protected:
  // For those who know a faster way: whether signatures are to be checked, and what was appended.
  virtual bool checks_signatures() const { return true; }
  virtual void appended(const Item&) {}
  // Leaves nothing of an item but its entry: for who knows that nobody asks for the rest again.
  void forget(LeafIndex index);

 private:
  merkle::PrefixTree tree() const;

  std::vector<Item> items_;
  std::map<StateKey, std::pair<ValueHash, rules::Subject>> subjects_;
  rules::KeyBook keys_;
};

}  // namespace holdfast::testing
