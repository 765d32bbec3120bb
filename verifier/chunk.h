// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "ledger/model/entry.h"
#include "ledger/rules/apply.h"
#include "verifier/findings.h"
#include "verifier/layout.h"

namespace holdfast::verifier {

// One entry with what the export has beside it, as far as it can be checked without its neighbours.
struct Item {
  LeafIndex index;
  LeafHash leaf;
  // Nothing where the entry's bytes are missing, or of a version that this program does not know.
  std::optional<model::Entry> entry;

  bool withheld = false;  // the statement is not in the export
  model::SignedStatement signed_statement;
  rules::Authored authored;
  // Why the statement cannot be judged, if so. Whether that refutes it is decided in order: what
  // stands after an upgrade that this program does not know is not judged.
  std::optional<Error> statement_error;

  // The change pairs where the export has them; they fit entry.changes.
  bool has_pairs = false;
  std::vector<rules::ChangePair> pairs;

  bool check_signatures = false;  // decided by the rules' stage
  rules::InnerChecks inner;       // left by the rules, which take them for good
  bool accepted = false;          // by the rules, likewise
};

// Up to 256 entries: one bundle.
struct Chunk {
  merkle::BundleId bundle;
  std::vector<Item> items;  // those before the first fault
  // The first entry with an opening that is wrong under rules that we know, and why; where none is,
  // one whose opening is of a newer version.
  std::optional<std::pair<LeafIndex, Error>> opening;
  std::uint64_t content_bytes = 0;
  std::uint64_t file_bytes = 0;  // of the files that bytes_of() counts
  bool tile_present = false;

  std::uint64_t first() const { return bundle.index * merkle::kTileWidth; }
};

// Reads the files of a bundle and checks what needs no neighbours: that each file is well-formed,
// that leaf hashes are those of the tile, that entries and statements are canonical, that an entry
// commits to its statement and its change pairs. What fails goes to `findings`. Threads: any.
class ChunkReader {
 public:
  ChunkReader(const Source& source, Findings& findings);
  Chunk read(const merkle::BundleId& bundle) const;
  // Has the source fetch in advance what read() is going to read.
  void expect(const merkle::BundleId& bundle) const;
  // The bytes of the files that read() is going to read, or more. Cost: a look at each of them.
  std::uint64_t bytes_of(const merkle::BundleId& bundle) const;

 private:
  struct Files;
  bool load_files(const merkle::BundleId& bundle, Files& files) const;
  static Result<void> take_opening(const Loaded& openings, std::size_t place, Item& item);
  Result<void> read_item(const Files& files, std::size_t place, Item& item) const;

  const Source& source_;
  Findings& findings_;
  bool has_openings_;
};

}  // namespace holdfast::verifier
