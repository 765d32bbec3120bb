// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/import_turn.h"

namespace holdfast::log {

Result<ImportTurn> ImportTurn::take(const VillagePaths& paths, const ImportKey& key,
                                    std::string_view source, const std::function<void()>& waits) {
  TRY(store::make_directory(paths.run(), 0700));
  TRY(store::make_directory(paths.imports(), 0700));
  // Named by a MAC: what documents are called stands in no file name of the village.
  const std::string name = key.source_mac({}, source, "").hex();
  TRY_ASSIGN(auto lock, store::FileLock::open(paths.imports() + "/" + name));
  TRY_ASSIGN(const bool is_ours, lock.try_lock());
  if (!is_ours) {
    waits();
    TRY(lock.lock());
  }
  return ImportTurn(std::move(lock));
}

}  // namespace holdfast::log
