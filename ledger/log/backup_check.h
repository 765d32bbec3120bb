// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>

#include "ledger/log/backup_manifest.h"
#include "ledger/log/ledger_state.h"
#include "ledger/store/ledger_store.h"

// Whether a backup is what its manifest says. Nothing is written into it. Whoever made it may be
// hostile.
namespace holdfast::log {

// Errors: kNotFound where there is no manifest: a backup that was cut short has none; those of
// parse_backup_manifest; kUnavailable.
Result<BackupManifest> read_backup_manifest(const std::string& directory);

// That it has the files of the manifest, and nothing besides. Errors: kInvalid, naming the file.
Result<void> check_backup_files(const std::string& directory, const BackupManifest& manifest);

// That each has the bytes of the manifest. Errors: kInvalid, naming the file.
Result<void> check_backup_bytes(const std::string& directory, const BackupManifest& manifest,
                                const store::CopyProgress& progress);

// The same of one that was read. Errors: kInvalid, naming it.
Result<void> check_is(const BackupFile& file, const FileDigest& found);

// Its ledger, which agrees with itself and with the manifest. A page of a database is not checked
// before it is followed: the bytes must have been.
struct BackupLedger {
  std::shared_ptr<store::LedgerStore> store;
  store::LedgerSnapshot snapshot;
  model::VillageDetail detail;
};
// Errors: kInvalid; kUnknownVersion.
Result<BackupLedger> open_backup_ledger(const std::string& directory,
                                        const BackupManifest& manifest, unsigned jobs);

}  // namespace holdfast::log
