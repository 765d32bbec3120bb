// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/chunk.h"

#include "ledger/merkle/hash.h"
#include "ledger/model/codec.h"

namespace holdfast::verifier {
namespace {

const ChangesRoot& no_changes() {
  static const ChangesRoot root = ChangesRoot::from(merkle::empty_root());
  return root;
}

// Decodes the statement that the entry commits to, whose hash was compared already.
Result<void> decode_statement(ByteView bytes, Item& item) {
  TRY_ASSIGN(item.signed_statement, model::decode_signed_statement(bytes));
  TRY_ASSIGN(model::Statement statement, model::decode_statement(item.signed_statement.statement));
  const model::Kind kind = statement.kind();
  item.authored = rules::authored(item.signed_statement, std::move(statement));
  return rules::check_commitments(*item.entry, kind, item.entry->statement, item.entry->changes);
}

Result<void> take_statement(ByteView bytes, Item& item) {
  if (bytes.empty()) {
    item.withheld = true;
    return {};
  }
  // The commitment comes before the decoding: only bytes that the entry stands for can be of a
  // version that we do not know.
  const StatementHash hash = model::statement_hash(bytes);
  TRY(rules::check_commitments(*item.entry, item.entry->kind, hash, item.entry->changes));
  if (auto decoded = decode_statement(bytes, item); !decoded)
    item.statement_error = std::move(decoded).error();
  return {};
}

// In an export 0 bytes stand for an entry that changes nothing, and for pairs that are withheld.
Result<void> take_pairs(ByteView bytes, Item& item) {
  if (bytes.empty()) {
    item.has_pairs = item.entry->changes == no_changes();
    return {};
  }
  TRY_ASSIGN(item.pairs, rules::decode_change_pairs(bytes));
  item.has_pairs = true;
  return rules::check_commitments(*item.entry, item.entry->kind, item.entry->statement,
                                  rules::changes_root(item.pairs));
}

}  // namespace

struct ChunkReader::Files {
  Loaded entries;
  Loaded tile;
  Loaded statements;
  Loaded changes;
  Loaded openings;
};

ChunkReader::ChunkReader(const Source& source, Findings& findings)
    : source_(source), findings_(findings), has_openings_(source.may_have("openings")) {}

// False where a file cannot be used at all; the chunk then has no items.
bool ChunkReader::load_files(const merkle::BundleId& bundle, Files& files) const {
  const std::uint64_t first = bundle.index * merkle::kTileWidth;
  bool usable = true;
  const auto take = [&](Result<Loaded> loaded, Loaded& into) {
    if (!loaded) {
      const bool malformed = loaded.error().code == Code::kMalformed;
      if (malformed)
        findings_.refute(first, FaultRank::kBytes, false, std::move(loaded).error());
      else
        findings_.cannot_tell(first, false, std::move(loaded).error());
      usable = usable && !malformed;
      return;
    }
    into = *std::move(loaded);
    // Where no file of openings is, none is shown.
    if (!into.present && &into != &files.openings) findings_.missing(bundle.index, into.path);
  };
  take(load(source_, Folder::kEntries, bundle), files.entries);
  take(load_tile(source_, {0, bundle.index, bundle.width}), files.tile);
  take(load(source_, Folder::kStatements, bundle), files.statements);
  take(load(source_, Folder::kChanges, bundle), files.changes);
  if (has_openings_) take(load(source_, Folder::kOpenings, bundle), files.openings);
  return usable;
}

// Only an answer that hides what it used has one. Whether an entry stands under rules that have
// such answers is decided in order.
Result<void> ChunkReader::take_opening(const Loaded& openings, std::size_t place, Item& item) {
  const ByteView bytes = openings.present ? openings.items[place] : ByteView();
  if (bytes.empty() || !item.entry) return {};
  const std::string what = openings.path + ", item " + std::to_string(place);
  const bool shown = !item.withheld && !item.statement_error;
  const bool hides = shown && model::hides_records(item.authored.statement);
  if (!hides && (shown || item.entry->kind != model::Kind::kInference))
    return Error{Code::kMalformed, "EXPORT-1", what, std::to_string(bytes.size()) + " bytes",
                 "none: only an answer that hides the records used has an opening"};
  auto opening = model::decode_opening(bytes);
  TRY(opening);
  if (hides) item.authored.opening = *std::move(opening);
  return {};
}

// Into its place: it is large, and there are millions.
Result<void> ChunkReader::read_item(const Files& files, std::size_t place, Item& item) const {
  if (!files.entries.present) {
    item.leaf = LeafHash::from(files.tile.items[place]);
    return {};
  }
  const ByteView bytes = files.entries.items[place];
  item.leaf = merkle::leaf_hash(bytes);
  if (files.tile.present && !equal(item.leaf, files.tile.items[place]))
    return Error{Code::kInvalid, "EXPORT-2", files.tile.path + ", hash " + std::to_string(place),
                 format_hex(files.tile.items[place]),
                 item.leaf.hex() + ", the leaf hash of " + files.entries.path + ", item " +
                     std::to_string(place)};
  auto entry = model::decode_entry(bytes);
  if (!entry && entry.error().code == Code::kUnknownVersion) {
    item.statement_error = std::move(entry).error();
    return {};
  }
  TRY(entry);
  item.entry = *std::move(entry);
  if (files.statements.present) TRY(take_statement(files.statements.items[place], item));
  if (!files.statements.present) item.withheld = true;
  if (files.changes.present) TRY(take_pairs(files.changes.items[place], item));
  if (!files.changes.present) TRY(take_pairs({}, item));
  return {};
}

void ChunkReader::expect(const merkle::BundleId& bundle) const {
  source_.expect(files_of(bundle, has_openings_));
}

std::uint64_t ChunkReader::bytes_of(const merkle::BundleId& bundle) const {
  std::uint64_t bytes = 0;
  for (const Folder folder : {Folder::kEntries, Folder::kStatements, Folder::kChanges})
    bytes += bytes_to_load(source_, folder, bundle);
  if (has_openings_) bytes += bytes_to_load(source_, Folder::kOpenings, bundle);
  return bytes;
}

Chunk ChunkReader::read(const merkle::BundleId& bundle) const {
  Chunk chunk;
  chunk.bundle = bundle;
  Files files;
  if (!load_files(bundle, files)) return chunk;
  chunk.tile_present = files.tile.present;
  chunk.content_bytes =
      files.entries.bytes.size() + files.statements.bytes.size() + files.changes.bytes.size();
  chunk.file_bytes = chunk.content_bytes + files.openings.bytes.size();
  // With neither entries nor their hashes there is nothing to go on with.
  if (!files.entries.present && !files.tile.present) {
    findings_.hole(chunk.first());
    return chunk;
  }
  chunk.items.reserve(bundle.width);
  for (std::size_t place = 0; place < bundle.width; ++place) {
    Item& item = chunk.items.emplace_back();
    item.index = {chunk.first() + place};
    if (auto read = read_item(files, place, item); !read) {
      findings_.refute(item.index.value, FaultRank::kBytes, true, std::move(read).error());
      chunk.items.pop_back();
      break;
    }
    if (auto taken = take_opening(files.openings, place, item);
        !taken && (!chunk.opening || chunk.opening->second.code == Code::kUnknownVersion))
      chunk.opening = {item.index, std::move(taken).error()};
  }
  return chunk;
}

}  // namespace holdfast::verifier
