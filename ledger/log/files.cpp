// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/files.h"

namespace holdfast::log {

Result<VillageFiles> VillageFiles::open(const VillagePaths& paths, std::uint64_t map_bytes,
                                        bool create) {
  if (create)
    for (const std::string& directory :
         {paths.ledger(), paths.content(), paths.slots(), paths.held(), paths.run()})
      TRY(store::make_directory(directory, 0700));
  VillageFiles files;
  TRY_ASSIGN(files.ledger, store::LedgerStore::open(paths.ledger(), map_bytes, create));
  TRY_ASSIGN(files.content, store::ContentStore::open(paths.content(), map_bytes, create));
  TRY_ASSIGN(files.slots, store::SlotFile::open(paths.slots() + "/records", create));
  return files;
}

Result<void> VillageFiles::check_in_place() const {
  TRY(ledger->check_in_place());
  TRY(content->check_in_place());
  return slots->check_in_place();
}

Result<void> VillageFiles::recover() {
  TRY(ledger->recover());
  return content->recover();
}

Result<void> VillageFiles::erase(std::span<const LeafIndex> records) {
  if (records.empty()) return {};
  for (LeafIndex record : records) TRY(slots->wipe(record));
  TRY(slots->sync());
  return content->drop(records);
}

Result<void> VillageFiles::wipe_beyond(TreeSize size) {
  TRY(slots->wipe_from(size));
  return content->drop_from(size);
}

}  // namespace holdfast::log
