// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/source/fork_evidence.h"

#include <algorithm>

#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/hash.h"
#include "ledger/model/codec.h"
#include "ledger/rules/evidence.h"
#include "verifier/layout.h"

namespace holdfast::verifier {
namespace {

Error not_there(const std::string& path) {
  return {Code::kUnavailable, "", path, "no such file", "a file to make evidence from"};
}

// Of what kind the entry is of a statement that may have changed the village or its council.
bool may_change_keys(model::Kind kind) {
  return kind == model::Kind::kGenesis || kind == model::Kind::kKeyEvent ||
         kind == model::Kind::kUpgrade || kind == model::Kind::kExit;
}

bool changes_keys(const model::Statement& statement) {
  const auto* event = std::get_if<model::KeyEvent>(&statement.body);
  return event == nullptr || (!std::holds_alternative<model::DomainRotation>(event->which) &&
                              !std::holds_alternative<model::AgentChange>(event->which));
}

// Every perfect subtree of the log, out of the tile that it lies in.
merkle::NodeReader node_reader(const Source& source, TreeSize size) {
  return [&source, size](merkle::NodeId node) -> Result<NodeHash> {
    const merkle::BlockPlace place = merkle::place_of(node);
    const std::uint64_t hashes = size.value >> (merkle::kTileHeight * place.tile_level);
    const std::uint64_t width =
        std::min(merkle::kTileWidth, hashes - place.tile_index * merkle::kTileWidth);
    TRY_ASSIGN(const Loaded tile, load_tile(source, {place.tile_level, place.tile_index,
                                                     static_cast<std::uint16_t>(width)}));
    if (!tile.present) return not_there(tile.path);
    std::vector<LeafHash> below;
    for (std::size_t i = place.index << place.height; i < (place.index + 1) << place.height; ++i)
      below.push_back(LeafHash::from(tile.items[i]));
    return NodeHash::from(merkle::root_of(below));
  };
}

// The signed statements of one bundle that the keys follow from.
Result<void> add_history(const Source& source, const merkle::BundleId& bundle,
                         model::Evidence& evidence) {
  TRY_ASSIGN(const Loaded entries, load(source, Folder::kEntries, bundle));
  if (!entries.present) return not_there(entries.path);
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < entries.items.size(); ++i) {
    TRY_ASSIGN(const model::Entry entry, model::decode_entry(entries.items[i]));
    if (may_change_keys(entry.kind)) places.push_back(i);
  }
  if (places.empty()) return {};
  TRY_ASSIGN(const Loaded statements, load(source, Folder::kStatements, bundle));
  if (!statements.present) return not_there(statements.path);
  for (const std::size_t i : places) {
    const ByteView bytes = statements.items[i];
    TRY_ASSIGN(const auto signed_statement, model::decode_signed_statement(bytes));
    TRY_ASSIGN(const auto statement, model::decode_statement(signed_statement.statement));
    Bytes owned(bytes.begin(), bytes.end());
    if (statement.kind() == model::Kind::kGenesis)
      evidence.genesis = std::move(owned);
    else if (changes_keys(statement))
      evidence.history.push_back(std::move(owned));
  }
  return {};
}

}  // namespace

Result<Bytes> evidence_of_fork(const Source& source, const Fork& fork) {
  model::Evidence evidence;
  for (const merkle::BundleId& bundle : merkle::bundles_of(fork.size))
    TRY(add_history(source, bundle, evidence));
  if (fork.seen_size == fork.size) {
    evidence.of = model::TwoRoots{fork.seen_note, fork.note};
  } else {
    model::Rewritten rewritten{fork.seen_note, fork.note, fork.root_at_seen, {}};
    TRY_ASSIGN(rewritten.proof, merkle::prove_consistency(fork.seen_size, fork.size,
                                                          node_reader(source, fork.size)));
    evidence.of = std::move(rewritten);
  }
  TRY(rules::check_evidence(evidence));
  return model::encode_evidence(evidence);
}

}  // namespace holdfast::verifier
