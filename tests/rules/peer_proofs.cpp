// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/rules/peer_proofs.h"

#include <algorithm>

#include "ledger/merkle/prefix_proof.h"
#include "ledger/model/note.h"
#include "tests/reference/log_tree.h"

namespace holdfast::testing {
namespace {

std::vector<Bytes> entries_of(const FoundedVillage& village) {
  std::vector<Bytes> out;
  for (const auto& item : village.ledger.items()) out.push_back(item.entry_bytes);
  return out;
}

bool changes_who_signs(const SimpleLedger::Item& item) {
  return std::any_of(item.changes.begin(), item.changes.end(), [](const auto& change) {
    const auto state_class = change.value.state_class;
    return state_class == model::StateClass::kVillage;
  });
}

bool changes_council(const FoundedVillage& village, const SimpleLedger::Item& item) {
  const StateKey council = model::state_key(model::StateClass::kAuthority, village.village);
  return std::any_of(item.changes.begin(), item.changes.end(),
                     [&](const auto& change) { return change.key == council; });
}

}  // namespace

std::string checkpoint_of(const FoundedVillage& village) {
  const SimpleLedger& ledger = village.ledger;
  CHECK(ledger.basis().size == ledger.size());
  model::Note note{
      model::format_checkpoint({village.setting.origin, ledger.size(), ledger.root(), {}}), {}};
  note.signatures.push_back(
      model::sign_note(note.text, village.setting.origin, village.operator_key));
  return model::format_note(note);
}

model::ProvenEntry proven_entry(const FoundedVillage& village, LeafIndex index) {
  const auto& item = village.ledger.items()[index.value];
  return {item.entry_bytes, item.signed_statement,
          reference::audit_path(index.value, entries_of(village))};
}

model::PeerState peer_state(const FoundedVillage& village, std::vector<SubjectId> subjects,
                            LeafIndex known) {
  subjects.emplace_back(model::StateClass::kVillage, village.village);
  std::sort(subjects.begin(), subjects.end(), [](const SubjectId& a, const SubjectId& b) {
    return std::tie(a.state_class, a.id) < std::tie(b.state_class, b.id);
  });
  model::PeerState out;
  out.checkpoint = checkpoint_of(village);
  const auto& items = village.ledger.items();
  for (std::uint64_t i = known.value + 1; i < items.size(); ++i)
    if (changes_who_signs(items[i]) || changes_council(village, items[i]))
      out.history.push_back(proven_entry(village, {i}));
  out.seal = proven_entry(village, {items.size() - 1});
  for (const SubjectId& subject : subjects) {
    const auto found = village.ledger.find(subject.state_class, subject.id);
    CHECK(found && found->has_value());
    out.subjects.push_back(
        {static_cast<std::uint16_t>(subject.state_class), subject.id,
         model::encode_state_value((*found)->value), (*found)->owned().detail,
         merkle::encode_prefix_proof(village.ledger.prove(subject.state_class, subject.id))});
  }
  return out;
}

std::vector<NodeHash> consistency_of(const FoundedVillage& village, TreeSize from) {
  if (from.value == 0 || from == village.ledger.size()) return {};
  return reference::consistency_proof(from.value, entries_of(village));
}

}  // namespace holdfast::testing
