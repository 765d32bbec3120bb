// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/restore_backup.h"

#include <algorithm>

#include "ledger/log/files.h"
#include "ledger/log/plain_file.h"
#include "ledger/model/codec.h"
#include "ledger/store/durable_file.h"
#include "ledger/store/slot_copy.h"

namespace holdfast::log {
namespace {

std::string folder_of(const std::string& path) { return path.substr(0, path.find_last_of('/')); }

Result<StatementId> statement_at(Reader& reader, LeafIndex index) {
  TRY_ASSIGN(const Bytes bytes, reader.signed_statement(index));
  TRY_ASSIGN(const auto parts, model::decode_signed_statement(bytes));
  return model::statement_id(parts.statement);
}

class BackupRestorer {
 public:
  BackupRestorer(const std::string& backup, const BackupManifest& manifest,
                 const BackupLedger& ledger, const VillagePaths& paths,
                 const RestoreOptions& options, const store::CopyProgress& progress)
      : backup_(backup),
        manifest_(manifest),
        ledger_(ledger),
        paths_(paths),
        options_(options),
        progress_(progress) {}

  // The ledger first: it says which contents must not be written.
  Result<RestoredBackup> restore(const BringFurther& further) {
    TRY(store::make_directory(paths_.ledger(), 0700));
    TRY(ledger_.snapshot.copy_to(paths_.ledger(), progress_));
    TRY(make_the_rest());
    if (further) TRY(bring_further(further));
    TRY(find_gone());
    if (manifest_.has_contents) TRY(take_contents());
    TRY(forget_erasing());
    TRY(count_records());
    (void)store::make_reserve(paths_.reserve(), store::kReserveBytes);
    TRY(copy_others());
    return outcome_;
  }

 private:
  Result<void> copy(const std::string& from, const std::string& to) {
    const BackupFile* const file = manifest_.find(from);
    CHECK(file != nullptr);
    TRY(store::make_directories(folder_of(to), 0700));
    TRY_ASSIGN(const FileDigest copied, copy_plain_file(backup_ + "/" + from, to, progress_));
    return check_is(*file, copied);
  }

  // What a village has beside its ledger, still empty. The file of keys comes in one piece.
  Result<void> make_the_rest() {
    TRY_ASSIGN(const auto files, VillageFiles::open(paths_, options_.map_bytes, true));
    TRY(store::make_directory(paths_.keys(), 0700));
    return {};
  }

  Result<void> bring_further(const BringFurther& further) {
    TRY_ASSIGN(auto restorer, Restorer::resume(paths_, options_.map_bytes, options_.jobs));
    return further(restorer);
  }

  Result<void> find_gone() {
    TRY_ASSIGN(const auto ledger,
               store::LedgerStore::open(paths_.ledger(), options_.map_bytes, false));
    TRY_ASSIGN(const auto snapshot, ledger->snapshot());
    TRY_ASSIGN(LedgerState state, LedgerState::load(snapshot, options_.jobs));
    outcome_.size = state.head.size;
    outcome_.root = state.head.root;
    gone_ = std::move(state.erased);
    std::sort(gone_.begin(), gone_.end());
    return {};
  }

  Result<void> take_contents() {
    TRY_ASSIGN(const auto content, store::ContentStore::open_still(backup_ + "/content"));
    for (const LeafIndex record : gone_) {
      TRY_ASSIGN(const auto box, content->get(record));
      if (box) ++outcome_.erased_since;
    }
    TRY_ASSIGN(const auto snapshot, content->snapshot());
    TRY(snapshot.copy_to(paths_.content(), manifest_.size, gone_, progress_));
    const BackupFile* const file = manifest_.find(kBackupSlots);
    CHECK(file != nullptr);
    const std::string to = paths_.slots() + "/records";
    TRY(store::remove_file(to));  // the empty one
    TRY_ASSIGN(const BytesDigest digest, store::copy_slots(backup_ + "/" + kBackupSlots, to,
                                                           manifest_.size, gone_, progress_));
    return check_is(*file, {file->file.bytes, digest});
  }

  // What was still to be gone has not come here.
  Result<void> forget_erasing() {
    TRY_ASSIGN(const auto ledger,
               store::LedgerStore::open(paths_.ledger(), options_.map_bytes, false));
    TRY_ASSIGN(const auto snapshot, ledger->snapshot());
    TRY_ASSIGN(const auto erasing, snapshot.erasing());
    return erasing.empty() ? Result<void>() : ledger->forget_erasing(erasing);
  }

  // Has content what has a box that its key opens, and whose content is the one that was signed: a
  // file of another village, or of another time, fits in nothing but its name.
  Result<void> count_records() {
    TRY_ASSIGN(const auto reader, Reader::open(paths_));
    Result<void> outcome;
    TRY(reader->each_subject(model::StateClass::kRecord, [&](const rules::Subject& record) {
      if (record.value.status != model::Status::kActive) return true;
      ++outcome_.live;
      const auto id = statement_at(*reader, record.value.first_index);
      if (!id) outcome = id.error();
      if (id && !reader->content(*id)) ++outcome_.without_content;
      return outcome.has_value();
    }));
    return outcome;
  }

  // What takes back first, keys late, and holdfast.toml last: before it is there under its name
  // this is no village, so that one which was cut short signs nothing.
  Result<void> copy_others() {
    for (const BackupFile& file : manifest_.files)
      if (file.path.starts_with("held/"))
        TRY(copy(file.path, paths_.directory() + "/" + file.path));
    if (!options_.policy.empty())
      TRY(copy(kBackupPolicy, paths_.directory() + "/" + options_.policy));
    if (options_.choose_keys) TRY(copy_keys());
    const std::string config = paths_.directory() + "/" + kBackupConfig;
    TRY(copy(kBackupConfig, config));
    TRY(sync_file_system(paths_.directory()));
    return store::move_file(config, paths_.config());
  }

  Result<void> copy_keys() {
    TRY_ASSIGN(const auto reader, Reader::open(paths_));
    TRY_ASSIGN(const auto names, options_.choose_keys(*reader));
    for (const std::string& name : names) {
      if (manifest_.find("keys/" + name) == nullptr) continue;
      TRY(copy("keys/" + name, paths_.keys() + "/" + name));
      outcome_.keys.push_back(name);
    }
    return {};
  }

  const std::string& backup_;
  const BackupManifest& manifest_;
  const BackupLedger& ledger_;
  const VillagePaths& paths_;
  const RestoreOptions& options_;
  const store::CopyProgress& progress_;
  std::vector<LeafIndex> gone_;  // erased records, by rising index
  RestoredBackup outcome_;
};

}  // namespace

Result<RestoredBackup> restore_backup(const std::string& backup, const BackupManifest& manifest,
                                      const BackupLedger& ledger, const VillagePaths& paths,
                                      const RestoreOptions& options, const BringFurther& further,
                                      const store::CopyProgress& progress) {
  return BackupRestorer(backup, manifest, ledger, paths, options, progress).restore(further);
}

}  // namespace holdfast::log
