// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/crypto/key.h"
#include "ledger/rules/subject_change.h"
#include "verifier/source/source.h"

namespace holdfast::testing {

// One entry with what an export has beside it.
struct LogRow {
  Bytes entry;
  Bytes signed_statement;  // empty = withheld
  Bytes pairs;
  Bytes opening = {};  // empty where there is none
};

using Files = std::map<std::string, Bytes>;

// The files of an export of these rows, checkpoint signed by `operator_key` included. Tiles are
// made from the leaves anew, hash by hash as C2SP defines them.
Files export_files(std::span<const LogRow> rows, const std::string& origin,
                   const crypto::SigningKey& operator_key);
void write_files(const Files& files, const std::string& directory);

// The same into a directory, bundle by bundle, for logs that are larger than memory. Every bundle
// has a file of openings.
class ExportWriter {
 public:
  explicit ExportWriter(std::string directory) : directory_(std::move(directory)) {}
  void add(LogRow row);
  // After the last row, which is a seal.
  void finish(const std::string& origin, const crypto::SigningKey& operator_key);

 private:
  void write_bundle();

  std::string directory_;
  std::vector<LogRow> rows_;  // of the bundle at hand
  std::vector<LeafHash> leaves_;
};

// An export in memory.
class MemorySource : public verifier::Source {
 public:
  explicit MemorySource(Files files) : files_(std::move(files)) {}
  Files& files() { return files_; }
  Result<Bytes> read(const std::string& path, std::size_t bytes_max) const override;
  std::optional<std::uint64_t> size(const std::string& path) const override;
  std::vector<std::string> list(const std::string& folder) const override;

 private:
  Files files_;
};

// The items of a file with u32be lengths, and back.
std::vector<Bytes> split_items(const Bytes& file);
Bytes join_items(const std::vector<Bytes>& items);

}  // namespace holdfast::testing
