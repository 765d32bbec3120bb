// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "api/cli/author.h"
#include "ledger/model/state.h"

namespace holdfast::cli {

// A key at hand that the council has registered as an agent's, and what its next statement takes.
struct AgentKey {
  StoredKey file;
  model::AgentDetail detail;
  std::uint64_t next_sequence = 1;
  bool may_act() const { return detail.capability == model::Capability::kAct; }
};

// Of an agent, by a name among your own keys or the village's, where agents' keys lie on its
// machine, or by a path. Errors: as find_key.
Result<StoredKey> agent_key_file(Context& context, const std::string& name_or_path);

// `option` (--agent): a name among your own keys or the village's, or a key file; where it is
// empty, the only agent's key that is at hand. Errors: kNotFound, kUnauthorised where it is no
// agent's in office; kConflict where several are at hand.
Result<AgentKey> agent_key(Context& context, const std::string& option);

// "act", "propose only", "never".
const char* capability_in_words(model::Capability capability);

}  // namespace holdfast::cli
