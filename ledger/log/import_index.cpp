// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/import_index.h"

#include "ledger/crypto/sha256.h"
#include "ledger/log/plain_file.h"

namespace holdfast::log {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kRowBytes = 2 * kDigestBytes;

}  // namespace

Result<ImportKey> ImportKey::open_or_create(const VillagePaths& paths, crypto::Random& random) {
  const std::string path = paths.keys() + "/import";
  Result<Bytes> bytes = read_plain_file(path, kKeyBytes);
  if (!bytes && bytes.error().code == Code::kNotFound) {
    crypto::Secret fresh(kKeyBytes);
    random.fill(fresh.mutable_view());
    // Somebody else may make it at the same moment: whoever was first counts.
    const Result<void> created = create_plain_file(path, fresh.view(), 0600);
    if (!created && created.error().code != Code::kConflict) return created.error();
    bytes = read_plain_file(path, kKeyBytes);
  }
  if (!bytes) return bytes.error();
  crypto::wipe(*bytes);
  return open(paths);
}

Result<ImportKey> ImportKey::open(const VillagePaths& paths) {
  const std::string path = paths.keys() + "/import";
  Result<Bytes> bytes = read_plain_file(path, kKeyBytes);
  if (!bytes) return bytes.error();
  if (bytes->size() != kKeyBytes)
    return Error{Code::kMalformed, "", path, std::to_string(bytes->size()) + " bytes", "32 bytes"};
  ImportKey key;
  key.key_ = crypto::Secret(*bytes);
  crypto::wipe(*bytes);
  return key;
}

SourceMac ImportKey::source_mac(const StatementId& domain, std::string_view source,
                                std::string_view document) const {
  static constexpr std::byte kZero{0};
  return {crypto::hmac_sha256(key_.view(),
                              {as_bytes("holdfast/import/source/v1\n"), domain, as_bytes(source),
                               ByteView(&kZero, 1), as_bytes(document)})};
}

DocumentMac ImportKey::document_mac(ByteView bytes) const {
  return {crypto::hmac_sha256(key_.view(), {as_bytes("holdfast/import/document/v1\n"), bytes})};
}

ImportsMac ImportKey::imports_mac(const Root& batch, ByteView rows) const {
  return {crypto::hmac_sha256(key_.view(), {as_bytes("holdfast/import/draft/v1\n"), batch, rows})};
}

SideRow import_row(const SourceMac& source, const DocumentMac& document) {
  SideRow row;
  row.value.reserve(kRowBytes);
  append(row.value, source);
  append(row.value, document);
  return row;
}

Result<ImportIndex> ImportIndex::load(Reader& reader) {
  ImportIndex index;
  Result<void> decoded;
  TRY(reader.each_side_row(SideRow::Table::kImport, {}, [&](LeafIndex at, ByteView row) {
    if (row.size() != kRowBytes) {
      decoded = Error{Code::kMalformed, "", "import row of entry " + std::to_string(at.value),
                      std::to_string(row.size()) + " bytes", std::to_string(kRowBytes)};
      return;
    }
    index.rows_[SourceMac::from(row.first(kDigestBytes))] = {
        at, DocumentMac::from(row.subspan(kDigestBytes))};
  }));
  TRY(decoded);
  return index;
}

const ImportIndex::Imported* ImportIndex::find(const SourceMac& source) const {
  const auto found = rows_.find(source);
  return found == rows_.end() ? nullptr : &found->second;
}

}  // namespace holdfast::log
