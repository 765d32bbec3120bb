// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/verifier/export_builder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/hash.h"
#include "ledger/merkle/tile.h"
#include "ledger/model/note.h"

namespace holdfast::testing {
namespace {

constexpr std::size_t kWidth = 256;

std::string partial(std::size_t width) {
  return width == kWidth ? "" : ".p/" + std::to_string(width);
}

// Level by level: each hash of a level is the root of 256 hashes of the one below.
void add_tiles(Files& files, std::vector<LeafHash> hashes) {
  for (unsigned level = 0; !hashes.empty(); ++level) {
    std::vector<LeafHash> above;
    for (std::size_t first = 0; first < hashes.size(); first += kWidth) {
      const std::size_t width = std::min(kWidth, hashes.size() - first);
      Bytes tile;
      for (std::size_t i = 0; i < width; ++i) append(tile, hashes[first + i]);
      files["tile/" + std::to_string(level) + "/" + merkle::format_tile_index(first / kWidth) +
            partial(width)] = std::move(tile);
      if (width == kWidth)
        above.push_back(LeafHash::from(merkle::root_of(std::span(hashes).subspan(first, width))));
    }
    hashes = std::move(above);
  }
}

// The files of these rows, which are bundle `number` or what there is of it.
void add_bundle(Files& files, std::span<const LogRow> rows, std::size_t number, bool opens) {
  Bytes entries;
  std::vector<Bytes> statements;
  std::vector<Bytes> changes;
  std::vector<Bytes> openings;
  for (const LogRow& row : rows) {
    append_u16be(entries, static_cast<std::uint16_t>(row.entry.size()));
    append(entries, row.entry);
    statements.push_back(row.signed_statement);
    changes.push_back(row.pairs);
    openings.push_back(row.opening);
  }
  const std::string name = merkle::format_tile_index(number) + partial(rows.size());
  files["tile/entries/" + name] = std::move(entries);
  files["statements/" + name] = join_items(statements);
  files["changes/" + name] = join_items(changes);
  if (opens) files["openings/" + name] = join_items(openings);
}

// What there is once of each log.
void add_head(Files& files, std::vector<LeafHash> leaves, const std::string& origin,
              const crypto::SigningKey& operator_key) {
  model::Note note;
  note.text = model::format_checkpoint({origin, {leaves.size()}, merkle::root_of(leaves), {}});
  note.signatures.push_back(model::sign_note(note.text, origin, operator_key));
  files["checkpoint"] = to_bytes(model::format_note(note));
  add_tiles(files, std::move(leaves));
}

}  // namespace

Files export_files(std::span<const LogRow> rows, const std::string& origin,
                   const crypto::SigningKey& operator_key) {
  Files files;
  std::vector<LeafHash> leaves;
  for (const LogRow& row : rows) leaves.push_back(merkle::leaf_hash(row.entry));
  const bool opens =
      std::any_of(rows.begin(), rows.end(), [](const LogRow& row) { return !row.opening.empty(); });
  for (std::size_t first = 0; first < rows.size(); first += kWidth)
    add_bundle(files, rows.subspan(first, std::min(kWidth, rows.size() - first)), first / kWidth,
               opens);
  add_head(files, std::move(leaves), origin, operator_key);
  return files;
}

void ExportWriter::add(LogRow row) {
  leaves_.push_back(merkle::leaf_hash(row.entry));
  rows_.push_back(std::move(row));
  if (rows_.size() == kWidth) write_bundle();
}

void ExportWriter::write_bundle() {
  Files files;
  add_bundle(files, rows_, (leaves_.size() - 1) / kWidth, true);
  write_files(files, directory_);
  rows_.clear();
}

void ExportWriter::finish(const std::string& origin, const crypto::SigningKey& operator_key) {
  if (!rows_.empty()) write_bundle();
  Files files;
  add_head(files, std::move(leaves_), origin, operator_key);
  write_files(files, directory_);
}

void write_files(const Files& files, const std::string& directory) {
  for (const auto& [path, bytes] : files) {
    const std::filesystem::path to = std::filesystem::path(directory) / path;
    std::filesystem::create_directories(to.parent_path());
    std::ofstream out(to, std::ios::binary);
    const std::string_view text = as_text(bytes);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    CHECK(out.good());
  }
}

Result<Bytes> MemorySource::read(const std::string& path, std::size_t bytes_max) const {
  const auto found = files_.find(path);
  if (found == files_.end()) return Error{Code::kNotFound, "", path, "no such file", "a file"};
  if (found->second.size() > bytes_max)
    return Error{Code::kMalformed, "EXPORT-1", path, "too large", ""};
  return found->second;
}

std::optional<std::uint64_t> MemorySource::size(const std::string& path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? 0 : found->second.size();
}

std::vector<std::string> MemorySource::list(const std::string& folder) const {
  std::set<std::string> names;
  for (const auto& [path, bytes] : files_)
    if (path.starts_with(folder + "/")) {
      const std::string rest = path.substr(folder.size() + 1);
      names.insert(rest.substr(0, rest.find('/')));
    }
  return {names.begin(), names.end()};
}

std::vector<Bytes> split_items(const Bytes& file) {
  std::vector<Bytes> items;
  for (std::size_t at = 0; at < file.size();) {
    const std::size_t length = read_u32be(ByteView(file).subspan(at));
    const ByteView item = ByteView(file).subspan(at + 4, length);
    items.emplace_back(item.begin(), item.end());
    at += 4 + length;
  }
  return items;
}

Bytes join_items(const std::vector<Bytes>& items) {
  Bytes out;
  for (const Bytes& item : items) {
    append_u32be(out, static_cast<std::uint32_t>(item.size()));
    append(out, item);
  }
  return out;
}

}  // namespace holdfast::testing
