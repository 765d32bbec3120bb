// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "ledger/log/backup_manifest.h"
#include "ledger/log/village.h"

// A village's directory as one moment had it, beside whoever works on it. Source: spec/store.md,
// "Backups".
namespace holdfast::log {

struct BackupOptions {
  std::vector<std::string> keys;  // names of the files in keys/ that go along
  bool with_keys = true;          // what the manifest says
  std::string policy;             // path of the file that holdfast.toml names; "": none to take
  bool with_contents = true;
  std::uint64_t map_bytes = store::kMapBytesDefault;
};

// How much room a backup of what is there now takes, rather too much. Errors: those of opening.
Result<std::uint64_t> backup_bytes(const VillagePaths& paths, const BackupOptions& options);

struct BackupSummary {
  BackupManifest manifest;
  std::vector<std::string> left_out;  // what is in keys/ or held/ and is no file or has such a name
  std::chrono::microseconds locked{};  // how long nobody could write
};

// Fills `directory`, which is there and empty, mode 0700. Ledger, contents, their keys and what is
// held are those of one moment; `run/lock` is held for as long as it takes to copy the last two.
// Keys of contents that are to be gone by then are not copied. All of it is on disk when this
// returns, the manifest last. `progress` is told of up to twice
// backup_bytes(). Errors: those of opening; kUnavailable.
Result<BackupSummary> make_backup(const VillagePaths& paths, const std::string& directory,
                                  const BackupOptions& options, const Clock& clock,
                                  const store::CopyProgress& progress);

}  // namespace holdfast::log
