// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: what stands before the last two lines of a backup's manifest, which are its hash.
// Oracle: what parses is what it formats to, its paths rise, and none leads out of the backup.
#include "ledger/log/backup_manifest.h"
#include "fuzz/target.h"
#include "ledger/crypto/sha256.h"

FUZZ_TARGET(backup_manifest) {
  using namespace holdfast;
  (void)log::parse_backup_manifest(as_text(input));
  std::string text(as_text(input));
  text += "\nmanifest: " + format_hex(crypto::sha256(input)) + "\n";
  const auto manifest = log::parse_backup_manifest(text);
  if (!manifest) return;
  CHECK(log::format_backup_manifest(*manifest) == text);
  CHECK(manifest->files.size() <= log::kBackupFilesMax);
  for (std::size_t i = 0; i < manifest->files.size(); ++i) {
    const std::string& path = manifest->files[i].path;
    CHECK(i == 0 || manifest->files[i - 1].path < path);
    CHECK(path[0] != '/' && path[0] != '.' && path.find("/.") == std::string::npos);
    CHECK(manifest->find(path) == &manifest->files[i]);
  }
}
