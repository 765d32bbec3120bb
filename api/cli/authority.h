// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "api/cli/author.h"
#include "api/cli/founding.h"
#include "api/cli/undo.h"

namespace holdfast::cli {

// Keys as people give them: names of their own keys, key files, or ed25519:..., which can only be
// signed for elsewhere.
struct GivenKeys {
  std::vector<model::PublicKey> keys;  // sorted by key id, each once
  std::vector<StoredKey> files;        // of those that are here
};
Result<GivenKeys> given_keys(Context& context, const std::vector<std::string>& texts);

bool holds(const std::vector<model::PublicKey>& keys, const model::PublicKey& key);

// Everyone in a new set signs, so that nobody is named who does not hold the key.
Need everyone(const model::Authority& set, const std::string& who);

// Where an authority's next spares come from.
struct SpareOptions {
  std::vector<std::string> next;  // --next: made elsewhere, by key id or ed25519:...
  unsigned threshold = 1;         // --next-threshold
  std::string directory;          // --new-spares
  unsigned count = 2;             // --spare-count
  NewKeyOptions keys;
};
void add_spare_options(CLI::App& command, SpareOptions& options);

// The ids given, or those of spares made now as <directory>/<whose>-spare-<n>.key; what is made is
// handed to `undo`. The directory is --new-spares, which must not be there, else a new one beside
// the village's: <village>-<whose>-spares for the first generation, then <village>-<whose>-spares-2
// and so on, the next free number where an earlier try left something. `made_in` is where they lie,
// or "".
struct NextSpares {
  model::NextAuthority next;
  std::string made_in;
};
Result<NextSpares> next_spares(Context& context, const SpareOptions& options,
                               const std::string& whose, std::uint64_t generation, Undo& undo);
void report_spares(Context& context, const NextSpares& spares);

// After `author` failed: where what was submitted may have been sequenced all the same, keeps what
// was made for it and says so; else it goes when `undo` does. Gives the error back.
Error settle(Context& context, Undo& undo, Error error, const std::string& made);

}  // namespace holdfast::cli
