// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/ledger_state.h"

#include "ledger/merkle/hash.h"
#include "ledger/model/codec.h"
#include "ledger/model/note.h"
#include "ledger/rules/subject_change.h"

namespace holdfast::log {
namespace {

Error disagrees(std::string what, std::string found, const std::string& want) {
  return {Code::kInvalid, "", std::move(what), std::move(found),
          want + ": the database does not agree with itself; put a backup in its place"};
}

Result<model::VillageDetail> village_detail(const store::LedgerSnapshot& snapshot,
                                            const merkle::PrefixTree& tree) {
  const StateKey key = model::state_key(model::StateClass::kVillage, snapshot.village());
  const auto leaf = tree.find(key);
  if (!leaf) return disagrees("village " + snapshot.village().hex(), "no subject", "one");
  TRY_ASSIGN(const auto row, snapshot.subject(leaf->row));
  TRY(store::checked_value(row, key, leaf->value));
  return model::decode_own_detail<model::VillageDetail>(row.detail());
}

Result<std::string> origin_of(const store::LedgerSnapshot& snapshot) {
  TRY_ASSIGN(const ByteView bytes, snapshot.signed_statement({0}));
  TRY_ASSIGN(const auto signed_statement, model::decode_signed_statement(bytes));
  if (model::statement_id(signed_statement.statement) != snapshot.village())
    return disagrees("genesis", model::statement_id(signed_statement.statement).hex(),
                     snapshot.village().hex() + ", the village's id");
  TRY_ASSIGN(const auto statement, model::decode_statement(signed_statement.statement));
  const auto* genesis = std::get_if<model::Genesis>(&statement.body);
  if (genesis == nullptr) return disagrees("entry 0", "another kind", "a genesis");
  return genesis->origin;
}

Result<void> check_checkpoint(const LedgerState& state) {
  const store::StoredHead& head = state.head;
  TRY_ASSIGN(const auto note, model::parse_note(head.checkpoint));
  TRY_ASSIGN(const auto checkpoint, model::parse_checkpoint(note.text));
  if (checkpoint.origin != state.origin || checkpoint.size != head.size ||
      checkpoint.root != head.root)
    return disagrees(
        "stored checkpoint",
        checkpoint.origin + ", size " + std::to_string(checkpoint.size.value) + ", root " +
            checkpoint.root.hex(),
        state.origin + ", size " + std::to_string(head.size.value) + ", root " + head.root.hex());
  const model::VerifierKey key{state.origin, model::NoteKeyType::kEd25519,
                               state.detail.operator_key};
  const auto verified = model::verify_note(note, {&key, 1});
  if (!verified)
    return disagrees("stored checkpoint", describe(verified.error()),
                     "a signature by the operator's key that the state names");
  return {};
}

// The last entry must be the seal of all before it, and say what the subjects add up to.
Result<void> check_seal(const store::LedgerSnapshot& snapshot, LedgerState& state,
                        const StateRoot& state_root) {
  const LeafIndex last{state.head.size.value - 1};
  TRY_ASSIGN(const ByteView bytes, snapshot.entry(last));
  state.last_leaf = merkle::leaf_hash(bytes);
  TRY_ASSIGN(const auto entry, model::decode_entry(bytes));
  TRY_ASSIGN(const ByteView signed_bytes, snapshot.signed_statement(last));
  if (entry.statement != model::statement_hash(signed_bytes) || entry.time != state.head.time)
    return disagrees("entry " + std::to_string(last.value), "another statement or time",
                     "what the head and its statement say");
  TRY_ASSIGN(const auto signed_statement, model::decode_signed_statement(signed_bytes));
  TRY_ASSIGN(const auto statement, model::decode_statement(signed_statement.statement));
  const auto* seal = std::get_if<model::Seal>(&statement.body);
  if (seal == nullptr || seal->covered_size.value != last.value)
    return disagrees("entry " + std::to_string(last.value), model::kind_name(statement.kind()),
                     "the seal of all entries before it");
  if (seal->state_root != state_root || state.head.state_root != state_root)
    return disagrees("state root of the stored subjects", state_root.hex(),
                     seal->state_root.hex() + ", which the last seal signs");
  return {};
}

Result<void> check_agreement(const store::LedgerSnapshot& snapshot, LedgerState& state,
                             unsigned jobs) {
  if (state.edge.root() != state.head.root)
    return disagrees("log root of the stored entries", state.edge.root().hex(),
                     state.head.root.hex());
  TRY(check_seal(snapshot, state, state.tree.root(jobs)));
  return check_checkpoint(state);
}

bool holds_keys(model::StateClass state_class) {
  return state_class == model::StateClass::kVillage ||
         state_class == model::StateClass::kAuthority || state_class == model::StateClass::kAgent;
}

// Linear in subjects.
Result<std::shared_ptr<const rules::KeyBook>> keys_of(const store::LedgerSnapshot& snapshot) {
  auto keys = std::make_shared<rules::KeyBook>();
  Result<void> refused;
  TRY(snapshot.each_subject(0, [&](store::RowNumber row, const store::SubjectRowView& view) {
    if (row >= snapshot.head().subjects) return false;
    refused = add_keys(*keys, view);
    return refused.has_value();
  }));
  TRY(refused);
  return std::shared_ptr<const rules::KeyBook>(std::move(keys));
}

}  // namespace

Result<void> add_keys(rules::KeyBook& keys, const store::SubjectRowView& row) {
  switch (row.state_class()) {
    case model::StateClass::kVillage: {
      TRY_ASSIGN(const auto detail, model::decode_own_detail<model::VillageDetail>(row.detail()));
      keys.add(detail.operator_key);
      break;
    }
    case model::StateClass::kAuthority: {
      TRY_ASSIGN(const auto detail, model::decode_own_detail<model::AuthorityDetail>(row.detail()));
      for (const model::PublicKey& key : detail.current.keys) keys.add(key);
      break;
    }
    case model::StateClass::kAgent: {
      TRY_ASSIGN(const auto detail, model::decode_own_detail<model::AgentDetail>(row.detail()));
      keys.add(detail.key);
      break;
    }
    default: break;
  }
  return {};
}

LedgerState LedgerState::empty() {
  LedgerState state;
  state.keys = std::make_shared<rules::KeyBook>();
  state.head.root = state.edge.root();
  state.head.state_root = merkle::empty_state_root();
  return state;
}

std::optional<rules::Last> LedgerState::last() const {
  if (head.size.value == 0) return std::nullopt;
  return rules::Last{{head.size.value - 1}, head.time, last_leaf};
}

Result<merkle::TileEdge> load_edge(const store::LedgerSnapshot& snapshot) {
  const std::uint64_t size = snapshot.head().size.value;
  std::vector<std::vector<NodeHash>> hashes;
  for (std::uint8_t level = 0; size >> (level * merkle::kTileHeight) != 0; ++level) {
    const std::uint64_t count = size >> (level * merkle::kTileHeight);
    auto& partial = hashes.emplace_back();
    for (std::uint64_t i = count / merkle::kTileWidth * merkle::kTileWidth; i < count; ++i) {
      if (level == 0) {
        TRY_ASSIGN(const ByteView entry, snapshot.entry({i}));
        partial.push_back(NodeHash::from(merkle::leaf_hash(entry)));
      } else {
        TRY_ASSIGN(const ByteView block, snapshot.tile(static_cast<std::uint8_t>(level - 1), i));
        partial.push_back(merkle::TileBlock::node_in(block, merkle::kTileHeight, 0));
      }
    }
    if (level == 7) break;
  }
  return merkle::TileEdge::restore(snapshot.head().size, std::move(hashes));
}

Result<LedgerState> LedgerState::load(const store::LedgerSnapshot& snapshot, unsigned jobs) {
  LedgerState state;
  state.village = snapshot.village();
  state.head = snapshot.head();
  if (state.head.size.value < 2)
    return disagrees("stored size", std::to_string(state.head.size.value), "2 or more");
  TRY_ASSIGN(state.origin, origin_of(snapshot));
  TRY_ASSIGN(state.edge, load_edge(snapshot));
  auto keys = std::make_shared<rules::KeyBook>();
  TRY_ASSIGN(state.tree, load_tree(snapshot, jobs, [&](const store::SubjectRowView& row) {
               if (row.state_class() == model::StateClass::kRecord &&
                   row.status() == model::Status::kErased)
                 state.erased.push_back(row.first_index());
               return add_keys(*keys, row);
             }));
  state.keys = std::move(keys);
  TRY_ASSIGN(state.detail, village_detail(snapshot, state.tree));
  TRY(check_agreement(snapshot, state, jobs));
  return state;
}

Result<void> LedgerState::catch_up(const store::LedgerSnapshot& snapshot) {
  const store::StoredHead& now = snapshot.head();
  if (snapshot.village() == village && now.size == head.size && now.root == head.root) return {};
  if (snapshot.village() != village || now.size <= head.size)
    return Error{Code::kConflict, "", "the stored log",
                 "village " + snapshot.village().hex() + ", size " +
                     std::to_string(now.size.value) + ", root " + now.root.hex(),
                 "a continuation of size " + std::to_string(head.size.value) + ", root " +
                     head.root.hex() + ": somebody has swapped the database under this program"};
  auto more_keys = std::make_shared<rules::KeyBook>(*keys);
  bool keys_replaced = false;
  for (LeafIndex index{head.size.value}; index.in(now.size); ++index.value) {
    TRY_ASSIGN(const ByteView entry, snapshot.entry(index));
    edge.append(merkle::leaf_hash(entry), [](std::uint8_t, std::uint64_t, const auto&) {});
    TRY_ASSIGN(const ByteView bytes, snapshot.change_pairs(index));
    TRY_ASSIGN(const auto pairs, rules::decode_change_pairs(bytes));
    for (const rules::ChangePair& pair : pairs) {
      const auto present = tree.find(pair.key);
      const auto row = present ? present->row : static_cast<store::RowNumber>(tree.size());
      tree.set({pair.key, pair.value, row});
      TRY_ASSIGN(const auto view, snapshot.subject(row));
      TRY(add_keys(*more_keys, view));
      keys_replaced = keys_replaced || (present && holds_keys(view.state_class()));
    }
  }
  keys = std::move(more_keys);
  // Which keys somebody had before stands nowhere any more, and that they sign no longer has to be
  // known at once, not when this program is started anew.
  if (keys_replaced) {
    TRY_ASSIGN(keys, keys_of(snapshot));
  }
  head = now;
  TRY_ASSIGN(detail, village_detail(snapshot, tree));
  return check_agreement(snapshot, *this, 1);
}

}  // namespace holdfast::log
