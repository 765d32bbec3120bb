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

// The ids given, or those of spares made now as <directory>/<prefix>-spare-<n>.key; what is made is
// handed to `undo`. `directory` is the default of --new-spares; `made_in` is where they lie, or "".
struct NextSpares {
  model::NextAuthority next;
  std::string made_in;
};
Result<NextSpares> next_spares(Context& context, const SpareOptions& options,
                               const std::string& directory, const std::string& prefix, Undo& undo);
void report_spares(Context& context, const NextSpares& spares);

}  // namespace holdfast::cli
