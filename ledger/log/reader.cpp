// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/reader.h"

#include <algorithm>
#include <array>
#include <map>

#include "ledger/crypto/secret_box.h"
#include "ledger/log/held_judgement.h"
#include "ledger/log/prepared.h"
#include "ledger/log/reader_parts.h"
#include "ledger/merkle/hash.h"
#include "ledger/model/codec.h"

namespace holdfast::log {
namespace {

Error damaged(const std::string& what, const std::string& found, const std::string& want) {
  return {Code::kInvalid, "", what, found,
          want + ": the database is damaged; put a backup in its place"};
}

Bytes copy(ByteView bytes) { return Bytes(bytes.begin(), bytes.end()); }

store::LedgerTable stored_table(SideRow::Table table) {
  switch (table) {
    case SideRow::Table::kImport: return store::kImports;
    case SideRow::Table::kEnvelope: return store::kEnvelopes;
    case SideRow::Table::kAnswered: return store::kAnswered;
  }
  CHECK(false);
}

class SnapshotReader : public Reader {
 public:
  SnapshotReader(std::shared_ptr<ReaderParts> parts, ReaderParts::View view)
      : parts_(std::move(parts)),
        files_(parts_->files()),
        snapshot_(std::move(view.snapshot)),
        edge_(std::move(view.edge)) {
    if (view.held) remember(std::move(view.held));
  }

  TreeSize size() const override { return snapshot_.head().size; }
  const std::string& checkpoint() const override { return snapshot_.head().checkpoint; }
  StatementId village() const override { return snapshot_.village(); }

  Result<Bytes> entry(LeafIndex index) override;
  Result<Bytes> signed_statement(LeafIndex index) override;
  Result<Bytes> change_pairs(LeafIndex index) override;
  Result<Bytes> opening(LeafIndex index) override;
  Result<std::optional<LeafIndex>> index_of(const StatementId& id) override;

  Result<NodeHash> node(merkle::NodeId node) override;
  Result<Root> root_at(TreeSize size) override;
  Result<std::vector<NodeHash>> prove_inclusion(LeafIndex index, TreeSize size) override;
  Result<std::vector<NodeHash>> prove_consistency(TreeSize old_size, TreeSize new_size) override;
  Result<Bytes> tile(const merkle::TileId& tile) override;

  Result<std::optional<rules::Subject>> find(model::StateClass state_class, ByteView id) override;
  Result<merkle::PrefixProof> prove_state(model::StateClass state_class, ByteView id) override;
  Result<void> each_subject(model::StateClass state_class,
                            const std::function<bool(const rules::Subject&)>& visit) override;

  Result<bool> knows(const KeyId& key) override;
  bool outrun() const override { return outrun_; }
  Result<std::optional<Bytes>> held_against(const StatementId& id) override;
  Result<void> each_side_row(SideRow::Table table, LeafIndex from,
                             const std::function<void(LeafIndex, ByteView)>& visit) override {
    return snapshot_.each_side_row(stored_table(table), from, visit);
  }
  Result<model::Content> content(const StatementId& statement) override;

 private:
  Result<void> check_within(TreeSize size) const;
  Result<rules::Subject> checked_subject(const store::SubjectRowView& row) const;
  // Where the statement stands, and what commits its content.
  struct ContentPlace {
    LeafIndex index;
    std::string what;
    ContentRoot root;
    bool is_erased = false;
  };
  Result<ContentPlace> content_place(const StatementId& statement);
  void remember(std::shared_ptr<const HeldListing> listing);
  Result<bool> is_forged(const HeldStatement& held);
  Result<bool> is_enforced(const HeldStatement& held);
  merkle::NodeReader reading() {
    return [this](merkle::NodeId id) { return node(id); };
  }

