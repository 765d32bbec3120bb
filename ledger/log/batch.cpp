// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/batch.h"

#include "ledger/merkle/hash.h"
#include "ledger/model/codec.h"
#include "ledger/model/note.h"

namespace holdfast::log {
namespace {

constexpr std::size_t kFetchedAhead = 8;

}  // namespace

Batch::Batch(LedgerState& state, const store::LedgerSnapshot* snapshot,
             const crypto::SigningKey* operator_key, Seconds time)
    : state_(state),
      snapshot_(snapshot),
      operator_key_(operator_key),
      time_(state.head.size.value == 0 ? time : std::max(time, state.head.time)),
      overlay_(state, snapshot) {}

Result<std::optional<Position>> Batch::known(const Prepared& prepared) const {
  TRY_ASSIGN(const auto index, overlay_.index_of(prepared.id(), prepared.authored.statement));
  if (!index) return std::optional<Position>();
  if (index->in(state_.head.size)) {
    TRY_ASSIGN(const ByteView entry, snapshot_->entry(*index));
    return std::optional(Position{*index, merkle::leaf_hash(entry), true});
  }
  const Sequenced& here = overlay_.entries()[index->value - state_.head.size.value];
  return std::optional(Position{*index, here.leaf, true});
}

Result<std::optional<std::vector<Position>>> Batch::all_known(const Submission& submission) const {
  std::vector<Position> positions;
  for (const Prepared& prepared : submission.statements) {
    if (!prepared.decoded) return *prepared.refusal;
    TRY_ASSIGN(const auto position, known(prepared));
    if (!position) return std::optional<std::vector<Position>>();
    positions.push_back(*position);
  }
  return std::optional(std::move(positions));
}

// What follows this entry is sealed by our key under rules that we know; else nothing could be.
Result<void> Batch::check_can_seal(const Sequenced& entry) const {
  for (const rules::SubjectChange& change : entry.changes) {
    if (change.value.state_class != model::StateClass::kVillage) continue;
    TRY_ASSIGN(const auto detail, model::decode_own_detail<model::VillageDetail>(change.detail));
    if (operator_key_ != nullptr && detail.operator_key != operator_key_->public_key())
      return Error{Code::kInvalid, "", "the operator's key after this event",
                   crypto::format_public_key(detail.operator_key),
                   crypto::format_public_key(operator_key_->public_key()) +
                       ", the key at hand: open the village with the new key and submit it there"};
    if (detail.rules > rules::kRulesVersion)
      return Error{Code::kUnknownVersion, "RULES-1", "the village's rules after this upgrade",
                   std::to_string(detail.rules),
                   "1 to " + std::to_string(rules::kRulesVersion) +
                       ", which this program knows: submit it with a newer one"};
  }
  return {};
}

Result<void> Batch::append(const rules::Authored& authored, const StatementHash& statement) {
  const auto last = overlay_.last();
  Sequenced next;
  next.id = authored.id;
  next.in_ids = !class_by_own_id(authored.statement).has_value();
  next.entry.index = {last ? last->index.value + 1 : 0};
  next.entry.time = time_;
  next.entry.kind = authored.statement.kind();
  next.entry.previous = last ? last->leaf : LeafHash{};
  next.entry.statement = statement;
  TRY_ASSIGN(next.changes, rules::apply(overlay_, next.entry, authored));
  TRY(check_can_seal(next));
  next.entry.changes = rules::changes_root(next.changes);
  next.change_pairs = rules::encode_change_pairs(next.changes);
  next.bytes = model::encode_entry(next.entry);
  next.leaf = merkle::leaf_hash(next.bytes);
  overlay_.add(std::move(next));
  return {};
}

Result<Position> Batch::add_one(const Prepared& prepared) {
  if (!prepared.decoded) return *prepared.refusal;
  TRY_ASSIGN(const auto already, known(prepared));
  if (already) return *already;
  if (prepared.refusal) return *prepared.refusal;
  if (prepared.kind() == model::Kind::kSeal)
    return Error{Code::kInvalid, "", "a submitted seal", "seal",
                 "any other kind: the sequencer appends the seals itself"};
  TRY(append(prepared.authored, prepared.statement_hash));
  prepared_.push_back(&prepared);
  const auto introduced = rules::introduced_keys(prepared.authored.statement);
  if (!introduced.empty() && !more_keys_)
    more_keys_ = std::make_shared<rules::KeyBook>(*state_.keys);
  for (const model::PublicKey& key : introduced) more_keys_->add(key);
  const Sequenced& entry = overlay_.entries().back();
  return Position{entry.entry.index, entry.leaf, false};
}

// A statement may have been looked at before the one that makes its key known was sequenced.
void Batch::recheck(Prepared& prepared, Submission& submission) const {
  if (!prepared.unknown_key || (!more_keys_ && submission.keys == state_.keys)) return;
  recheck_signatures(prepared, more_keys_ ? *more_keys_ : *state_.keys, submission.verified);
}

Result<std::vector<Position>> Batch::add(Submission& submission) {
  const std::size_t before = prepared_.size();
  std::vector<Position> positions;
  positions.reserve(submission.statements.size());
  overlay_.reserve(submission.statements.size());
  for (std::size_t i = 0; i < submission.statements.size(); ++i) {
    if (i % kFetchedAhead == 0) fetch_ahead(submission, i);
    recheck(submission.statements[i], submission);
    auto position = add_one(submission.statements[i]);
    if (!position) {
      overlay_.shrink_to(before);
      prepared_.resize(before);
      return of_statement(std::move(position).error(), i, submission.statements.size());
    }
    positions.push_back(*position);
  }
  return positions;
}

// Asks for the memory that a look at the state will need, for the statements from `first` on: the
// paths through a large tree are in no cache, and walked in turns they are waited for together.
void Batch::fetch_ahead(const Submission& submission, std::size_t first) const {
  std::array<StateKey, kFetchedAhead> keys;
  std::size_t count = 0;
  const std::size_t end = std::min(submission.statements.size(), first + kFetchedAhead);
  for (std::size_t i = first; i < end; ++i) {
    const Prepared& prepared = submission.statements[i];
    if (!prepared.decoded) continue;
    if (const auto made = class_by_own_id(prepared.authored.statement))
      keys[count++] = model::state_key(*made, prepared.id());
  }
  state_.tree.prefetch(std::span(keys).first(count));
}

// Numbers the subjects that are new, sets all in the state tree, and keeps the last word on each.
void Batch::place_subjects() {
  const auto rows_before = static_cast<store::RowNumber>(state_.tree.size());
  std::unordered_map<store::RowNumber, const rules::SubjectChange*> changed;
  std::vector<const rules::SubjectChange*> fresh;
  std::vector<merkle::PrefixSet> pending;
  const auto settle = [&] {
    state_.tree.set_batch(pending);
    pending.clear();
  };
  for (const Sequenced& entry : overlay_.entries()) {
    for (const rules::SubjectChange& change : entry.changes) {
      // A subject's first appearance says so itself.
      const bool is_new = change.value.first_index == entry.entry.index;
      if (!is_new) settle();
      const auto row = is_new ? static_cast<store::RowNumber>(rows_before + fresh.size())
                              : state_.tree.find(change.key).value().row;
      pending.push_back({change.key, change.value_hash, row});
      if (row < rows_before)
        changed[row] = &change;
      else if (row - rows_before < fresh.size())
        fresh[row - rows_before] = &change;
      else
        fresh.push_back(&change);
    }
  }
  settle();
  CHECK(state_.tree.size() == rows_before + fresh.size());
  const auto add = [this](store::RowNumber row, const rules::SubjectChange& change) {
    ledger_.subjects.push_back({row, {change.key, change.value_hash, change.value, change.detail}});
  };
  for (const auto& [row, change] : changed) add(row, *change);
  for (std::size_t i = 0; i < fresh.size(); ++i)
    add(rows_before + static_cast<store::RowNumber>(i), *fresh[i]);
  ledger_.subjects_before = rows_before;
}

Result<void> Batch::append_seal(crypto::Random& random) {
  model::Statement seal;
  seal.visibility = model::Visibility::kOpen;
  seal.issued_at = time_;
  seal.sequence_by = time_;
  if (state_.head.size.value > 0) seal.basis = {state_.head.size, state_.head.root};
  seal.village = state_.village;
  random.fill(seal.salt);
  TRY_ASSIGN(const StateRoot state_root, overlay_.state_root());
  seal.body = model::Seal{{overlay_.last()->index.value + 1}, state_root};

  model::SignedStatement signed_statement{model::encode_statement(seal), {}};
  const StatementId id = model::statement_id(signed_statement.statement);
  signed_statement.signatures = model::sign_batch({&id, 1}, *operator_key_);
  signed_seal_ = model::encode_signed_statement(signed_statement);
  return append(rules::authored(signed_statement, std::move(seal)),
                model::statement_hash(signed_seal_));
}

void Batch::grow_log_tree() {
  for (const Sequenced& entry : overlay_.entries())
    state_.edge.append(entry.leaf, [this](std::uint8_t level, std::uint64_t index,
                                          const merkle::TileBlock& block) {
      const ByteView bytes = block.bytes();
      ledger_.tiles.push_back({level, index, Bytes(bytes.begin(), bytes.end())});
    });
}

void Batch::move_head() {
  store::StoredHead& head = state_.head;
  head.size = state_.edge.size();
  head.root = state_.edge.root();
  head.time = time_;
  head.subjects = state_.tree.size();
  state_.last_leaf = overlay_.entries().back().leaf;
}

std::string Batch::signed_checkpoint() const {
  const store::StoredHead& head = state_.head;
  model::Note note;
  note.text = model::format_checkpoint({state_.origin, head.size, head.root, {}});
  note.signatures.push_back(model::sign_note(note.text, state_.origin, *operator_key_));
  return model::format_note(note);
}

void Batch::collect_rows() {
  const auto& entries = overlay_.entries();
  ledger_.rows.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Sequenced& entry = entries[i];
    const bool is_seal = i == prepared_.size();
    const Prepared* prepared = is_seal ? nullptr : prepared_[i];
    store::LedgerBatch::Row& row = ledger_.rows.emplace_back();
    row.entry = entry.bytes;
    row.signed_statement = is_seal ? signed_seal_ : prepared->signed_statement;
    row.change_pairs = entry.change_pairs;
    if (!is_seal) {
      row.imports = prepared->imports;
      row.opening = prepared->opening;
      row.envelopes = prepared->envelopes;
      row.answered = prepared->answered;
    }
    if (entry.in_ids) ledger_.ids.emplace_back(entry.id, entry.entry.index);
    for (const rules::SubjectChange& change : entry.changes)
      if (change.value.state_class == model::StateClass::kRecord &&
          change.value.status == model::Status::kErased)
        ledger_.erasing.push_back(change.value.first_index);
  }
}

