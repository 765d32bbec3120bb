// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "api/cli/config.h"
#include "api/cli/context.h"
#include "ledger/log/restore_backup.h"

// What `holdfast restore` was asked to do, what it found, and what it says of it.
namespace holdfast::cli {

struct RestoreFlags {
  std::string backup;
  std::string directory;
  std::string id;
  std::vector<std::string> newer;
  bool for_reading = false;
};

// The backup as it was found to be, with what the flags bring besides.
struct Checked {
  log::BackupManifest manifest;
  log::BackupLedger ledger;
  Config config;
};

enum class AnchorSays { kNothing, kAgrees, kObjects };
struct Anchors {
  AnchorSays says = AnchorSays::kNothing;
  std::string why;
  std::string paths;  // where they were looked for
};

struct Restoring {
  const RestoreFlags& flags;
  const Checked& checked;
  const Anchors& anchors;
  const log::RestoredBackup& restored;
};

// Says what is in place now, and what it cannot be trusted for. `context` is of the restored
// village. Errors: those of reading it.
Result<void> report_restoring(Context& context, const Restoring& done);

}  // namespace holdfast::cli
