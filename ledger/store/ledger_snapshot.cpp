// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/ledger_snapshot.h"

#include "ledger/merkle/tile.h"

namespace holdfast::store {
namespace {

constexpr std::size_t kTileBytes = merkle::TileBlock::kHashes * kDigestBytes;

Error missing(const std::string& what) {
  return {Code::kInvalid, "", "the database", "no " + what,
          "an intact one: put a backup in its place"};
}

Error damaged(const std::string& what, std::size_t found, const std::string& want) {
  return {Code::kInvalid, "", "stored " + what, std::to_string(found) + " bytes", want};
}

}  // namespace

Result<ByteView> LedgerSnapshot::row(LedgerTable table, LeafIndex index, const char* what) const {
  if (!index.in(head_.size))
    return Error{Code::kNotFound, "", std::string(what) + " " + std::to_string(index.value),
                 "a ledger of " + std::to_string(head_.size.value) + " entries", "a smaller index"};
  TRY_ASSIGN(const auto bytes, transaction_.get(table, index.value));
  if (!bytes) return missing(std::string(what) + " " + std::to_string(index.value));
  return *bytes;
}

Result<ByteView> LedgerSnapshot::entry(LeafIndex index) const {
  return row(kEntries, index, "entry");
}

Result<ByteView> LedgerSnapshot::signed_statement(LeafIndex index) const {
  return row(kStatements, index, "signed statement");
}

Result<ByteView> LedgerSnapshot::change_pairs(LeafIndex index) const {
  TRY(row(kEntries, index, "entry"));
  TRY_ASSIGN(const auto bytes, transaction_.get(kChanges, index.value));
  return bytes.value_or(ByteView());
}

Result<ByteView> LedgerSnapshot::opening(LeafIndex index) const {
  TRY_ASSIGN(const auto bytes, transaction_.get(kOpenings, index.value));
  return bytes.value_or(ByteView());
}

Result<ByteView> LedgerSnapshot::tile(std::uint8_t level, std::uint64_t index) const {
  const auto what = [&] { return "tile " + std::to_string(level) + "/" + std::to_string(index); };
  TRY_ASSIGN(const auto bytes, transaction_.get(kTiles, tile_key(level, index)));
  if (!bytes)
    return Error{Code::kNotFound, "", what(), "none that is full",
                 "a full tile of a ledger of " + std::to_string(head_.size.value) + " entries"};
  if (bytes->size() != kTileBytes)
    return damaged(what(), bytes->size(), std::to_string(kTileBytes) + " bytes");
  return *bytes;
}

Result<std::optional<Root>> LedgerSnapshot::sealed_root(TreeSize size) const {
  if (size > head_.size) return std::optional<Root>();
  TRY_ASSIGN(const auto bytes, transaction_.get(kSeals, size.value));
  if (!bytes) return std::optional<Root>();
  if (bytes->size() != kDigestBytes) return damaged("root", bytes->size(), "32 bytes");
  return std::optional(Root::from(*bytes));
}

Result<SubjectRowView> LedgerSnapshot::subject(RowNumber row) const {
  TRY_ASSIGN(const auto bytes, transaction_.get(kSubjects, row));
  if (!bytes) return missing("subject in row " + std::to_string(row));
  if (bytes->size() < kSubjectRowBytesMin)
    return damaged("subject", bytes->size(), std::to_string(kSubjectRowBytesMin) + " or more");
  return SubjectRowView{*bytes};
}

Result<void> LedgerSnapshot::each_subject(
    RowNumber from, const std::function<bool(RowNumber, const SubjectRowView&)>& visit) const {
  std::uint64_t next = from;
  std::size_t too_short = kSubjectRowBytesMin;
  TRY(transaction_.each(kSubjects, from, [&](std::uint64_t row, ByteView bytes) {
    if (row != next || bytes.size() < kSubjectRowBytesMin) {
      too_short = bytes.size();
      return false;
    }
    ++next;
    if (visit(static_cast<RowNumber>(row), SubjectRowView{bytes})) return true;
    next = head_.subjects;
    return false;
  }));
  if (too_short < kSubjectRowBytesMin)
    return damaged("subject", too_short, std::to_string(kSubjectRowBytesMin) + " or more");
  if (next != std::max<std::uint64_t>(from, head_.subjects))
    return missing("subject in row " + std::to_string(next));
  return {};
}

Result<std::optional<LeafIndex>> LedgerSnapshot::index_of(const StatementId& id) const {
  TRY_ASSIGN(const auto bytes, transaction_.get(kIds, id.view()));
  if (!bytes) return std::optional<LeafIndex>();
  if (bytes->size() != 8) return damaged("index of a statement", bytes->size(), "8 bytes");
  return std::optional(LeafIndex{read_u64be(*bytes)});
}

Result<void> LedgerSnapshot::each_side_row(
    LedgerTable table, LeafIndex from,
    const std::function<void(LeafIndex, ByteView)>& visit) const {
  CHECK(table == kImports || table == kEnvelopes || table == kAnswered);
  Result<void> outcome;
  TRY(transaction_.each(table, from.value, [&](std::uint64_t index, ByteView bytes) {
    const auto parts = split_parts(bytes);
    if (!parts) {
      outcome = parts.error();
      return false;
    }
    for (ByteView part : *parts) visit({index}, part);
    return true;
  }));
  return outcome;
}

Result<std::vector<LeafIndex>> LedgerSnapshot::erasing() const {
  std::vector<LeafIndex> records;
  TRY(transaction_.each(kErasing, 0, [&](std::uint64_t index, ByteView) {
    records.push_back({index});
    return true;
  }));
  return records;
}

}  // namespace holdfast::store