std::vector<store::ContentStore::Box> Batch::boxes() const {
  std::vector<store::ContentStore::Box> boxes;
  for (std::size_t i = 0; i < prepared_.size(); ++i)
    if (prepared_[i]->content_key)
      boxes.push_back({overlay_.entries()[i].entry.index, prepared_[i]->box});
  return boxes;
}

std::vector<store::SlotFile::Key> Batch::keys() const {
  std::vector<store::SlotFile::Key> keys;
  for (std::size_t i = 0; i < prepared_.size(); ++i)
    if (prepared_[i]->content_key)
      keys.push_back({overlay_.entries()[i].entry.index, prepared_[i]->content_key->bytes});
  return keys;
}

std::uint64_t Batch::bytes_max() const {
  constexpr std::uint64_t kPerEntry = 4096;
  std::uint64_t bytes = kBytesMin;
  for (const Prepared* prepared : prepared_)
    bytes += kPerEntry + 2 * (prepared->signed_statement.size() + prepared->box.size() +
                              prepared->imports.size() + prepared->envelopes.size() +
                              prepared->answered.size());
  return bytes;
}

// What a seal says of the state, and where the subjects stand.
void Batch::hash_state(unsigned jobs) {
  if (state_.head.size.value == 0) {
    const auto& genesis = prepared_.front()->authored;
    state_.village = genesis.id;
    state_.origin = std::get<model::Genesis>(genesis.statement.body).origin;
  }
  ledger_.village = state_.village;
  ledger_.size_before = state_.head.size;
  place_subjects();
  state_.head.state_root = state_.tree.root(jobs);
  overlay_.set_state_root(state_.head.state_root);
}

