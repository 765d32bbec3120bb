// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "api/cli/author.h"
#include "api/cli/founding.h"

// The keys that a village's machine works with: operator, witness, sealing. The council names them.
namespace holdfast::cli {

struct OfficeChange {
  std::string office;
  std::string to;  // the new key where its holder made it: a name, a key file, or ed25519:...
  NewKeyOptions keys;
  AuthorOptions author;
  bool is_compared = false;  // this copy, with what others have seen: see check_newest
};

// The council's event that names another key; says what became of it. Where this machine has the
// key's file it is among the village's keys afterwards. Answers whether it was sequenced.
Result<bool> change_office(Context& context, const OfficeChange& change);

// Every key that this log has ever named for an office, the present one last. Linear in entries.
struct NamedKey {
  model::PublicKey key;
  TreeSize from;  // of an operator: what it signs above this size counts
};
Result<std::vector<NamedKey>> keys_of_office(log::Reader& reader, const std::string& office);

}  // namespace holdfast::cli
