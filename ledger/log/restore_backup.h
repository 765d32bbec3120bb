// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ledger/log/backup_manifest.h"
#include "ledger/log/reader.h"
#include "ledger/log/restore.h"
#include "ledger/log/village.h"

// A village's directory again, of a backup. Source: spec/store.md, "Backups".
namespace holdfast::log {

struct RestoreOptions {
  // The names of the files in keys/ that come along, by the log as it is then; null: none.
  std::function<Result<std::vector<std::string>>(Reader&)> choose_keys;
  std::string policy;  // what the policy is to be called; "": it stays behind
  std::uint64_t map_bytes = store::kMapBytesDefault;
  unsigned jobs = 1;
};

// Adds what a newer copy of the log has beyond the backup, and finishes.
using BringFurther = std::function<Result<void>(Restorer& restorer)>;

struct RestoredBackup {
  TreeSize size;
  Root root;
  std::uint64_t erased_since = 0;     // records whose contents the backup has, and this has not
  std::uint64_t live = 0;             // records
  std::uint64_t without_content = 0;  // of these
  std::vector<std::string> keys;      // the files in keys/
};

// Fills `paths`, an empty directory, with what the backup has, each file compared with the manifest
// as it is copied; the backup has been checked. `further` (may be null) brings the log further.
// What is erased in the log as it is then has neither key nor content here: such a key is never
// written. All of it is on disk when this returns. Errors: kInvalid, naming the file; those of
// `further`; kUnavailable.
Result<RestoredBackup> restore_backup(const std::string& backup, const BackupManifest& manifest,
                                      const VillagePaths& paths, const RestoreOptions& options,
                                      const BringFurther& further,
                                      const store::CopyProgress& progress);

}  // namespace holdfast::log
