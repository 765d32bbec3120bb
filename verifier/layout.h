// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/core/bytes.h"
#include "ledger/core/position.h"
#include "ledger/merkle/tile.h"
#include "verifier/source/source.h"

namespace holdfast::verifier {

// The files of an export that hold one item for each of up to 256 entries. Source: spec/log.md.
enum class Folder { kEntries, kStatements, kChanges, kOpenings };

// "tile/entries/000.p/24", "statements/x001/234".
std::string path_of(Folder folder, const merkle::BundleId& bundle);
// The largest file that can be well-formed with `width` items of our version.
std::size_t bytes_max(Folder folder, std::uint16_t width);

// What a path holds: nothing where there is no such file. Where the partial file of a bundle or
// tile is missing, the beginning of the full one serves: a log that has grown keeps only that.
struct Loaded {
  Bytes bytes;                  // views below borrow from it; moving it keeps them
  std::vector<ByteView> items;  // width of them; empty where the file is missing
  std::string path;
  bool present = false;
};
// Errors: kMalformed [EXPORT-1] unless there are exactly `width` whole items with nothing behind
// them, each within its bound or of a newer version, which this program cannot judge; kUnavailable
// where the file is there and cannot be read.
Result<Loaded> load(const Source& source, Folder folder, const merkle::BundleId& bundle);
// What load() and load_tile() of a bundle read first of all, with openings or without.
std::vector<Wanted> files_of(const merkle::BundleId& bundle, bool with_openings);
// The same for a tile: each item is a hash.
Result<Loaded> load_tile(const Source& source, const merkle::TileId& tile);
// How many bytes load() of this is going to read, as far as the source can tell; else the most that
// it may.
std::uint64_t bytes_to_load(const Source& source, Folder folder, const merkle::BundleId& bundle);

}  // namespace holdfast::verifier
