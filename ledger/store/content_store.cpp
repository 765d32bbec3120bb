// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/content_store.h"

#include <algorithm>

#include "ledger/store/environment_error.h"

namespace holdfast::store {
namespace {

constexpr Table kBoxes = 0;
constexpr TableSpec kContentTables[] = {{"boxes", true}};
constexpr std::uint64_t kContentPagesPerCommit = 16;

std::uint64_t bytes_max(std::span<const ContentStore::Box> boxes) {
  std::uint64_t bytes = kContentPagesPerCommit * kPageBytes;
  for (const auto& box : boxes)
    bytes += box.bytes.size() > kPageBytes / 2 ? (box.bytes.size() / kPageBytes + 2) * kPageBytes
                                               : box.bytes.size() * 3 / 2 + 32;
  return bytes;
}

Result<void> check_room(const Environment& environment, std::span<const ContentStore::Box> boxes,
                        std::uint64_t limit_bytes) {
  const std::uint64_t used = environment.used_bytes();
  if (used + bytes_max(boxes) <= limit_bytes) return {};
  return full_error(environment.directory(),
                    std::to_string(used) + " of " + std::to_string(limit_bytes) + " bytes used");
}

}  // namespace

Result<std::unique_ptr<ContentStore>> ContentStore::open(const std::string& directory,
                                                         std::uint64_t map_bytes, bool create) {
  TRY_ASSIGN(auto environment, Environment::open(directory, kContentTables, map_bytes, create));
  return std::unique_ptr<ContentStore>(new ContentStore(std::move(environment)));
}

Result<std::unique_ptr<ContentStore>> ContentStore::open_still(const std::string& directory) {
  TRY_ASSIGN(auto environment, Environment::open_still(directory, kContentTables));
  return std::unique_ptr<ContentStore>(new ContentStore(std::move(environment)));
}

Result<void> ContentStore::put(std::span<const Box> boxes, std::uint64_t limit_bytes,
                               Failure& failure) {
  failure = Failure::kFull;
  TRY(check_room(*environment_, boxes, limit_bytes));
  failure = Failure::kOther;
  TRY_ASSIGN(WriteTransaction write, environment_->write());
  Result<void> done;
  for (const Box& box : boxes) {
    if (!done) break;
    done = write.append(kBoxes, box.index.value, box.bytes);
  }
  if (done) done = write.commit();
  // Nothing refers to a box before the ledger's own commit, so what became of it is never unknown.
  failure = write.failure() == Failure::kUnknown ? Failure::kOther : write.failure();
  return done;
}

Result<ContentSnapshot> ContentStore::snapshot() {
  TRY_ASSIGN(ReadTransaction read, environment_->read());
  return ContentSnapshot(std::move(read));
}

Result<void> ContentSnapshot::copy_to(const std::string& directory, TreeSize size,
                                      std::span<const LeafIndex> without,
                                      const CopyProgress& progress) const {
  const auto is_kept = [&](Table, std::uint64_t index) {
    return index < size.value &&
           !std::binary_search(without.begin(), without.end(), LeafIndex{index});
  };
  return transaction_.copy_to(directory, is_kept, progress);
}

Result<std::optional<Bytes>> ContentStore::get(LeafIndex index) {
  TRY_ASSIGN(const ReadTransaction read, environment_->read());
  TRY_ASSIGN(const auto box, read.get(kBoxes, index.value));
  if (!box) return std::optional<Bytes>();
  return std::optional(Bytes(box->begin(), box->end()));
}

Result<void> ContentStore::drop(std::span<const LeafIndex> indices) {
  TRY_ASSIGN(WriteTransaction write, environment_->write());
  for (LeafIndex index : indices) TRY(write.remove(kBoxes, index.value));
  return write.commit();
}

Result<void> ContentStore::drop_from(TreeSize size) {
  {
    TRY_ASSIGN(const ReadTransaction read, environment_->read());
    TRY_ASSIGN(const auto last, read.last_key(kBoxes));
    if (!last || *last < size.value) return {};
  }
  TRY_ASSIGN(WriteTransaction write, environment_->write());
  TRY(write.remove_from(kBoxes, size.value));
  return write.commit();
}

std::optional<Error> ContentStore::full(std::uint64_t limit_bytes) const {
  auto room = check_room(*environment_, {}, limit_bytes);
  return room ? std::nullopt : std::optional(std::move(room).error());
}

}  // namespace holdfast::store
