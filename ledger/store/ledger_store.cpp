// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/ledger_store.h"

#include "ledger/store/environment_error.h"
#include "ledger/store/shared_by_directory.h"

namespace holdfast::store {
namespace {

// Pages on the way to rows that change, in every table, and LMDB's own list of free ones.
constexpr std::uint64_t kLedgerPagesPerCommit = 96;

ByteView meta_name(std::string_view name) { return as_bytes(name); }

Result<void> check_size_before(const ReadTransaction& transaction, const LedgerBatch& batch) {
  TRY_ASSIGN(const auto stored, transaction.get(kMeta, meta_name("head")));
  TreeSize size;
  if (stored) {
    TRY_ASSIGN(const StoredHead head, decode_head(*stored));
    size = head.size;
  }
  if (size == batch.size_before) return {};
  return Error{Code::kConflict, "", "stored size", std::to_string(size.value),
               std::to_string(batch.size_before.value) + ", where this writer left it"};
}

Result<void> put_rows(WriteTransaction& write, const LedgerBatch& batch) {
  std::uint64_t index = batch.size_before.value;
  for (const LedgerBatch::Row& row : batch.rows) {
    TRY(write.append(kEntries, index, row.entry));
    TRY(write.append(kStatements, index, row.signed_statement));
    if (!row.change_pairs.empty()) TRY(write.append(kChanges, index, row.change_pairs));
    if (!row.imports.empty()) TRY(write.append(kImports, index, row.imports));
    if (!row.opening.empty()) TRY(write.append(kOpenings, index, row.opening));
    if (!row.envelopes.empty()) TRY(write.append(kEnvelopes, index, row.envelopes));
    if (!row.answered.empty()) TRY(write.append(kAnswered, index, row.answered));
    ++index;
  }
  CHECK(index == batch.head.size.value);
  for (const auto& [id, at] : batch.ids) TRY(write.put(kIds, id.view(), u64be(at.value)));
  return {};
}

Result<void> put_subjects(WriteTransaction& write, const LedgerBatch& batch) {
  Bytes bytes;
  for (const LedgerBatch::Subject& subject : batch.subjects) {
    encode_subject_row(subject.row, bytes);
    TRY(subject.number < batch.subjects_before ? write.put(kSubjects, subject.number, bytes)
                                               : write.append(kSubjects, subject.number, bytes));
  }
  return {};
}

Result<void> put_batch(WriteTransaction& write, const LedgerBatch& batch) {
  TRY(check_size_before(write, batch));
  TRY(put_rows(write, batch));
  TRY(put_subjects(write, batch));
  for (const auto& tile : batch.tiles)
    TRY(write.put(kTiles, tile_key(tile.level, tile.index), tile.block));
  TRY(write.append(kSeals, batch.head.size.value, batch.head.root));
  for (LeafIndex record : batch.erasing) TRY(write.put(kErasing, record.value, ByteView()));
  for (LeafIndex record : batch.erased) TRY(write.remove(kErasing, record.value));
  if (batch.size_before.value == 0) {
    Bytes format;
    append_u32be(format, kLedgerFormat);
    TRY(write.put(kMeta, meta_name("format"), format));
    TRY(write.put(kMeta, meta_name("village"), batch.village));
  }
  return write.put(kMeta, meta_name("head"), encode_head(batch.head));
}

}  // namespace

std::uint64_t LedgerBatch::bytes_max() const {
  std::uint64_t bytes = kLedgerPagesPerCommit * kPageBytes;
  for (const Row& row : rows) {
    for (ByteView part : {row.entry, row.signed_statement, row.change_pairs, row.imports,
                          row.opening, row.envelopes, row.answered})
      // What does not fit half a page takes whole ones.
      bytes += part.size() > kPageBytes / 2 ? (part.size() / kPageBytes + 2) * kPageBytes
                                            : part.size() * 3 / 2 + 32;
  }
  bytes += tiles.size() * 5 * kPageBytes;
  for (const Subject& subject : subjects)
    bytes +=
        subject.number < subjects_before ? 2 * kPageBytes : subject.row.detail.size() * 2 + 256;
  return bytes + ids.size() * kPageBytes;
}

Result<std::shared_ptr<LedgerStore>> LedgerStore::open(const std::string& directory,
                                                       std::uint64_t map_bytes, bool create) {
  return shared_by_directory<LedgerStore>(directory, [&]() -> Result<std::unique_ptr<LedgerStore>> {
    TRY_ASSIGN(auto environment, Environment::open(directory, kLedgerTables, map_bytes, create));
    std::unique_ptr<LedgerStore> store(new LedgerStore(std::move(environment)));
    TRY(store->check_format());
    return store;
  });
}

Result<std::shared_ptr<LedgerStore>> LedgerStore::open_still(const std::string& directory) {
  TRY_ASSIGN(auto environment, Environment::open_still(directory, kLedgerTables));
  std::shared_ptr<LedgerStore> store(new LedgerStore(std::move(environment)));
  TRY(store->check_format());
  return store;
}

Result<void> LedgerStore::check_format() {
  TRY_ASSIGN(const ReadTransaction transaction, environment_->read());
  TRY_ASSIGN(const auto format, transaction.get(kMeta, meta_name("format")));
  if (!format) return {};
  if (format->size() == 4 && read_u32be(*format) == kLedgerFormat) return {};
  return Error{Code::kUnknownVersion, "", "format of " + environment_->directory(),
               format->size() == 4 ? std::to_string(read_u32be(*format)) : format_hex(*format),
               std::to_string(kLedgerFormat) + ", the newest that this program knows"};
}

Result<LedgerSnapshot> LedgerStore::snapshot() {
  TRY_ASSIGN(ReadTransaction transaction, environment_->read());
  TRY_ASSIGN(const auto stored, transaction.get(kMeta, meta_name("head")));
  TRY_ASSIGN(const auto village, transaction.get(kMeta, meta_name("village")));
  if (!stored || !village)
    return Error{Code::kNotFound, "", environment_->directory(), "no entry yet",
                 "a village whose making was finished: make it again"};
  TRY_ASSIGN(StoredHead head, decode_head(*stored));
  TRY_ASSIGN(const auto id, parse_digest<StatementId>(*village, "stored village id"));
  return LedgerSnapshot(std::move(transaction), id, std::move(head));
}

Result<void> LedgerStore::commit(const LedgerBatch& batch, std::uint64_t limit_bytes,
                                 Failure& failure) {
  failure = Failure::kNone;
  if (used_bytes() + batch.bytes_max() > limit_bytes) {
    failure = Failure::kFull;
    return full_error(environment_->directory(), std::to_string(used_bytes()) + " of " +
                                                     std::to_string(limit_bytes) +
                                                     " bytes used, and up to " +
                                                     std::to_string(batch.bytes_max()) + " to add");
  }
  auto write = environment_->write();
  if (!write) {
    failure = Failure::kOther;
    return write.error();
  }
  auto done = put_batch(*write, batch);
  if (done) done = write->commit();
  if (!done) failure = write->failure() == Failure::kNone ? Failure::kOther : write->failure();
  return done;
}

Result<void> LedgerStore::forget_erasing(std::span<const LeafIndex> erased) {
  TRY_ASSIGN(WriteTransaction write, environment_->write());
  for (LeafIndex record : erased) TRY(write.remove(kErasing, record.value));
  return write.commit();
}

}  // namespace holdfast::store
