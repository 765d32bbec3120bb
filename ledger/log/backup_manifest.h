// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/core/position.h"
#include "ledger/core/time.h"
#include "ledger/log/file_copy.h"

// What a backup says of itself: the file `manifest`. Source: spec/store.md, "Backups".
namespace holdfast::log {

inline constexpr const char* kBackupFormat = "holdfast/backup/v1";
inline constexpr const char* kManifestName = "manifest";
inline constexpr std::size_t kManifestBytesMax = 4 * 1024 * 1024;
inline constexpr std::size_t kBackupFilesMax = 16 * 1024;

// The names that its files have; nothing in it is called holdfast.toml, so that a backup is never
// taken for a village by walking up.
inline constexpr const char* kBackupConfig = "config.toml";
inline constexpr const char* kBackupPolicy = "policy";
inline constexpr const char* kBackupLedger = "ledger/data.mdb";
inline constexpr const char* kBackupContent = "content/data.mdb";
inline constexpr const char* kBackupSlots = "slots/records";

struct BackupFile {
  std::string path;  // within the backup
  FileDigest file;
};

struct BackupManifest {
  std::string origin;
  StatementId village;
  TreeSize size;
  Root root;
  Seconds last_time = 0;  // of the last entry
  Seconds made = 0;
  bool has_contents = true;
  bool has_keys = true;
  std::vector<BackupFile> files;  // by path
  std::string checkpoint;         // the signed note

  const BackupFile* find(std::string_view path) const;
  std::uint64_t bytes() const;  // of all files
};

// Whether a backup may have a file of this path: one of the names above, keys/NAME, held/NAME or
// held/refused/NAME. Names are 1 to 255 of a-z, A-Z, 0-9, '.', '_' and '-', and begin with none of
// the last three.
bool is_backup_path(std::string_view path);
bool is_backup_name(std::string_view name);

// One text for each manifest: parse takes nothing that format does not write. Errors: kMalformed,
// with the line; kUnknownVersion for another format, by its name.
std::string format_backup_manifest(const BackupManifest& manifest);
Result<BackupManifest> parse_backup_manifest(std::string_view text);

}  // namespace holdfast::log
