// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string_view>
#include <unordered_map>

#include "ledger/crypto/secret.h"
#include "ledger/log/reader.h"
#include "ledger/log/sequencer.h"

// What was imported before, so that importing again adds only what is new or changed.
//
// Beside the entry of each imported record lies a row of 64 bytes, source MAC || document MAC. They
// are keyed with a secret of the village: plain hashes would let whoever reads the rows guess the
// names and texts behind them, also of records that were erased since.
namespace holdfast::log {

using SourceMac = Digest<struct SourceMacTag>;      // where a document comes from
using DocumentMac = Digest<struct DocumentMacTag>;  // what stands in it
using ImportsMac = Digest<struct ImportsMacTag>;    // all rows of a draft

// The 32 bytes of <village>/keys/import. Move-only, wiped.
class ImportKey {
 public:
  // Makes the file, mode 0600, where there is none yet. Errors: kMalformed (another length);
  // kUnavailable.
  static Result<ImportKey> open_or_create(const VillagePaths& paths, crypto::Random& random);
  // As above, and kNotFound where there is none.
  static Result<ImportKey> open(const VillagePaths& paths);

  // HMAC-SHA256(key, "holdfast/import/source/v1\n" || domain || source || 0x00 || document).
  // `document` is a path relative to the source, with "#<line>" behind it for a line of a JSON
  // Lines file.
  SourceMac source_mac(const StatementId& domain, std::string_view source,
                       std::string_view document) const;
  // HMAC-SHA256(key, "holdfast/import/document/v1\n" || bytes).
  DocumentMac document_mac(ByteView bytes) const;
  // HMAC-SHA256(key, "holdfast/import/draft/v1\n" || batch || rows). `batch` is the root that the
  // draft's signers sign, `rows` what its file `imports` has in front of the MAC.
  ImportsMac imports_mac(const Root& batch, ByteView rows) const;

 private:
  crypto::Secret key_;
};

SideRow import_row(const SourceMac& source, const DocumentMac& document);

// All rows of a snapshot; of several from one source the newest counts. About 150 bytes a row.
// Threads: any, once loaded.
class ImportIndex {
 public:
  struct Imported {
    LeafIndex index;  // of the record's entry
    DocumentMac document;
  };
  // Errors: kMalformed (a row of another length); those of the reader.
  static Result<ImportIndex> load(Reader& reader);
  const Imported* find(const SourceMac& source) const;
  std::size_t size() const { return rows_.size(); }

 private:
  std::unordered_map<SourceMac, Imported> rows_;
};

}  // namespace holdfast::log
