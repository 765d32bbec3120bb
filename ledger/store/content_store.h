// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "ledger/core/position.h"
#include "ledger/store/environment.h"

namespace holdfast::store {

// The boxes as one moment had them. Threads: one at a time.
class ContentSnapshot {
 public:
  explicit ContentSnapshot(ReadTransaction transaction) : transaction_(std::move(transaction)) {}
  // See ReadTransaction. Of the boxes those below `size` that are not of `without` (rising).
  Result<std::uint64_t> table_bytes() const { return transaction_.table_bytes(); }
  Result<void> copy_to(const std::string& directory, TreeSize size,
                       std::span<const LeafIndex> without, const CopyProgress& progress) const;

 private:
  ReadTransaction transaction_;
};

// The database of contents: content/. Record's entry index -> its encrypted content. The keys are
// elsewhere (SlotFile), because pages that LMDB has freed linger. Threads: any; writers take turns.
class ContentStore {
 public:
  struct Box {
    LeafIndex index;
    ByteView bytes;
  };
  static Result<std::unique_ptr<ContentStore>> open(const std::string& directory,
                                                    std::uint64_t map_bytes, bool create);
  // See Environment::open_still.
  static Result<std::unique_ptr<ContentStore>> open_still(const std::string& directory);

  // Durable when it returns. Errors: kUnavailable; `failure` says what that means.
  Result<void> put(std::span<const Box> boxes, std::uint64_t limit_bytes, Failure& failure);
  // Why put() refuses a single small content, where it does.
  std::optional<Error> full(std::uint64_t limit_bytes) const;
  Result<ContentSnapshot> snapshot();
  // Nothing where there is none, or no more.
  Result<std::optional<Bytes>> get(LeafIndex index);
  Result<void> drop(std::span<const LeafIndex> indices);
  // Drops what a commit that never came left behind: boxes from `size` on.
  Result<void> drop_from(TreeSize size);
  // Shows to get() what a killed writer has committed: see Environment::recover.
  Result<void> recover() { return environment_->recover(); }
  // See Environment::check_in_place.
  Result<void> check_in_place() const { return environment_->check_in_place(); }

 private:
  explicit ContentStore(std::shared_ptr<Environment> environment)
      : environment_(std::move(environment)) {}
  std::shared_ptr<Environment> environment_;
};

}  // namespace holdfast::store
