// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "ledger/core/digest.h"
#include "ledger/core/position.h"
#include "ledger/core/time.h"
#include "ledger/store/environment.h"

namespace holdfast::store {

// A newer format than this is refused by name.
inline constexpr std::uint32_t kLedgerFormat = 1;

// The tables of ledger/. spec/store.md describes their rows.
enum LedgerTable : Table {
  kMeta,        // name -> value
  kEntries,     // index -> entry
  kStatements,  // index -> signed statement
  kChanges,     // index -> K || V pairs; no row where an entry changes nothing
  kTiles,       // tile level << 56 | tile index -> the tile with the nodes above it, 16,352 bytes
  kSeals,       // sealed size -> root
  kSubjects,    // row number -> subject row
  kIds,         // statement id -> index, of statements that make no subject of their own id
  kImports,     // index -> side rows: who imported what
  kErasing,     // index of a record's entry -> nothing; its key and content may still be there
  kOpenings,    // index -> opening; no row where an entry's statement hides nothing
  kEnvelopes,   // index -> side rows: what goes to a peer
  kAnswered,    // index -> side rows: which records counts told of
};
inline constexpr TableSpec kLedgerTables[] = {
    {"meta", false},    {"entries", true}, {"statements", true}, {"changes", true},
    {"tiles", true},    {"seals", true},   {"subjects", true},   {"ids", false},
    {"imports", true},  {"erasing", true}, {"openings", true},   {"envelopes", true},
    {"answered", true},
};

inline std::uint64_t tile_key(std::uint8_t level, std::uint64_t index) {
  return std::uint64_t{level} << 56 | index;
}

// What the last commit left.
struct StoredHead {
  TreeSize size;
  Root root;
  StateRoot state_root;
  Seconds time = 0;            // of the last entry
  std::uint64_t subjects = 0;  // rows
  std::string checkpoint;      // the signed note
};
Bytes encode_head(const StoredHead& head);
// Errors: kInvalid.
Result<StoredHead> decode_head(ByteView bytes);

// Several byte strings in one row: u32be length, bytes, and so on. Errors: kInvalid.
void append_part(Bytes& row, ByteView part);
Result<std::vector<ByteView>> split_parts(ByteView row);

}  // namespace holdfast::store
