// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>

#include "ledger/log/import_index.h"
#include "ledger/store/durable_file.h"

namespace holdfast::log {

// The right to import what is remembered under one name. Two imports of the same documents beside
// each other would both find them new, so the second waits for the first and then sees what it
// brought in. Taken before the import index is read, kept until the import has ended.
class ImportTurn {
 public:
  // Calls `waits` first where another import has the turn. Errors: kUnavailable.
  static Result<ImportTurn> take(const VillagePaths& paths, const ImportKey& key,
                                 std::string_view source, const std::function<void()>& waits);

 private:
  explicit ImportTurn(store::FileLock lock) : lock_(std::move(lock)) {}
  store::FileLock lock_;
};

}  // namespace holdfast::log
