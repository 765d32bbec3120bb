// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/backup.h"

#include <algorithm>

#include "ledger/log/files.h"
#include "ledger/log/plain_file.h"
#include "ledger/model/note.h"
#include "ledger/store/durable_file.h"
#include "ledger/store/fair_lock.h"
#include "ledger/store/slot_copy.h"

namespace holdfast::log {
namespace {

// Pages that LMDB copies on the way to each commit of the copy, directories, the manifest.
constexpr std::uint64_t kBesides = std::uint64_t{2} << 20;
constexpr std::uint64_t kBytesAFile = 4096;

Result<std::vector<DirectoryItem>> items_in(const std::string& directory) {
  auto items = list_directory(directory);
  if (!items && items.error().code == Code::kNotFound) return std::vector<DirectoryItem>();
  return items;
}

// Erased records, whose keys are gone unless somebody has put older files beside the ledger; by
// rising index.
Result<std::vector<LeafIndex>> erased_in(const store::LedgerSnapshot& snapshot) {
  std::vector<LeafIndex> erased;
  TRY(snapshot.each_subject(0, [&erased](store::RowNumber, const store::SubjectRowView& row) {
    if (row.state_class() == model::StateClass::kRecord && row.status() == model::Status::kErased)
      erased.push_back(row.first_index());
    return true;
  }));
  std::sort(erased.begin(), erased.end());
  return erased;
}

class BackupMaker {
 public:
  BackupMaker(const VillagePaths& paths, const std::string& directory, const BackupOptions& options,
              const store::CopyProgress& progress)
      : paths_(paths), to_(directory), options_(options), progress_(progress) {}

  Result<BackupSummary> make(const Clock& clock) {
    TRY_ASSIGN(auto files, VillageFiles::open(paths_, options_.map_bytes, false));
    TRY_ASSIGN(const Moment moment, take_moment(files, clock));
    const store::LedgerSnapshot& ledger = moment.ledger;
    TRY(make_own("ledger"));
    TRY(ledger.copy_to(to_ + "/ledger", progress_));
    if (moment.content) {
      TRY(make_own("content"));
      TRY(moment.content->copy_to(to_ + "/content", ledger.head().size, gone_, progress_));
    }
    TRY(copy_file(paths_.config(), kBackupConfig));
    if (!options_.policy.empty()) TRY(copy_file(options_.policy, kBackupPolicy));
    if (!options_.keys.empty()) TRY(make_own("keys"));
    for (const std::string& name : options_.keys)
      TRY(copy_file(paths_.keys() + "/" + name, "keys/" + name));
    TRY(copy_folder(paths_.held() + "/refused", "held/refused"));
    return finish(ledger);
  }

 private:
  struct Moment {
    store::LedgerSnapshot ledger;
    std::optional<store::ContentSnapshot> content;
  };

  // What has to be of one moment. Under the lock no commit is between two of its steps, and each
  // held statement is either in held/ or in the log.
  Result<Moment> take_moment(VillageFiles& files, const Clock& clock) {
    {
      TRY_ASSIGN(const auto before, files.ledger->snapshot());
      TRY_ASSIGN(gone_, erased_in(before));
    }
    TRY(store::make_directory(paths_.run(), 0700));
    TRY_ASSIGN(auto lock, store::FairLock::open(paths_.lock()));
    TRY(lock.lock());
    const auto begun = std::chrono::steady_clock::now();
    TRY(files.check_in_place());
    TRY(files.recover());
    summary_.manifest.made = clock.now();
    TRY_ASSIGN(auto ledger, files.ledger->snapshot());
    TRY_ASSIGN(const auto erasing, ledger.erasing());
    gone_.insert(gone_.end(), erasing.begin(), erasing.end());
    std::sort(gone_.begin(), gone_.end());
    Moment moment{std::move(ledger), std::nullopt};
    if (options_.with_contents) {
      TRY_ASSIGN(auto content, files.content->snapshot());
      moment.content.emplace(std::move(content));
      TRY(make_own("slots"));
      TRY(store::copy_slots(paths_.slots() + "/records", to_ + "/" + kBackupSlots,
                            moment.ledger.head().size, gone_, progress_));
    }
    TRY(copy_folder(paths_.held(), "held"));
    summary_.locked = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - begun);
    return moment;
  }

  Result<void> make_own(const std::string& folder) {
    return store::make_directories(to_ + "/" + folder, 0700);
  }

  Result<void> copy_file(const std::string& from, const std::string& name) {
    TRY(copy_plain_file(from, to_ + "/" + name, progress_));
    return {};
  }

