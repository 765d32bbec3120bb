// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/cli/draft_state.h"
#include "api/cli/ids.h"

// A village is moved where a machine that does not have its operator's key sequences the event that
// names another one.
namespace holdfast::cli {

// The village as its copy here has it, and which of its keys this machine has.
struct Standing {
  VillageState village;
  TreeSize size;
  Seconds last = 0;  // time of the last entry
  std::vector<StoredKey> keys;

  const StoredKey* find(const model::PublicKey& key) const;
  // Whether the village is run from this machine.
  bool has_operator_key() const { return find(village.detail.operator_key) != nullptr; }
};
Result<Standing> standing_of(Context& context, log::Reader& reader);

// How the village stands before what is left of a draft moves it to this machine; nothing where it
// does no such thing.
Result<std::optional<Standing>> moved_by(Context& context, const DraftState& state);

// What whoever moves a village says of the checkpoints that others have.
struct CheckpointOptions {
  std::vector<std::string> files;  // --checkpoint
  bool none = false;               // --no-checkpoint
  std::string policy;              // --policy; "": that of holdfast.toml, if it names one
};
void add_checkpoint_options(CLI::App& command, CheckpointOptions& options);

// That nothing is known to have been signed beyond this copy: not by the witnesses, the anchor, nor
// the checkpoints. Where there are none of these, or too few of the witnesses can be reached,
// `none` must say so, and a line goes into run/overrides. The sequencer does not ask the witnesses
// again. Errors: those of check_known_checkpoints; kConflict where a witness knows of more;
// kUnavailable where too few can be reached; kInvalid.
Result<void> check_newest(Context& context, log::Reader& reader, const CheckpointOptions& options);

// From which size on the village is run from another machine.
void report_from(Report& report, const Standing& before);
// What is left to do once it is. It is moved whatever can be told of it, so nothing is refused
// here.
void report_moved(Context& context);

}  // namespace holdfast::cli