Result<void> Batch::seal(crypto::Random& random, unsigned jobs) {
  CHECK(operator_key_ != nullptr);
  hash_state(jobs);
  TRY(append_seal(random));
  grow_log_tree();
  move_head();
  state_.head.checkpoint = signed_checkpoint();
  collect_rows();
  ledger_.head = state_.head;
  return {};
}

Result<void> Batch::put_back(const Prepared& prepared, ByteView entry) {
  TRY_ASSIGN(const model::Entry wanted, model::decode_entry(entry));
  time_ = wanted.time;
  TRY(append(prepared.authored, prepared.statement_hash));
  prepared_.push_back(&prepared);
  const Sequenced& made = overlay_.entries().back();
  if (equal(made.bytes, entry)) return {};
  return Error{Code::kInvalid, "", "entry " + std::to_string(made.entry.index.value),
               format_hex(made.bytes), format_hex(entry) + ", which the other copy has"};
}

Result<void> Batch::put_back_seal(const Prepared& seal, ByteView entry, std::string checkpoint,
                                  unsigned jobs) {
  hash_state(jobs);
  TRY(put_back(seal, entry));
  grow_log_tree();
  move_head();
  state_.head.checkpoint = std::move(checkpoint);
  collect_rows();
  ledger_.head = state_.head;
  return {};
}

Result<void> Batch::settle() {
  if (more_keys_) state_.keys = std::move(more_keys_);
  for (const Sequenced& entry : overlay_.entries())
    for (const rules::SubjectChange& change : entry.changes) {
      if (change.value.state_class != model::StateClass::kVillage) continue;
      TRY_ASSIGN(state_.detail, model::decode_own_detail<model::VillageDetail>(change.detail));
    }
  return {};
}

std::vector<ByteView> Batch::signed_statements() const {
  std::vector<ByteView> all;
  for (const Prepared* prepared : prepared_) all.emplace_back(prepared->signed_statement);
  all.emplace_back(signed_seal_);
  return all;
}

}  // namespace holdfast::log