  std::shared_ptr<ReaderParts> parts_;
  const VillageFiles& files_;
  // Every listing that was seen, the newest last: what was sequenced since then is not in this
  // snapshot.
  std::vector<std::shared_ptr<const HeldListing>> listings_;
  store::LedgerSnapshot snapshot_;
  std::shared_ptr<const merkle::TileEdge> edge_;
  // By level: the full block that was read last and its index. Views into the snapshot.
  std::array<std::pair<std::uint64_t, ByteView>, 8> blocks_{};
  bool outrun_ = false;
};

// --- entries
// --------------------------------------------------------------------------------------

Result<Bytes> SnapshotReader::entry(LeafIndex index) {
  TRY_ASSIGN(const ByteView bytes, snapshot_.entry(index));
  TRY_ASSIGN(const NodeHash leaf, node({0, index.value}));
  const LeafHash found = merkle::leaf_hash(bytes);
  if (NodeHash::from(found) != leaf)
    return damaged("stored entry " + std::to_string(index.value), "leaf hash " + found.hex(),
                   leaf.hex());
  return copy(bytes);
}

Result<Bytes> SnapshotReader::signed_statement(LeafIndex index) {
  TRY_ASSIGN(const Bytes entry_bytes, entry(index));
  TRY_ASSIGN(const auto decoded, model::decode_entry(entry_bytes));
  TRY_ASSIGN(const ByteView bytes, snapshot_.signed_statement(index));
  const StatementHash found = model::statement_hash(bytes);
  if (found != decoded.statement)
    return damaged("stored statement of entry " + std::to_string(index.value), found.hex(),
                   decoded.statement.hex());
  return copy(bytes);
}

Result<Bytes> SnapshotReader::change_pairs(LeafIndex index) {
  TRY_ASSIGN(const ByteView bytes, snapshot_.change_pairs(index));
  return copy(bytes);
}

Result<Bytes> SnapshotReader::opening(LeafIndex index) {
  TRY_ASSIGN(const ByteView bytes, snapshot_.opening(index));
  return copy(bytes);
}

Result<std::optional<LeafIndex>> SnapshotReader::index_of(const StatementId& id) {
  // Statements that make a subject of their own id are found by it, the others in a table.
  for (const auto state_class :
       {model::StateClass::kRecord, model::StateClass::kSpent, model::StateClass::kGrant,
        model::StateClass::kDomain, model::StateClass::kVillage}) {
    TRY_ASSIGN(const auto row, files_.ledger->row_of(snapshot_, model::state_key(state_class, id)));
    if (!row) continue;
    TRY_ASSIGN(const auto subject, snapshot_.subject(*row));
    return std::optional(subject.first_index());
  }
  return snapshot_.index_of(id);
}

// --- the log tree
// ---------------------------------------------------------------------------------

Result<void> SnapshotReader::check_within(TreeSize wanted) const {
  if (wanted <= size()) return {};
  return Error{Code::kNotFound, "", "tree size", std::to_string(wanted.value),
               "at most " + std::to_string(size().value)};
}

Result<NodeHash> SnapshotReader::node(merkle::NodeId node) {
  if (!merkle::in_full_block(node, size())) return edge_->node(node);
  const merkle::BlockPlace place = merkle::place_of(node);
  CHECK(place.tile_level < blocks_.size());
  // A proof walks up through a tile's eight heights before it comes to the next.
  auto& [index, block] = blocks_[place.tile_level];
  if (block.empty() || index != place.tile_index) {
    TRY_ASSIGN(block, snapshot_.tile(place.tile_level, place.tile_index));
    index = place.tile_index;
  }
  return merkle::TileBlock::node_in(block, place.height, place.index);
}

Result<Root> SnapshotReader::root_at(TreeSize wanted) {
  if (wanted == size()) return snapshot_.head().root;
  TRY(check_within(wanted));
  return merkle::root_at(wanted, reading());
}

Result<std::vector<NodeHash>> SnapshotReader::prove_inclusion(LeafIndex index, TreeSize wanted) {
  TRY(check_within(wanted));
  return merkle::prove_inclusion(index, wanted, reading());
}

Result<std::vector<NodeHash>> SnapshotReader::prove_consistency(TreeSize old_size,
                                                                TreeSize new_size) {
  TRY(check_within(new_size));
  return merkle::prove_consistency(old_size, new_size, reading());
}

Result<Bytes> SnapshotReader::tile(const merkle::TileId& tile) {
  const Error absent{Code::kNotFound, "", merkle::format_tile_path(tile),
                     "a tree of " + std::to_string(size().value) + " entries", "a tile within it"};
  if (tile.level > 7 || tile.width == 0 || tile.width > merkle::kTileWidth) return absent;
  const std::size_t bytes = tile.width * kDigestBytes;
  const std::uint64_t hashes = size().value >> (tile.level * merkle::kTileHeight);
  if (tile.index < hashes / merkle::kTileWidth) {
    TRY_ASSIGN(const ByteView block, snapshot_.tile(tile.level, tile.index));
    return copy(block.first(bytes));
  }
  const auto partial = edge_->partial(tile.level);
  if (tile.index != hashes / merkle::kTileWidth || partial.size() < tile.width) return absent;
  Bytes out;
  out.reserve(bytes);
  for (const NodeHash& hash : partial.first(tile.width)) append(out, hash);
  return out;
}

// --- the state
// ------------------------------------------------------------------------------------

Result<rules::Subject> SnapshotReader::checked_subject(const store::SubjectRowView& row) const {
  TRY_ASSIGN(const auto value, store::checked_value(row, row.key(), row.value_hash()));
  return rules::Subject{value, copy(row.detail())};
}

Result<std::optional<rules::Subject>> SnapshotReader::find(model::StateClass state_class,
                                                           ByteView id) {
  const StateKey key = model::state_key(state_class, id);
  TRY_ASSIGN(const auto row, files_.ledger->row_of(snapshot_, key));
  if (!row) return std::optional<rules::Subject>();
  TRY_ASSIGN(const auto view, snapshot_.subject(*row));
  TRY_ASSIGN(auto subject, checked_subject(view));
  return std::optional(std::move(subject));
}

Result<merkle::PrefixProof> SnapshotReader::prove_state(model::StateClass state_class,
                                                        ByteView id) {
  TRY_ASSIGN(auto proof, parts_->prove_state(snapshot_, model::state_key(state_class, id)));
  if (proof) return *std::move(proof);
  outrun_ = true;
  return Error{Code::kUnavailable, "", "state tree of size " + std::to_string(size().value),
               "a newer one by now", "to be asked again"};
}

Result<void> SnapshotReader::each_subject(model::StateClass state_class,
                                          const std::function<bool(const rules::Subject&)>& visit) {
  Result<void> outcome;
  TRY(snapshot_.each_subject(0, [&](store::RowNumber, const store::SubjectRowView& row) {
    if (row.state_class() != state_class) return true;
    const auto subject = checked_subject(row);
    if (!subject) outcome = subject.error();
    return subject && visit(*subject);
  }));
  return outcome;
}

// --- what is enforced, what is shown
// ---------------------------------------------------------------

void SnapshotReader::remember(std::shared_ptr<const HeldListing> listing) {
  if (listings_.empty() || listings_.back()->number != listing->number)
    listings_.push_back(std::move(listing));
}

Result<bool> SnapshotReader::knows(const KeyId& key) {
  TRY_ASSIGN(const auto book, parts_->keys(snapshot_));
  return book->find(key) != nullptr;
}

// Whoever can write into held/ can name a guardian's key; only he can sign. Where a key is not
// known here nobody can tell, and it counts.
Result<bool> SnapshotReader::is_forged(const HeldStatement& held) {
  TRY_ASSIGN(const auto book, parts_->keys(snapshot_));
  TRY_ASSIGN(const auto parts, model::decode_signed_statement(held.signed_statement));
  const auto checks = rules::signature_checks(held.id, parts, held.statement, *book);
  if (!checks) return checks.error().rule != "SIG-3";
  return std::any_of(checks->begin(), checks->end(),
                     [](const rules::SignatureCheck& check) { return !rules::run(check); });
}

Result<bool> SnapshotReader::is_enforced(const HeldStatement& held) {
  const auto finder = [this](model::StateClass state_class, ByteView subject) {
    return find(state_class, subject);
  };
  const auto knower = [this](const KeyId& key) { return knows(key); };
  // What the log has already is in the state, with all that came after it.
  TRY_ASSIGN(const auto sequenced, index_of(held.id));
  if (sequenced) return false;
  TRY_ASSIGN(const auto refusal, why_void(held.statement, held.signers, finder, knower));
  if (refusal) return false;
  TRY_ASSIGN(const bool forged, is_forged(held));
  return !forged;
}

Result<std::optional<Bytes>> SnapshotReader::held_against(const StatementId& id) {
  // What was sequenced since this snapshot would be missed.
  if (listings_.empty())
    return Error{Code::kUnavailable, "", "what is held", "not looked at by this reader",
                 "a reader that sees it"};
  remember(parts_->look());
  for (const auto& listing : listings_) {
    for (const HeldStatement& held : listing->statements) {
      if (taking_back(held.statement)->id != id) continue;
      TRY_ASSIGN(const bool enforced, is_enforced(held));
      if (enforced) return std::optional(held.signed_statement);
    }
  }
  if (listings_.back()->unreadable) return *listings_.back()->unreadable;
  return std::optional<Bytes>();
}

// A record's is found in its state, which says as well whether it was erased. Nothing erases the
// others.
Result<SnapshotReader::ContentPlace> SnapshotReader::content_place(const StatementId& statement) {
  TRY_ASSIGN(const auto record, find(model::StateClass::kRecord, statement));
  if (record) {
    TRY_ASSIGN(const auto detail, model::decode_own_detail<model::RecordDetail>(record->detail));
    return ContentPlace{record->value.first_index, "content of record " + statement.hex(),
                        detail.content_root, record->value.status == model::Status::kErased};
  }
  TRY_ASSIGN(const auto index, index_of(statement));
  if (!index) return Error{Code::kNotFound, "", "record " + statement.hex(), "no such record", ""};
  TRY_ASSIGN(const Bytes bytes, signed_statement(*index));
  TRY_ASSIGN(const auto parts, model::decode_signed_statement(bytes));
  TRY_ASSIGN(const auto decoded, model::decode_statement(parts.statement));
  const std::string what = std::string(model::kind_name(decoded.kind())) + " " + statement.hex();
  const auto root = model::content_root_in(decoded.body);
  if (!root)
    return Error{Code::kNotFound, "", "content of " + what, "a kind that has none",
                 "a record, a decision, a deliberation or a composition"};
  return ContentPlace{*index, "content of " + what, *root};
}

Result<model::Content> SnapshotReader::content(const StatementId& statement) {
  TRY_ASSIGN(const ContentPlace place, content_place(statement));
  const Error erased{Code::kUnavailable, "", place.what, "an erased record",
                     "a record that was not erased"};
  if (place.is_erased) return erased;
  // A copy that was taken away may have what has been erased since.
  TRY(files_.check_in_place());
  TRY_ASSIGN(const auto key, files_.slots->read(place.index));
  TRY_ASSIGN(const auto box, files_.content->get(place.index));
  if (!key && box) return erased;  // since this snapshot
  if (!key || !box) return Error{Code::kNotFound, "", place.what, "none that is held here", ""};
  TRY_ASSIGN(Bytes clear,
             crypto::open_secret(key->view(), *box, box_context(village(), statement)));
  auto content = model::decode_content(clear);
  crypto::wipe(clear);
  if (content && model::content_root(*content) != place.root)
    return damaged(place.what, model::content_root(*content).hex(), place.root.hex());
  return content;
}

}  // namespace

Result<std::unique_ptr<Readers>> Readers::open(const VillagePaths& paths) {
  TRY_ASSIGN(auto parts, ReaderParts::open(paths));
  return std::unique_ptr<Readers>(new Readers(std::move(parts)));
}

Result<std::unique_ptr<Reader>> Readers::newest(HeldStatements held) {
  TRY_ASSIGN(auto view, parts_->newest(held));
  return std::unique_ptr<Reader>(new SnapshotReader(parts_, std::move(view)));
}

Result<std::unique_ptr<Reader>> Reader::open(const VillagePaths& paths) {
  TRY_ASSIGN(const auto readers, Readers::open(paths));
  return readers->newest();
}

}  // namespace holdfast::log
