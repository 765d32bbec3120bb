// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/rules/lying_log.h"

#include "ledger/merkle/hash.h"
#include "ledger/merkle/prefix_proof.h"
#include "ledger/model/note.h"
#include "tests/reference/log_tree.h"

namespace holdfast::testing {

LyingLog::LyingLog(FoundedVillage& village) : village_(village) {
  for (const auto& item : village.ledger.items()) {
    leaves_.push_back(item.entry_bytes);
    statements_.push_back(item.signed_statement);
    for (const auto& change : item.changes) state_[change.key] = change.value;
  }
}

model::Entry LyingLog::next_entry(model::Kind kind, ByteView signed_statement) const {
  model::Entry entry;
  entry.index = LeafIndex{leaves_.size()};
  entry.time = village_.now;
  entry.kind = kind;
  if (!leaves_.empty()) entry.previous = merkle::leaf_hash(leaves_.back());
  entry.statement = model::statement_hash(signed_statement);
  entry.changes = rules::changes_root(std::span<const rules::SubjectChange>());
  return entry;
}

LeafIndex LyingLog::put(Bytes leaf, Bytes signed_statement) {
  leaves_.push_back(std::move(leaf));
  statements_.push_back(std::move(signed_statement));
  return {leaves_.size() - 1};
}

LeafIndex LyingLog::sequence(const model::SignedStatement& statement) {
  Bytes bytes = model::encode_signed_statement(statement);
  const auto decoded = model::decode_statement(statement.statement);
  CHECK(decoded.has_value());
  Bytes leaf = model::encode_entry(next_entry(decoded->kind(), bytes));
  return put(std::move(leaf), std::move(bytes));
}

LeafIndex LyingLog::sequence(model::Body body, const Keys& keys) {
  return sequence(sign(village_.statement(std::move(body)), keys));
}

LeafIndex LyingLog::seal(const crypto::SigningKey& by) {
  return sequence(model::Seal{size(), state_root()}, {&by});
}

void LyingLog::tell(model::StateClass state_class, ByteView id, model::Status status) {
  auto& value = state_[model::state_key(state_class, id)];
  value.state_class = state_class;
  value.status = status;
  value.version += 1;
}

Root LyingLog::root_of_first(TreeSize size) const {
  return reference::tree_hash(std::span(leaves_).first(size.value));
}

model::Entry LyingLog::entry(LeafIndex index) const {
  auto entry = model::decode_entry(leaf(index));
  CHECK(entry.has_value());
  return *entry;
}

std::string signed_checkpoint(const std::string& origin, TreeSize size, const Root& root,
                              const crypto::SigningKey& by) {
  model::Note note{model::format_checkpoint({origin, size, root, {}}), {}};
  note.signatures.push_back(model::sign_note(note.text, origin, by));
  return model::format_note(note);
}

std::string LyingLog::checkpoint(const crypto::SigningKey& by, TreeSize size) const {
  return signed_checkpoint(village_.setting.origin, size, root_of_first(size), by);
}

std::vector<NodeHash> LyingLog::path(LeafIndex index) const {
  return reference::audit_path(index.value, leaves_);
}

model::ProvenEntry LyingLog::proven(LeafIndex index) const {
  return {leaf(index), statement(index), path(index)};
}

std::vector<NodeHash> LyingLog::consistency(TreeSize from) const {
  return reference::consistency_proof(from.value, leaves_);
}

merkle::PrefixTree LyingLog::tree() const {
  merkle::PrefixTree out;
  for (const auto& [key, value] : state_) out.set({key, model::value_hash(value), 0});
  return out;
}

StateRoot LyingLog::state_root() const { return tree().root(); }

model::ProvenValue LyingLog::value(model::StateClass state_class, ByteView id) const {
  const StateKey key = model::state_key(state_class, id);
  const auto found = state_.find(key);
  CHECK(found != state_.end());
  return {model::encode_state_value(found->second), merkle::encode_prefix_proof(tree().prove(key))};
}

model::SignedStatement operator_event(FoundedVillage& village, const crypto::SigningKey& key,
                                      std::uint64_t expected, const model::Basis& from,
                                      const Keys& council) {
  Keys signers = council;
  signers.push_back(&key);
  return sign(
      village.statement(model::KeyEvent{expected, model::OperatorChange{key.public_key(), from}}),
      signers);
}

model::SignedStatement operator_event(FoundedVillage& village, const crypto::SigningKey& key) {
  return operator_event(village, key,
                        village.ledger.get<model::VillageDetail>(village.village).first.version,
                        village.ledger.basis(), {&village.council1, &village.council2});
}

}  // namespace holdfast::testing