  // The files of a folder, where it is there. What somebody else has put there is left.
  Result<void> copy_folder(const std::string& from, const std::string& folder) {
    TRY_ASSIGN(const auto items, items_in(from));
    for (const DirectoryItem& item : items) {
      const std::string path = folder + "/" + item.name;
      if (item.type == DirectoryItem::Type::kFile && is_backup_path(path)) {
        TRY(make_own(folder));
        TRY(copy_file(from + "/" + item.name, path));
      } else if (item.type != DirectoryItem::Type::kDirectory) {
        summary_.left_out.push_back(path);
      }
    }
    return {};
  }

  // The manifest is of what is on the disk: read again, not as it was meant to be.
  Result<BackupSummary> finish(const store::LedgerSnapshot& ledger) {
    BackupManifest& manifest = summary_.manifest;
    TRY_ASSIGN(const auto note, model::parse_note(ledger.head().checkpoint));
    TRY_ASSIGN(const auto checkpoint, model::parse_checkpoint(note.text));
    manifest.origin = checkpoint.origin;
    manifest.village = ledger.village();
    manifest.size = ledger.head().size;
    manifest.root = ledger.head().root;
    manifest.last_time = ledger.head().time;
    manifest.checkpoint = ledger.head().checkpoint;
    manifest.has_contents = options_.with_contents;
    manifest.has_keys = options_.with_keys;
    TRY(sync_file_system(to_));
    for (const char* folder : {"", "ledger", "content", "slots", "keys", "held", "held/refused"})
      TRY(add_files(folder));
    std::sort(manifest.files.begin(), manifest.files.end(),
              [](const BackupFile& a, const BackupFile& b) { return a.path < b.path; });
    if (manifest.files.size() > kBackupFilesMax)
      return Error{Code::kUnavailable, "", "files of the backup",
                   std::to_string(manifest.files.size()),
                   "at most " + std::to_string(kBackupFilesMax) +
                       ": look through keys/ and held/refused/, and remove what is of no use"};
    TRY(create_plain_file(to_ + "/" + kManifestName, as_bytes(format_backup_manifest(manifest)),
                          0600));
    return std::move(summary_);
  }

  Result<void> add_files(const std::string& folder) {
    TRY_ASSIGN(const auto items, items_in(folder.empty() ? to_ : to_ + "/" + folder));
    for (const DirectoryItem& item : items) {
      if (item.type != DirectoryItem::Type::kFile) continue;
      const std::string path = folder.empty() ? item.name : folder + "/" + item.name;
      TRY_ASSIGN(const FileDigest file, digest_of_plain_file(to_ + "/" + path, progress_));
      summary_.manifest.files.push_back({path, file});
    }
    return {};
  }

  const VillagePaths& paths_;
  const std::string& to_;
  const BackupOptions& options_;
  const store::CopyProgress& progress_;
  std::vector<LeafIndex> gone_;  // whose keys and contents are not to be in it, by rising index
  BackupSummary summary_;
};

}  // namespace

Result<std::uint64_t> backup_bytes(const VillagePaths& paths, const BackupOptions& options) {
  TRY_ASSIGN(auto files, VillageFiles::open(paths, options.map_bytes, false));
  std::uint64_t bytes = kBesides;
  TRY_ASSIGN(const auto ledger, files.ledger->snapshot());
  TRY_ASSIGN(const std::uint64_t ledger_bytes, ledger.table_bytes());
  bytes += ledger_bytes;
  const auto add_folder = [&bytes](const std::string& folder) -> Result<void> {
    TRY_ASSIGN(const auto items, items_in(folder));
    for (const DirectoryItem& item : items) bytes += item.bytes + kBytesAFile;
    return {};
  };
  if (options.with_contents) {
    TRY_ASSIGN(const auto content, files.content->snapshot());
    TRY_ASSIGN(const std::uint64_t content_bytes, content.table_bytes());
    bytes += content_bytes;
    TRY(add_folder(paths.slots()));
  }
  if (options.with_keys) TRY(add_folder(paths.keys()));
  TRY(add_folder(paths.held()));
  TRY(add_folder(paths.held() + "/refused"));
  return bytes;
}

Result<BackupSummary> make_backup(const VillagePaths& paths, const std::string& directory,
                                  const BackupOptions& options, const Clock& clock,
                                  const store::CopyProgress& progress) {
  return BackupMaker(paths, directory, options, progress).make(clock);
}

}  // namespace holdfast::log
