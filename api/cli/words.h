// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "api/cli/context.h"
#include "api/cli/output.h"
#include "ledger/log/reader.h"
#include "ledger/model/statement.h"

namespace holdfast::cli {

// Names for key ids where this machine knows them: from key files at hand, from the village's own
// keys, and from the ledger ("operator").
class KeyNames {
 public:
  void add(const KeyId& id, const std::string& name) { names_.emplace(id, name); }
  // "3fa81c90a1b2" or "3fa81c90a1b2 (mere)".
  std::string show(const KeyId& id) const;
  // "" where it has none.
  std::string name(const KeyId& id) const;

 private:
  std::map<KeyId, std::string> names_;
};
// Reads the key directory and the village's keys; what cannot be read is left out.
KeyNames known_key_names(Context& context);

// What a statement does, in one line: "record in records, for read and share", "revokes grant 8c…".
// `reader` names domains; without one they are shown by short id. Safe for a terminal.
std::string in_one_line(const model::Statement& statement, log::Reader* reader);

// Everything that the statement says, as labelled lines for people who are asked to sign it. Values
// may hold newlines (tikanga); they are safe for a terminal.
using Lines = std::vector<std::pair<std::string, std::string>>;
Lines in_words(const model::Statement& statement, log::Reader* reader, const KeyNames& names);

// The same for programs.
using json::to_json;

// "ed25519:..., id 3fa81c90a1b2".
std::string key_in_words(const model::PublicKey& key);

// "read, share", or "nothing".
std::string policy_in_words(const model::Policy& policy);

}  // namespace holdfast::cli
