// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ledger/log/backup_check.h"
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
  std::uint64_t without_content = 0;  // of these: what is here is missing, or not what was signed
  std::vector<std::string> keys;      // the files in keys/
};

// Fills `paths`, an empty directory, with what the backup has. The backup has been checked, and
// `ledger` is what it has. Databases are copied row by row: LMDB never writes into pages that
// somebody else made, which it does not check, and no page that was freed comes along. The other
// files are compared with the manifest as they are copied. `further` (may be null) brings the log
// further. What is erased in the log as it is then has neither key nor content here: neither is
// ever written. All of it is on disk when this returns. Errors: kInvalid, naming the file; those of
// `further`; kUnavailable.
Result<RestoredBackup> restore_backup(const std::string& backup, const BackupManifest& manifest,
                                      const BackupLedger& ledger, const VillagePaths& paths,
                                      const RestoreOptions& options, const BringFurther& further,
                                      const store::CopyProgress& progress);

}  // namespace holdfast::log
