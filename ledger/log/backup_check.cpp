// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/backup_check.h"

#include <set>

#include "ledger/log/plain_file.h"

namespace holdfast::log {
namespace {

constexpr const char* kSuchAsIs = "what the manifest says: this backup was damaged or changed";

// Fit for a terminal whatever somebody has called it.
std::string printable(std::string name) {
  for (char& c : name)
    if (c < 0x20 || c == 0x7f) c = '?';
  return name;
}

class BackupFolders {
 public:
  BackupFolders(const std::string& directory, const BackupManifest& manifest)
      : directory_(directory), manifest_(manifest) {
    for (const BackupFile& file : manifest.files)
      for (auto slash = file.path.find('/'); slash != std::string::npos;
           slash = file.path.find('/', slash + 1))
        folders_.insert(file.path.substr(0, slash));
  }

  Result<void> check() {
    TRY(look_into(""));
    for (const BackupFile& file : manifest_.files)
      if (!seen_.contains(file.path))
        return wrong(file.path, "no such file", "one of " + size(file));
    return {};
  }

 private:
  static std::string size(const BackupFile& file) {
    return std::to_string(file.file.bytes) + " bytes";
  }
  static Error wrong(const std::string& path, std::string found, const std::string& want) {
    return {Code::kInvalid, "", "the backup's file " + printable(path), std::move(found),
            want + ", " + kSuchAsIs};
  }

  Result<void> look_into(const std::string& folder) {
    TRY_ASSIGN(const auto items,
               list_directory(folder.empty() ? directory_ : directory_ + "/" + folder));
    for (const DirectoryItem& item : items) {
      const std::string path = folder.empty() ? item.name : folder + "/" + item.name;
      if (item.type == DirectoryItem::Type::kDirectory && folders_.contains(path))
        TRY(look_into(path));
      else if (path != kManifestName)
        TRY(check_item(path, item));
    }
    return {};
  }

  Result<void> check_item(const std::string& path, const DirectoryItem& item) {
    const BackupFile* const file = manifest_.find(path);
    if (file == nullptr) return wrong(path, "one more", "none");
    if (item.type != DirectoryItem::Type::kFile) return wrong(path, "no regular file", size(*file));
    if (item.bytes != file->file.bytes)
      return wrong(path, std::to_string(item.bytes) + " bytes", size(*file));
    seen_.insert(path);
    return {};
  }

  const std::string& directory_;
  const BackupManifest& manifest_;
  std::set<std::string> folders_;
  std::set<std::string> seen_;
};

Result<void> check_head_is(const LedgerState& state, const BackupManifest& manifest) {
  if (state.village == manifest.village && state.head.size == manifest.size &&
      state.head.root == manifest.root && state.head.time == manifest.last_time &&
      state.head.checkpoint == manifest.checkpoint)
    return {};
  const auto head = [](const StatementId& village, TreeSize size, const Root& root, Seconds time) {
    return "village " + village.hex() + ", size " + std::to_string(size.value) + ", root " +
           root.hex() + ", last entry " + format_time(time);
  };
  return Error{
      Code::kInvalid, "", "the head of the backup's ledger",
      head(state.village, state.head.size, state.head.root, state.head.time),
      head(manifest.village, manifest.size, manifest.root, manifest.last_time) + ", " + kSuchAsIs};
}

}  // namespace

Result<BackupManifest> read_backup_manifest(const std::string& directory) {
  const auto bytes = read_plain_file(directory + "/" + kManifestName, kManifestBytesMax);
  if (!bytes && bytes.error().code == Code::kNotFound)
    return Error{Code::kNotFound, "", "backup " + printable(directory), "no file `manifest` in it",
                 "what `holdfast backup` made: one that was cut short has none"};
  TRY(bytes);
  return parse_backup_manifest(as_text(*bytes));
}

Result<void> check_backup_files(const std::string& directory, const BackupManifest& manifest) {
  return BackupFolders(directory, manifest).check();
}

Result<void> check_backup_bytes(const std::string& directory, const BackupManifest& manifest,
                                const store::CopyProgress& progress) {
  for (const BackupFile& file : manifest.files) {
    TRY_ASSIGN(const FileDigest found, digest_of_plain_file(directory + "/" + file.path, progress));
    TRY(check_is(file, found));
  }
  return {};
}

Result<void> check_is(const BackupFile& file, const FileDigest& found) {
  if (found == file.file) return {};
  return Error{Code::kInvalid, "", "the backup's file " + file.path,
               std::to_string(found.bytes) + " bytes, SHA-256 " + found.digest.hex(),
               std::to_string(file.file.bytes) + " bytes, SHA-256 " + file.file.digest.hex() +
                   ", " + kSuchAsIs};
}

Result<BackupLedger> open_backup_ledger(const std::string& directory,
                                        const BackupManifest& manifest, unsigned jobs) {
  TRY_ASSIGN(auto store, store::LedgerStore::open_still(directory + "/ledger"));
  TRY_ASSIGN(auto snapshot, store->snapshot());
  TRY_ASSIGN(const LedgerState state, LedgerState::load(snapshot, jobs));
  TRY(check_head_is(state, manifest));
  return BackupLedger{std::move(store), std::move(snapshot), state.detail};
}

}  // namespace holdfast::log
